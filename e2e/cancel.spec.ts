import { expect, test } from './fixtures.ts'
import { fillSheet, idOf, journalOf, newPayment, openPayment, viewOf } from './payments.ts'

test('a part is cancelled, the page reloaded, a second part cancelled, and both are proven', async ({
  operator: page,
  control,
}) => {
  const payment = await newPayment(control, { amount: 12_000 })
  const id = await openPayment(page, payment)
  await fillSheet(page, '1,000')
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText('12,000원 중 1,000원을 취소합니다')
  await expect(sheet).toContainText('1/9')
  await sheet.getByRole('button', { name: '1,000원 취소' }).click()
  await expect(sheet.getByRole('status')).toContainText('취소되었습니다')
  await expect(sheet).toContainText('1~3영업일')
  await page.reload()
  await expect(page.getByText('11,000원').first()).toBeVisible()
  await fillSheet(page, '2,500')
  await expect(page.getByRole('dialog')).toContainText('2/9')
  await page.getByRole('dialog').getByRole('button', { name: '2,500원 취소' }).click()
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('취소되었습니다')
  const after = await viewOf(page, id)
  expect([after.refunded, after.left, after.status]).toEqual([3_500, 8_500, 'PARTIALLY_REFUNDED'])
  expect(after.cancellations.map((one) => [one.state, one.sequence])).toEqual([
    ['DONE', 1],
    ['DONE', 2],
  ])
  expect(await journalOf(control, payment)).toEqual({ executed: 2, asked: 2 })
})

test('a double click cancels once', async ({ operator: page, control }) => {
  const payment = await newPayment(control, { amount: 5_000 })
  const id = await openPayment(page, payment)
  await fillSheet(page, '1,000')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: '1,000원 취소' })
    .dblclick({ force: true })
    .catch(() => undefined)
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('취소되었습니다')
  expect((await viewOf(page, id)).refunded).toBe(1_000)
  expect(await journalOf(control, payment)).toEqual({ executed: 1, asked: 1 })
})

test('of two tabs with the same sheet the second is told what changed, and nothing is sent for it', async ({
  operator: page,
  control,
}) => {
  const payment = await newPayment(control, { amount: 5_000 })
  const id = await openPayment(page, payment)
  const second = await page.context().newPage()
  await second.goto(`/payments/${id}`)
  await fillSheet(page, '1,000')
  await fillSheet(second, '2,000')
  await page.getByRole('dialog').getByRole('button', { name: '1,000원 취소' }).click()
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('취소되었습니다')
  await second.getByRole('dialog').getByRole('button', { name: '2,000원 취소' }).click()
  await expect(second.getByRole('dialog').getByRole('alert').first()).toContainText('아무것도 보내지 않았습니다')
  await expect(second.getByRole('dialog')).toContainText('4,000원')
  await expect(second.getByRole('dialog').getByLabel('취소 사유')).toHaveValue('고객 변심')
  expect(await journalOf(control, payment)).toEqual({ executed: 1, asked: 1 })
  await second.getByRole('dialog').getByRole('button', { name: '2,000원 취소' }).click()
  await expect(second.getByRole('dialog').getByRole('status')).toContainText('취소되었습니다')
  expect((await viewOf(page, id)).refunded).toBe(3_000)
  expect(await journalOf(control, payment)).toEqual({ executed: 2, asked: 2 })
})

test('of two clerks at the same moment one refund is made and the other is told', async ({
  operator,
  manager,
  control,
}) => {
  const payment = await newPayment(control, { amount: 5_000 })
  const id = await openPayment(operator, payment)
  await openPayment(manager, payment)
  await fillSheet(operator, '3,000')
  await fillSheet(manager, '3,000')
  const press = (page: typeof operator) =>
    page.getByRole('dialog').getByRole('button', { name: '3,000원 취소' }).click()
  await Promise.all([press(operator), press(manager)])
  const told = (page: typeof operator) => page.getByRole('dialog').getByRole('alert').first().isVisible()
  const done = (page: typeof operator) => page.getByRole('dialog').getByText('취소되었습니다').first().isVisible()
  await expect.poll(async () => [await done(operator), await done(manager)].filter(Boolean).length).toBe(1)
  await expect.poll(async () => [await told(operator), await told(manager)].filter(Boolean).length).toBe(1)
  expect((await viewOf(operator, id)).refunded).toBe(3_000)
  expect(await journalOf(control, payment)).toEqual({ executed: 1, asked: 1 })
})

test('the tax-free part is asked, bounded, and taken exactly', async ({ operator: page, control }) => {
  const payment = await newPayment(control, { amount: 10_000, taxFree: 4_000 })
  const id = await openPayment(page, payment)
  await page.getByRole('button', { name: '취소하기' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('취소 금액', { exact: true }).fill('7,000')
  await sheet.getByLabel('취소 사유').fill('상품 불량')
  await expect(sheet.getByRole('button', { name: '7,000원 취소' })).toBeDisabled()
  await sheet.getByLabel('면세 금액').fill('500')
  await expect(sheet.getByRole('button', { name: '7,000원 취소' })).toBeDisabled()
  await sheet.getByLabel('면세 금액').fill('1,000')
  await sheet.getByRole('button', { name: '7,000원 취소' }).click()
  await expect(sheet.getByRole('status')).toContainText('취소되었습니다')
  expect(await viewOf(page, id)).toMatchObject({ refunded: 7_000, refundedTaxFree: 1_000, leftTaxFree: 3_000 })
})

test('what the rules forbid is said with its reason before anything is sent', async ({ operator: page, control }) => {
  const mobile = await newPayment(control, { amount: 5_000, method: 'MOBILE' })
  await openPayment(page, mobile)
  await page.getByRole('button', { name: '취소하기' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('취소 금액', { exact: true }).fill('1,000')
  await sheet.getByLabel('취소 사유').fill('고객 변심')
  await expect(sheet).toContainText('휴대폰')
  await expect(sheet.getByRole('button', { name: '1,000원 취소' })).toBeDisabled()
  expect(await journalOf(control, mobile)).toEqual({ executed: 0, asked: 0 })
  const old = await newPayment(control, {
    amount: 5_000,
    paidAt: new Date(Date.now() - 200 * 86_400_000).toISOString(),
  })
  await page.goto(`/payments/${await idOf(page, old)}`)
  await expect(page.getByText('6개월').first()).toBeVisible()
})

test('an outside cancel appears as made elsewhere, and KSNET behind PortOne is said to be unseen', async ({
  operator: page,
  control,
}) => {
  const payment = await newPayment(control, { amount: 5_000 })
  const id = await openPayment(page, payment)
  await control.post('/outside-cancel', { payment: payment.paymentId, amount: 2_000, where: 'portone-console' })
  await expect(async () => expect((await viewOf(page, id)).refunded).toBe(2_000)).toPass()
  await page.reload()
  await expect(page.getByText('밖에서 취소').first()).toBeVisible()
  await control.post('/outside-cancel', { payment: payment.paymentId, amount: 1_000, where: 'pg-admin' })
  await page.getByRole('button', { name: '다시 조회' }).click()
  await expect(page.getByText('KSNET').first()).toBeVisible()
  expect((await viewOf(page, id)).refunded).toBe(2_000)
})
