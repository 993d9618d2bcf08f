import { expect, test } from 'vitest'
import { useSandbox } from '../sandbox-under-test.ts'

const sandbox = useSandbox()
const refundAccount = { bank: 'SHINHAN', number: '110123456789', holderName: '홍길동' }
const pg = (pgCode: string) => ({ status: 502, body: { type: 'PG_PROVIDER', pgCode, pgMessage: expect.any(String) } })
const conflict = (type: string) => ({ status: 409, body: { type } })
const done = { status: 200, body: { cancellation: { status: 'SUCCEEDED' } } }

test('the whole: everything left, when nothing is said', async () => {
  const { paymentId, pgTxId } = await sandbox.pay()
  await sandbox.cancel(paymentId, { amount: 4000 })
  const answer = await sandbox.cancel(paymentId, {})
  expect(answer.body).toMatchObject({
    cancellation: {
      status: 'SUCCEEDED',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      pgCancellationId: expect.stringMatching(/^198240\d{6}$/),
      totalAmount: 6000,
      taxFreeAmount: 0,
      vatAmount: 545,
      reason: '단순 변심',
      requestedAt: '2026-11-21T03:00:00.000Z',
      cancelledAt: '2026-11-21T03:00:00.000Z',
      trigger: 'API',
      receiptUrl: expect.stringContaining('/receipts/'),
    },
  })
  expect(JSON.stringify(answer.body)).not.toContain(pgTxId)
  expect(await sandbox.cancel(paymentId, {})).toMatchObject(conflict('PAYMENT_ALREADY_CANCELLED'))
})

test('what the amounts forbid', async () => {
  const { paymentId } = await sandbox.pay({ amount: 10_000, taxFree: 4000 })
  const cancel = (body: object) => sandbox.cancel(paymentId, body)
  expect(await cancel({ amount: 1, currentCancellableAmount: 9999 })).toMatchObject(
    conflict('CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN'),
  )
  expect(await cancel({ amount: 10_001 })).toMatchObject(conflict('CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT'))
  expect(await cancel({ amount: 100, taxFreeAmount: 60, vatAmount: 60 })).toMatchObject(
    conflict('SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT'),
  )
  expect(await cancel({ amount: 5000, taxFreeAmount: 4001 })).toMatchObject(
    conflict('CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT'),
  )
  for (const body of [
    { amount: 0 },
    { amount: -1 },
    { amount: 1.5 },
    { amount: '1' },
    { taxFreeAmount: -1 },
    { reason: undefined },
  ]) {
    expect(await cancel(body), JSON.stringify(body)).toMatchObject({ status: 400, body: { type: 'INVALID_REQUEST' } })
  }
  expect(await sandbox.executedCancels(paymentId)).toBe(0)
  expect(await cancel({ amount: 5000, taxFreeAmount: 4000, currentCancellableAmount: 10_000 })).toMatchObject(done)
  const payment = await sandbox.sdk().payment.getPayment({ paymentId })
  expect(payment).toMatchObject({
    status: 'PARTIAL_CANCELLED',
    amount: { paid: 10_000, cancelled: 5000, cancelledTaxFree: 4000 },
  })
})

test('K20: without a tax-free amount the whole is taxable, also when everything goes', async () => {
  const { paymentId } = await sandbox.pay({ amount: 10_000, taxFree: 4000 })
  expect(await sandbox.cancel(paymentId, {})).toMatchObject(
    conflict('CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT'),
  )
  expect(await sandbox.cancel(paymentId, { taxFreeAmount: 4000 })).toMatchObject(done)
})

test.each(['READY', 'FAILED', 'PAY_PENDING'])('%s is not paid', async (status) => {
  const { paymentId } = await sandbox.pay({ status })
  expect(await sandbox.cancel(paymentId, {})).toMatchObject(conflict('PAYMENT_NOT_PAID'))
})

test('K7: a virtual account needs contract, account and the hours of 06:00 to 23:00', async () => {
  const { paymentId } = await sandbox.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID' })
  const cancel = () => sandbox.cancel(paymentId, { amount: 1000, refundAccount })
  expect(await sandbox.cancel(paymentId, {})).toMatchObject(pg('SBX-VA-ACCOUNT'))
  expect(
    await sandbox.cancel(paymentId, { refundAccount: { ...refundAccount, number: '110000000001' } }),
  ).toMatchObject(pg('SBX-VA-ACCOUNT'))
  expect(await sandbox.cancel(paymentId, { refundAccount: { ...refundAccount, bank: '088' } })).toMatchObject({
    status: 400,
  })
  for (const [time, expected] of [
    ['05:59:59', pg('SBX-VA-HOURS')],
    ['06:00:00', done],
    ['22:59:59', done],
    ['23:00:00', pg('SBX-VA-HOURS')],
  ] as const) {
    await sandbox.clock(`2026-11-22T${time}+09:00`)
    expect(await cancel(), time).toMatchObject(expected)
  }
  await sandbox.clock('2026-11-23T12:00:00+09:00')
  await sandbox.control('POST', '/settings', { vaRefundContract: false })
  expect(await cancel()).toMatchObject(pg('SBX-VA-CONTRACT'))
})

test('K7: an account that waits for its deposit is not paid', async () => {
  const { paymentId } = await sandbox.pay({ method: 'VIRTUAL_ACCOUNT' })
  expect(await sandbox.cancel(paymentId, { refundAccount })).toMatchObject(conflict('PAYMENT_NOT_PAID'))
})

test('K8: nine partial cancels, and no tenth, the remainder included', async () => {
  const { paymentId } = await sandbox.pay()
  for (let time = 1; time <= 9; time++) expect(await sandbox.cancel(paymentId, { amount: 1000 })).toMatchObject(done)
  expect(await sandbox.cancel(paymentId, { amount: 500 })).toMatchObject(conflict('MAX_CANCEL_COUNT_REACHED'))
  expect(await sandbox.cancel(paymentId, {})).toMatchObject(conflict('MAX_CANCEL_COUNT_REACHED'))
  await sandbox.control('POST', '/settings', { tooManyPartials: 'PG_PROVIDER' })
  expect(await sandbox.cancel(paymentId, {})).toMatchObject(pg('SBX-COUNT'))
  await sandbox.control('POST', '/settings', { remainderAfterMax: 'allowed' })
  expect(await sandbox.cancel(paymentId, { amount: 500 })).toMatchObject(pg('SBX-COUNT'))
  expect(await sandbox.cancel(paymentId, {})).toMatchObject(done)
  expect(await sandbox.executedCancels(paymentId)).toBe(10)
})

test('K8 counts what was cancelled in the PG admin', async () => {
  await sandbox.control('POST', '/settings', { maxPartialCancels: 1 })
  const { paymentId } = await sandbox.pay()
  await sandbox.control('POST', '/outside-cancel', { payment: paymentId, amount: 1000, where: 'pg-admin' })
  expect(await sandbox.cancel(paymentId, { amount: 1000 })).toMatchObject(conflict('MAX_CANCEL_COUNT_REACHED'))
})

test.each([
  ['2026-05-21T00:00:00+09:00', '2026-11-21T23:59:59+09:00', '2026-11-22T00:00:00+09:00'],
  ['2026-08-31T10:00:00+09:00', '2027-02-28T23:59:59+09:00', '2027-03-01T00:00:00+09:00'],
])('K9: paid %s, cancelled until %s and not at %s', async (paidAt, last, tooLate) => {
  const { paymentId } = await sandbox.pay({ paidAt })
  await sandbox.clock(last)
  expect(await sandbox.cancel(paymentId, { amount: 1 })).toMatchObject(done)
  await sandbox.clock(tooLate)
  expect(await sandbox.cancel(paymentId, { amount: 1 })).toMatchObject(pg('SBX-WINDOW'))
})

test('K10: mobile goes back whole, in its calendar month', async () => {
  const { paymentId } = await sandbox.pay({ method: 'MOBILE' })
  expect(await sandbox.cancel(paymentId, { amount: 9999 })).toMatchObject(pg('SBX-MOBILE-PARTIAL'))
  await sandbox.clock('2026-12-01T00:00:00+09:00')
  expect(await sandbox.cancel(paymentId, {})).toMatchObject(pg('SBX-MOBILE-MONTH'))
  await sandbox.clock('2026-11-30T23:59:59+09:00')
  expect(await sandbox.cancel(paymentId, {})).toMatchObject(done)
})

test('U19: of two at the same time the second sees what the first left', async () => {
  const { paymentId } = await sandbox.pay()
  const answers = await Promise.all([
    sandbox.cancel(paymentId, { amount: 6000 }),
    sandbox.cancel(paymentId, { amount: 6000 }),
  ])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  expect(await sandbox.executedCancels(paymentId)).toBe(1)
})

test('a cancel on the PortOne console is a cancellation with its own trigger and reason', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.control('POST', '/outside-cancel', { payment: paymentId, amount: 2000, where: 'portone-console' })
  expect(await sandbox.sdk().payment.getPayment({ paymentId })).toMatchObject({
    status: 'PARTIAL_CANCELLED',
    cancellations: [{ status: 'SUCCEEDED', trigger: 'CONSOLE', reason: '관리자페이지취소', totalAmount: 2000 }],
  })
  expect((await sandbox.notices(paymentId)).map(({ type }) => type)).toContain('Transaction.PartialCancelled')
  const tooMuch = await sandbox.ask('POST', '/outside-cancel', {
    payment: paymentId,
    amount: 9000,
    where: 'portone-console',
  })
  expect(tooMuch).toMatchObject({ status: 400, body: { error: expect.stringContaining('EXCEEDS') } })
})

test('a cancel in the PG admin is unknown to PortOne until the money is not there', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.control('POST', '/outside-cancel', { payment: paymentId, amount: 4000, where: 'pg-admin' })
  expect(await sandbox.sdk().payment.getPayment({ paymentId })).toMatchObject({
    status: 'PAID',
    amount: { cancelled: 0 },
  })
  expect(await sandbox.show(paymentId)).toMatchObject({ cancellable: 10_000, leftAtPg: 6000 })
  expect(await sandbox.cancel(paymentId, { currentCancellableAmount: 10_000 })).toMatchObject(pg('SBX-ALREADY'))
  expect(await sandbox.cancel(paymentId, { amount: 6000 })).toMatchObject(done)
  expect(await sandbox.cancel(paymentId, { amount: 1 })).toMatchObject(pg('SBX-ALREADY'))
  expect(await sandbox.notices(paymentId)).toHaveLength(2)
  const effects = (await sandbox.journal(paymentId)).filter(({ operation }) => operation !== 'inquire')
  expect(effects.map(({ operation, effect }) => `${operation} ${effect}`)).toEqual([
    'outside-cancel executed',
    'cancel declined',
    'cancel executed',
    'cancel declined',
  ])
})
