// Approval by a second person, as the demo's store asks it from 200,000 won, and what a store's settings do.
import { expect, test } from './fixtures.ts'
import { chooseBank, signedInFreshly } from './desk.ts'
import { idOf, journalOf, newPayment, openPayment, viewOf } from './payments.ts'
import { expectWellMade } from './well-made.ts'

test.describe.configure({ mode: 'default' })

const ABOVE = '400,000,000'
const AMOUNT = '250,000'

test('an owner sets from what amount a second person must agree, and an operator only reads it', async ({
  owner,
  operator,
}) => {
  await signedInFreshly()
  await owner.goto('/stores')
  // Not the store the other journeys are at.
  const store = owner.getByRole('region', { name: '2호점' })
  const field = store.getByLabel('승인이 필요한 금액')
  await field.fill(ABOVE)
  await store.getByRole('button', { name: '상점 설정 저장' }).click()
  await expect(store.getByText('저장했습니다.')).toBeVisible()
  await owner.reload()
  await expect(field).toHaveValue(ABOVE)
  await expectWellMade(owner)
  await operator.goto('/stores')
  await expect(operator.getByLabel('승인이 필요한 금액').first()).toBeDisabled()
  await expect(operator.getByRole('button', { name: '상점 설정 저장' })).toHaveCount(0)
})

test('above that amount the sheet asks for approval, the one who asked cannot give it, and another can', async ({
  operator,
  manager,
  control,
}) => {
  await signedInFreshly()
  const payment = await newPayment(control, { amount: 250_000 })
  const id = await openPayment(operator, payment)
  await operator.getByRole('button', { name: '취소하기' }).click()
  const sheet = operator.getByRole('dialog')
  await sheet.getByLabel('취소 사유').fill('고객 변심')
  await expect(sheet).toContainText('다른 매니저나 소유자가 취소를 승인해야 보냅니다')
  await sheet.getByRole('button', { name: `${AMOUNT}원 취소 승인 요청` }).click()
  await expect(sheet.getByRole('status')).toContainText('승인을 기다립니다')
  expect(await journalOf(control, payment)).toEqual({ executed: 0, asked: 0 })

  await operator.goto('/cancellations?view=approvals')
  const own = operator.getByRole('listitem').filter({ hasText: payment.pgTxId ?? payment.paymentId })
  await expect(own).toContainText('본인이 요청한 취소')
  await expect(own.getByRole('button', { name: '승인' })).toBeDisabled()

  await signedInFreshly()
  await manager.goto('/cancellations?view=approvals')
  const card = manager.getByRole('listitem').filter({ hasText: payment.pgTxId ?? payment.paymentId })
  await expect(card).toContainText('금액이 상점의 취소 승인 기준 이상')
  await expect(card.getByRole('timer')).toBeVisible()
  await expect(card.getByRole('button', { name: '반려' })).toBeDisabled()
  await expectWellMade(manager)
  await card.getByRole('button', { name: `${AMOUNT}원 취소 승인` }).click()
  await expect(manager.getByText('취소를 승인했습니다').first()).toBeVisible()
  await expect.poll(async () => (await viewOf(manager, id)).cancellations.map((one) => one.state)).toEqual(['DONE'])
  expect(await journalOf(control, payment)).toEqual({ executed: 1, asked: 1 })
  await manager.goto(`/payments/${id}`)
  await expect(manager.getByText(/승인 \d{4}-/).first()).toBeVisible()
})

test('a rejected request moves nothing and says why', async ({ operator, manager, control }) => {
  await signedInFreshly()
  const payment = await newPayment(control, { amount: 250_000 })
  const id = await openPayment(operator, payment)
  await operator.getByRole('button', { name: '취소하기' }).click()
  await operator.getByRole('dialog').getByLabel('취소 사유').fill('중복 결제')
  await operator.getByRole('dialog').getByRole('button', { name: '승인 요청' }).click()
  await expect(operator.getByRole('dialog').getByRole('status')).toContainText('승인을 기다립니다')
  await signedInFreshly()
  await manager.goto('/cancellations?view=approvals')
  const card = manager.getByRole('listitem').filter({ hasText: payment.pgTxId ?? payment.paymentId })
  await card.getByLabel('의견').fill('주문이 출고되었습니다')
  await card.getByRole('button', { name: '반려' }).click()
  await expect(manager.getByText('취소를 반려했습니다').first()).toBeVisible()
  await expect(operator.getByRole('dialog').getByRole('status')).toContainText('취소가 반려되었습니다')
  await expect(operator.getByRole('dialog')).toContainText('주문이 출고되었습니다')
  expect((await viewOf(manager, id)).left).toBe(250_000)
  expect(await journalOf(control, payment)).toEqual({ executed: 0, asked: 0 })
})

test('an unpaid virtual account is closed, no money moves, and the page says so', async ({
  operator: page,
  control,
}) => {
  const issued = await newPayment(control, {
    amount: 7_000,
    method: 'VIRTUAL_ACCOUNT',
    status: 'VIRTUAL_ACCOUNT_ISSUED',
  })
  const id = await idOf(page, issued)
  await page.goto(`/payments/${id}`)
  await expect(page.getByRole('button', { name: '취소하기' })).toHaveCount(0)
  await page.getByRole('button', { name: '가상계좌 말소' }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText('금액 변동도 없습니다')
  await expect(sheet.getByRole('button', { name: '가상계좌 말소' })).toBeDisabled()
  await sheet.getByLabel('취소 사유').fill('주문 오류')
  await sheet.getByRole('button', { name: '가상계좌 말소' }).click()
  await expect(sheet.getByRole('status')).toContainText('가상계좌를 말소했습니다')
  expect(await viewOf(page, id)).toMatchObject({ status: 'CLOSED', refunded: 0 })
})

test('the banks are found by name, by code, and by the name and code they had before', async ({
  operator: page,
  control,
}) => {
  const paid = await newPayment(control, {
    amount: 5_000,
    method: 'VIRTUAL_ACCOUNT',
    status: 'PAID',
    paidAt: new Date(Date.now() - 86_400_000).toISOString(),
  })
  await openPayment(page, paid)
  await page.getByRole('button', { name: '취소하기' }).click()
  const sheet = page.getByRole('dialog')
  const bank = sheet.getByRole('combobox', { name: '은행' })
  await chooseBank(sheet, '토스뱅', '토스뱅크')
  await expect(bank).toHaveValue('토스뱅크')
  await chooseBank(sheet, '05', '외환은행(05)')
  await expect(bank).toHaveValue('하나은행')
  await expect(sheet.getByText('외환은행(05) → 하나은행(81)')).toBeVisible()
  await sheet.getByLabel('계좌번호').fill('110-123-456789')
  await expect(sheet.getByLabel('계좌번호')).toHaveValue('110123456789')
  expect(page.url()).not.toContain('110123456789')
  await expectWellMade(page)
})
