// Cancels at KSNET in the browser, by socket and by REST: a lost answer stays unknown, since KSNET cannot be asked.
import { z } from 'zod'
import { signedInFreshly } from './desk.ts'
import { expect, test } from './fixtures.ts'
import { fillSheet, viewOf } from './payments.ts'
import { newToken } from './tokens.ts'

test.beforeEach(signedInFreshly)
test.afterEach(async ({ control }) => {
  await control.delete('/faults')
})

const made = z.looseObject({ trno: z.string(), approval: z.record(z.string(), z.string()) })
const told = z.object({ payment: z.object({ id: z.string() }) })

for (const { way, mid } of [
  { way: 'socket', mid: '2041700201' },
  { way: 'REST', mid: '2041700202' },
]) {
  test(`by ${way}: a part is done; a lost answer is unknown, blocks, and waits for people`, async ({
    owner,
    operator: page,
    control,
    baseURL,
  }) => {
    const token = await newToken(owner)
    const { trno, approval } = made.parse(
      await control.post('/payments', { gateway: 'ksnet', mid, method: 'CARD', amount: 30_000 }),
    )
    const response = await fetch(`${baseURL}/api/v1/payments`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...approval, sndStoreid: mid, sndGoodname: '가을 외투', sndOrdername: '홍길동' }),
    })
    const { id } = told.parse(await response.json()).payment
    await page.goto(`/payments/${id}`)
    await expect(page.getByText(trno).first()).toBeVisible()
    await fillSheet(page, '1,000')
    await page.getByRole('dialog').getByRole('button', { name: '1,000원 취소' }).click()
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('취소되었습니다')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await control.post('/faults', { gateway: 'ksnet', operation: 'cancel', fault: 'reply-lost', times: 1 })
    await page.reload()
    await fillSheet(page, '2,000')
    await page.getByRole('dialog').getByRole('button', { name: '2,000원 취소' }).click()
    await expect(page.getByRole('dialog').getByRole('status')).toContainText(
      '이 게이트웨이는 자동으로 조회할 수 없으므로',
    )
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: '취소하기' })).toBeDisabled()
    const view = await viewOf(page, id)
    expect([view.refunded, view.cancellations.map(({ state }) => state)]).toEqual([1_000, ['DONE', 'UNCONFIRMED']])
    await page.goto('/cancellations?view=confirming')
    await expect(page.getByText(trno).first()).toBeVisible()
    await expect(page.getByText('조회할 수 없', { exact: false }).first()).toBeVisible()
  })
}
