import { expect, test, vi } from 'vitest'
import { useSandbox } from './sandbox-under-test.ts'

const sandbox = useSandbox()
const key = 'jeonpyo-cancellation-0001'

interface Case {
  readonly fault: string
  /** What the caller sees: a status, or no answer at all. */
  readonly seen: number | 'nothing'
  readonly executed: number
  /** What the same key then gets. */
  readonly again: object
  readonly executedAfterwards: number
}

const done = { status: 200, body: { cancellation: { status: 'SUCCEEDED', totalAmount: 1000 } } }
const unknown = { status: 502, body: { type: 'PG_PROVIDER', pgCode: 'SBX-UNKNOWN' } }

test.each<Case>([
  { fault: 'reply-lost', seen: 'nothing', executed: 1, again: done, executedAfterwards: 1 },
  { fault: 'request-lost', seen: 'nothing', executed: 0, again: done, executedAfterwards: 1 },
  { fault: 'html-502', seen: 502, executed: 0, again: done, executedAfterwards: 1 },
  { fault: 'empty-body', seen: 200, executed: 1, again: done, executedAfterwards: 1 },
  { fault: 'error-though-done', seen: 502, executed: 1, again: unknown, executedAfterwards: 1 },
])('$fault: what is seen, what was done, what the key gives', async (one) => {
  const { paymentId } = await sandbox.pay()
  await sandbox.fault(one.fault)
  const cancel = () => sandbox.cancel(paymentId, { amount: 1000 }, key)
  const seen = await cancel().then(
    ({ status }) => status,
    () => 'nothing' as const,
  )
  expect(seen).toBe(one.seen)
  expect(await sandbox.executedCancels(paymentId)).toBe(one.executed)
  expect(await sandbox.show(paymentId)).toMatchObject({ cancellable: 10_000 - 1000 * one.executed })
  expect(await cancel()).toMatchObject(one.again)
  expect(await sandbox.executedCancels(paymentId)).toBe(one.executedAfterwards)
})

test('html-502 is a page and not JSON, an empty body is empty', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.fault('html-502', 'inquire')
  await sandbox.fault('empty-body', 'inquire')
  expect((await sandbox.raw('GET', `/payments/${paymentId}`)).text).toContain('<html>')
  expect(await sandbox.raw('GET', `/payments/${paymentId}`)).toMatchObject({ status: 200, text: '' })
})

test('slow: done at once, answered later; late: done and answered later', async () => {
  for (const fault of ['slow', 'late']) {
    const { paymentId } = await sandbox.pay()
    await sandbox.fault(fault, 'cancel', { ms: 20 })
    expect(await sandbox.cancel(paymentId, { amount: 1000 })).toMatchObject(done)
    expect(await sandbox.executedCancels(paymentId)).toBe(1)
  }
})

test('late: nothing is done while it waits, but the key is taken', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.fault('late')
  const hangUp = new AbortController()
  const first = sandbox.cancel(paymentId, { amount: 1000 }, key, hangUp.signal).catch((error: unknown) => error)
  await vi.waitFor(async () => expect(await sandbox.control('GET', '/faults')).toEqual([]), 20_000)
  expect(await sandbox.cancel(paymentId, { amount: 1000 }, key)).toMatchObject({
    status: 409,
    body: { type: 'IDEMPOTENCY_OUTSTANDING_REQUEST' },
  })
  expect(await sandbox.executedCancels(paymentId)).toBe(0)
  hangUp.abort()
  expect(await first).toBeInstanceOf(Error)
})

test('a fault strikes as often as it was told, and only what it names', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.fault('html-502', 'inquire', { times: 2 })
  const inquire = async () => (await sandbox.raw('GET', `/payments/${paymentId}`)).status
  expect((await sandbox.cancel(paymentId, { amount: 1 })).status).toBe(200)
  expect([await inquire(), await inquire(), await inquire()]).toEqual([502, 502, 200])
  await sandbox.fault('html-502', '*')
  expect(await inquire()).toBe(502)
  await sandbox.fault('html-502', '*')
  await sandbox.control('DELETE', '/faults')
  expect(await inquire()).toBe(200)
})

test('a fault is in the journal beside what was done', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.fault('reply-lost')
  await sandbox.cancel(paymentId, { amount: 1000 }, key).catch(() => null)
  expect(await sandbox.journal(paymentId)).toMatchObject([
    {
      operation: 'cancel',
      effect: 'executed',
      fault: 'reply-lost',
      amount: 1000,
      idempotencyKey: key,
      clock: '2026-11-21T03:00:00.000Z',
    },
  ])
})

test('a refused cancel stays refused under error-though-done', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.fault('error-though-done')
  expect(await sandbox.cancel(paymentId, { amount: 99_999 })).toMatchObject({ status: 409 })
})

test('async: REQUESTED first, money later, and the amount is taken meanwhile', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.fault('async', 'cancel', { ms: 3_600_000 })
  expect((await sandbox.cancel(paymentId, { amount: 6000 })).body).toMatchObject({
    cancellation: { status: 'REQUESTED' },
  })
  expect(await sandbox.sdk().payment.getPayment({ paymentId })).toMatchObject({
    status: 'PAID',
    amount: { cancelled: 0 },
    cancellations: [{ status: 'REQUESTED' }],
  })
  expect(await sandbox.cancel(paymentId, { amount: 6000 })).toMatchObject({
    body: { type: 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT' },
  })
  expect(await sandbox.executedCancels(paymentId)).toBe(0)
  await sandbox.control('POST', `/payments/${paymentId}/settle`)
  expect(await sandbox.sdk().payment.getPayment({ paymentId })).toMatchObject({
    status: 'PARTIAL_CANCELLED',
    amount: { cancelled: 6000 },
  })
  expect(await sandbox.executedCancels(paymentId)).toBe(1)
  expect((await sandbox.notices(paymentId)).map(({ type, trigger }) => [type, trigger])).toEqual([
    ['Transaction.Paid', undefined],
    ['Transaction.CancelPending', undefined],
    ['Transaction.PartialCancelled', 'ASYNC_CANCEL_APPROVED'],
  ])
})

test('async-fail: the amount is free again', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.fault('async-fail', 'cancel', { ms: 0 })
  await sandbox.cancel(paymentId, {})
  await vi.waitFor(async () => expect(await sandbox.show(paymentId)).toMatchObject({ cancellable: 10_000 }), 20_000)
  expect(await sandbox.sdk().payment.getPayment({ paymentId })).toMatchObject({
    status: 'PAID',
    cancellations: [{ status: 'FAILED' }],
  })
  expect(await sandbox.executedCancels(paymentId)).toBe(0)
})
