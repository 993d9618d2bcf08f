// A fault is for the next request, whosever it is: these run alone.
import { expect, test } from './fixtures.ts'
import { fillSheet, journalOf, newPayment, openPayment, viewOf } from './payments.ts'

test.afterEach(async ({ control }) => {
  await control.delete('/faults')
})

test('a lost answer is said to be unknown, is never called a failure, and ends as one refund', async ({
  operator: page,
  control,
}) => {
  const payment = await newPayment(control, { amount: 5_000 })
  const id = await openPayment(page, payment)
  await control.post('/faults', { gateway: 'portone', operation: 'cancel', fault: 'reply-lost', times: 1 })
  await control.post('/faults', { gateway: 'portone', operation: 'inquire', fault: 'html-502', times: 3 })
  await control.post('/notices', { payment: payment.paymentId, mode: 'withhold' })
  await fillSheet(page, '1,000')
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('button', { name: '1,000원 취소' }).click()
  await expect(sheet.getByRole('status')).toContainText('결과')
  await expect(sheet).not.toContainText('실패')
  await expect(sheet.getByRole('status')).toContainText('취소되었습니다')
  expect((await viewOf(page, id)).cancellations.map((one) => one.state)).toEqual(['DONE'])
  expect(await journalOf(control, payment)).toEqual({ executed: 1, asked: 1 })
})

test('a request that was lost is said to be unknown until it can be replayed, and a new cancel is blocked meanwhile', async ({
  operator: page,
  control,
}) => {
  const payment = await newPayment(control, { amount: 5_000 })
  const id = await openPayment(page, payment)
  await control.post('/faults', { gateway: 'portone', operation: 'cancel', fault: 'request-lost', times: 1 })
  await fillSheet(page, '1,000')
  await page.getByRole('dialog').getByRole('button', { name: '1,000원 취소' }).click()
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('결과를 확인하고 있습니다')
  await expect(page.getByRole('dialog')).toContainText('다시 보내지 마세요')
  await page.getByRole('button', { name: '닫기' }).click()
  await expect(page.getByRole('button', { name: '취소하기' })).toBeDisabled()
  expect(await journalOf(control, payment)).toEqual({ executed: 0, asked: 1 })
  await control.post('/clock', { now: new Date(Date.now() + 180_000).toISOString(), ticking: true })
  try {
    await expect.poll(async () => (await viewOf(page, id)).cancellations.map((one) => one.state)).toEqual(['DONE'])
    expect(await journalOf(control, payment)).toEqual({ executed: 1, asked: 2 })
  } finally {
    await control.post('/clock', { now: null })
  }
})
