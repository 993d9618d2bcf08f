import { expect, test, vi } from 'vitest'
import { useSandbox } from '../sandbox-under-test.ts'

const sandbox = useSandbox()
const key = 'jeonpyo-cancellation-0001'
const effects = async (paymentId: string) => (await sandbox.journal(paymentId)).map(({ effect }) => effect)

test('the same key gives the same answer and moves money once', async () => {
  const { paymentId } = await sandbox.pay()
  const first = await sandbox.cancel(paymentId, { amount: 1000 }, key)
  const second = await sandbox.cancel(paymentId, { amount: 1000 }, key)
  expect(first.status).toBe(200)
  expect(second).toEqual(first)
  expect(await effects(paymentId)).toEqual(['executed', 'replayed'])
})

test('U3: a refusal is replayed too, even when it would now succeed', async () => {
  const { paymentId } = await sandbox.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID' })
  const refundAccount = { bank: 'SHINHAN', number: '110123456789', holderName: '홍길동' }
  await sandbox.clock('2026-11-21T23:30:00+09:00')
  const refused = await sandbox.cancel(paymentId, { refundAccount }, key)
  expect(refused.status).toBe(502)
  await sandbox.clock('2026-11-22T00:30:00+09:00')
  expect(await sandbox.cancel(paymentId, { refundAccount }, key)).toEqual(refused)
  expect(await effects(paymentId)).toEqual(['declined', 'replayed'])
})

test('U2: the key of another request is refused and nothing is done', async () => {
  const { paymentId } = await sandbox.pay()
  const other = await sandbox.pay()
  await sandbox.cancel(paymentId, { amount: 1000 }, key)
  const refused = { status: 409, body: { type: 'SANDBOX_IDEMPOTENCY_KEY_REUSED' } }
  expect(await sandbox.cancel(paymentId, { amount: 2000 }, key)).toMatchObject(refused)
  expect(await sandbox.cancel(other.paymentId, { amount: 1000 }, key)).toMatchObject(refused)
  expect(await sandbox.executedCancels(paymentId)).toBe(1)
  expect(await sandbox.executedCancels(other.paymentId)).toBe(0)
})

test('while the first is running its twin is 409, also after the first caller hung up', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.fault('slow')
  const hangUp = new AbortController()
  const first = sandbox.cancel(paymentId, { amount: 1000 }, key, hangUp.signal).catch((error: unknown) => error)
  await vi.waitFor(async () => expect(await sandbox.executedCancels(paymentId)).toBe(1), 20_000)
  const twin = { status: 409, body: { type: 'IDEMPOTENCY_OUTSTANDING_REQUEST' } }
  expect(await sandbox.cancel(paymentId, { amount: 1000 }, key)).toMatchObject(twin)
  hangUp.abort()
  expect(await first).toBeInstanceOf(Error)
  expect(await sandbox.cancel(paymentId, { amount: 1000 }, key)).toMatchObject(twin)
  expect(await sandbox.cancel(paymentId, { amount: 2000 }, key)).toMatchObject({
    body: { type: 'SANDBOX_IDEMPOTENCY_KEY_REUSED' },
  })
  expect(await sandbox.executedCancels(paymentId)).toBe(1)
})

test('a key is kept for three hours of sandbox time', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.cancel(paymentId, { amount: 1000 }, key)
  await sandbox.clock('2026-11-21T14:59:59.999+09:00')
  await sandbox.cancel(paymentId, { amount: 1000 }, key)
  expect(await effects(paymentId)).toEqual(['executed', 'replayed'])
  await sandbox.clock('2026-11-21T15:00:00+09:00')
  await sandbox.cancel(paymentId, { amount: 1000 }, key)
  expect(await effects(paymentId)).toEqual(['executed', 'replayed', 'executed'])
})

test.each([
  ['no quotes', key],
  ['too short', '"fifteen-letters"'],
  ['too long', `"${'k'.repeat(257)}"`],
  ['a quote inside', '"jeonpyo"cancellation"'],
  ['two headers', `"${key}", "${key}"`],
])('a malformed key is refused: %s', async (_, header) => {
  const { paymentId } = await sandbox.pay()
  const answer = await sandbox.raw('POST', `/payments/${paymentId}/cancel`, {
    body: '{"reason":"x"}',
    headers: { 'idempotency-key': header },
  })
  expect(answer).toMatchObject({ status: 400, body: { type: 'INVALID_REQUEST' } })
  expect(await effects(paymentId)).toEqual(['declined'])
})

test.each([`"${'k'.repeat(16)}"`, `"${'k'.repeat(256)}"`, '"with \\"quotes\\" and \\\\ inside"'])(
  'a well-formed key: %s',
  async (header) => {
    const { paymentId } = await sandbox.pay()
    const answer = await sandbox.raw('POST', `/payments/${paymentId}/cancel`, {
      body: '{"reason":"x"}',
      headers: { 'idempotency-key': header },
    })
    expect(answer.status).toBe(200)
  },
)

test('without a key two requests are two cancels; on GET a key means nothing', async () => {
  const { paymentId } = await sandbox.pay()
  await sandbox.cancel(paymentId, { amount: 1000 })
  await sandbox.cancel(paymentId, { amount: 1000 })
  expect(await sandbox.executedCancels(paymentId)).toBe(2)
  const answer = await sandbox.raw('GET', `/payments/${paymentId}`, { headers: { 'idempotency-key': 'whatever' } })
  expect(answer.status).toBe(200)
})

test('other operations keep their answers too', async () => {
  const { paymentId } = await sandbox.pay({ method: 'VIRTUAL_ACCOUNT' })
  const close = () =>
    sandbox.raw('POST', `/payments/${paymentId}/virtual-account/close`, { headers: { 'idempotency-key': `"${key}"` } })
  const first = await close()
  expect(first.status).toBe(200)
  expect(await close()).toEqual(first)
})
