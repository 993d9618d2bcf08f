// Cancels at KCP in the browser, by its program and by REST, at noon: while cards are captured KCP takes none.
import { expect, test } from './fixtures.ts'
import { signedInFreshly } from './desk.ts'
import { newKcpPayment } from './kcp.ts'
import { fillSheet, viewOf } from './payments.ts'

test.beforeEach(async ({ control }) => {
  await signedInFreshly()
  const day = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10)
  await control.post('/clock', { now: `${day}T12:00:00+09:00`, ticking: true })
})
test.afterEach(async ({ control }) => {
  await control.delete('/faults')
  await control.post('/clock', { now: null })
})

for (const { way, siteCd } of [
  { way: 'module', siteCd: 'J1002' },
  { way: 'REST', siteCd: 'J1001' },
]) {
  test(`by ${way}: a part is done; a lost answer is unknown, and known by what is left`, async ({
    owner,
    operator: page,
    control,
    baseURL,
  }) => {
    const payment = await newKcpPayment(owner, control, baseURL, { siteCd, method: 'CARD', amount: 30_000 })
    await page.goto(`/payments/${payment.id}`)
    await expect(page.getByText(payment.tno).first()).toBeVisible()
    await fillSheet(page, '1,000')
    await page.getByRole('dialog').getByRole('button', { name: '1,000원 취소' }).click()
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('취소되었습니다')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await control.post('/faults', { gateway: 'kcp', operation: 'cancel', fault: 'reply-lost', times: 1 })
    await page.reload()
    await fillSheet(page, '2,000')
    await page.getByRole('dialog').getByRole('button', { name: '2,000원 취소' }).click()
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('취소되었습니다')
    await page.keyboard.press('Escape')
    await expect(page.getByText('게이트웨이 기록의 남은 금액으로 확인').first()).toBeVisible()
    const view = await viewOf(page, payment.id)
    expect([view.refunded, view.cancellations.length]).toEqual([3_000, 2])
  })
}
