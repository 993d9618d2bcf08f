import { expect, test } from './fixtures.ts'
import { idOf, newPayment, viewOf } from './payments.ts'

test('a cancel made outside becomes a task, which a person ends with a note', async ({ operator: page, control }) => {
  const payment = await newPayment(control, { amount: 7_300 })
  const id = await idOf(page, payment)
  await control.post('/outside-cancel', { payment: payment.paymentId, amount: 2_300, where: 'portone-console' })
  await expect(async () => expect((await viewOf(page, id)).refunded).toBe(2_300)).toPass()
  await page.goto('/tasks?kind=outside_cancel')
  const row = page.getByRole('listitem').filter({ hasText: payment.pgTxId ?? payment.paymentId })
  await expect(row).toContainText('이 콘솔 밖에서 취소되었습니다')
  await expect(row).toContainText('바로 처리')
  await row.getByRole('button', { name: '처리 완료 기록' }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByRole('button', { name: '완료로 기록' })).toBeDisabled()
  await sheet.getByLabel('처리 내용').fill('구매자 요청으로 PortOne에서 취소함, 재고 반영')
  await sheet.getByRole('button', { name: '완료로 기록' }).click()
  // While the sheet stands, nothing behind it can be seen.
  await expect(sheet).toHaveCount(0)
  await expect(row).toHaveCount(0)
  await page.goto(`/payments/${id}`)
  await expect(page.getByRole('heading', { name: '할 일' })).toHaveCount(0)
  await expect(page.getByText('할 일 처리').first()).toBeVisible()
})

test('the payment’s own page shows the same task and the same button; who may not end it is told', async ({
  operator,
  viewer,
  control,
}) => {
  const payment = await newPayment(control, { amount: 6_100 })
  const id = await idOf(operator, payment)
  await control.post('/outside-cancel', { payment: payment.paymentId, amount: 1_100, where: 'portone-console' })
  await expect(async () => expect((await viewOf(operator, id)).refunded).toBe(1_100)).toPass()
  await viewer.goto(`/payments/${id}`)
  await expect(viewer.getByRole('button', { name: '처리 완료 기록' })).toBeDisabled()
  await operator.goto(`/payments/${id}`)
  await operator.getByRole('button', { name: '처리 완료 기록' }).click()
  await operator.getByLabel('처리 내용').fill('확인함')
  await operator.getByRole('button', { name: '완료로 기록' }).click()
  await expect(operator.getByRole('heading', { name: '할 일' })).toHaveCount(0)
})

test('the rail counts what waits, and on a phone four places stand below and the rest in the menu', async ({
  manager: page,
}) => {
  await page.goto('/')
  await expect(page).toHaveURL(/\/today/)
  const rail = page.getByRole('navigation', { name: '주 메뉴' })
  for (const name of ['오늘', '결제', '취소', '할 일', '에스크로', '연동', '상점 설정', '감사'])
    await expect(rail.getByRole('link', { name })).toBeVisible()
  await expect(rail.getByRole('link', { name: '구성원' })).toHaveCount(0)
  await expect(rail.getByRole('link', { name: '할 일' })).toContainText(/\d/)
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(rail.getByRole('link')).toHaveCount(4)
  await page.getByRole('button', { name: /내 메뉴/ }).click()
  await page.getByRole('menuitem', { name: '감사' }).click()
  await expect(page).toHaveURL(/\/audit/)
})
