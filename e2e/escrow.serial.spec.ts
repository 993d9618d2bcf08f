import { expect, test } from './fixtures.ts'
import { idOf, newPayment } from './payments.ts'

test.afterEach(async ({ control }) => {
  await control.post('/clock', { now: null })
})

test('a change that is too early waits, says until when, and is made by itself once the clock allows it', async ({
  operator: page,
  control,
}) => {
  const payment = await newPayment(control, {
    amount: 12_000,
    escrow: true,
    customer: { name: '홍길동', email: 'hong@example.com' },
  })
  const id = await idOf(page, payment)
  await page.goto(`/payments/${id}`)
  const part = page.locator('#shipment')
  await part.getByLabel('택배사').selectOption('CJ대한통운')
  await part.getByLabel('운송장번호', { exact: true }).fill('000123456789')
  await part.getByRole('button', { name: '배송등록', exact: true }).click()
  await expect(part.getByText('변경 가능 시각')).toBeVisible()
  await part.getByRole('button', { name: '배송정보 변경하기' }).click()
  await part.getByLabel('운송장번호', { exact: true }).fill('000999888777')
  await part.getByRole('button', { name: '배송정보 변경 예약' }).click()
  const orders = part.getByRole('list', { name: '처리 내역' })
  await expect(orders).toContainText('변경 보내기 전')
  await expect(orders).toContainText('자동으로 보냅니다.')
  await control.post('/clock', { now: new Date(Date.now() + 31 * 60_000).toISOString(), ticking: true })
  await expect(orders).toContainText('변경 완료')
  await expect(part.getByText('000999888777').first()).toBeVisible()
})
