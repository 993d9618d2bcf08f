import { Webhook } from '@portone/server-sdk'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { firstStore, Receiver, secondStore, useSandbox } from '../sandbox-under-test.ts'
import { defaultWebhookSecret } from './merchant.ts'
import { signedHeaders } from './webhook-sender.ts'

const sandbox = useSandbox()
const receiver = new Receiver()
const secondSecret = 'whsec_c2Vjb25kLXdlYmhvb2stc2VjcmV0LTAwMDEyMzQ1Njc='

beforeAll(() => receiver.start())
afterAll(() => receiver.stop())
beforeEach(async () => {
  receiver.clear()
  await sandbox.control('POST', '/webhook-target', { url: receiver.url })
})

const mode = (payment: string, mode: string) => sandbox.control('POST', '/notices', { payment, mode })

test('what arrives verifies with the official SDK, and tells the ids', async () => {
  const { paymentId, transactionId } = await sandbox.pay({ storeId: secondStore })
  await receiver.until(1)
  const [message] = receiver.received
  const webhook = await Webhook.verify(defaultWebhookSecret, message?.body ?? '', { ...message?.headers })
  expect(webhook).toEqual({
    type: 'Transaction.Paid',
    timestamp: '2026-11-21T03:00:00.000Z',
    data: { storeId: secondStore, paymentId, transactionId },
  })
})

test('with two secrets there are two signatures', async () => {
  await sandbox.control('POST', '/webhook-target', { url: receiver.url, secrets: [defaultWebhookSecret, secondSecret] })
  await sandbox.pay()
  await receiver.until(1)
  const [message] = receiver.received
  for (const secret of [defaultWebhookSecret, secondSecret]) {
    await expect(Webhook.verify(secret, message?.body ?? '', { ...message?.headers })).resolves.toBeDefined()
  }
})

test('the signature is the one of Standard Webhooks', () => {
  vi.useFakeTimers({ now: 1_614_265_330_000, toFake: ['Date'] })
  const notice = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' }
  const headers = signedHeaders(notice, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])
  vi.useRealTimers()
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('a payment from beginning to end, in order', async () => {
  const { paymentId } = await sandbox.pay({ method: 'VIRTUAL_ACCOUNT' })
  await sandbox.control('POST', `/payments/${paymentId}/deposit`)
  const refundAccount = { bank: 'SHINHAN', number: '110123456789', holderName: '홍길동' }
  await sandbox.cancel(paymentId, { amount: 1, refundAccount, skipWebhook: true })
  await sandbox.cancel(paymentId, { amount: 1000, refundAccount })
  await sandbox.cancel(paymentId, { refundAccount })
  await receiver.until(4)
  expect(receiver.types).toEqual([
    'Transaction.VirtualAccountIssued',
    'Transaction.Paid',
    'Transaction.PartialCancelled',
    'Transaction.Cancelled',
  ])
  expect(receiver.received[3]?.body).toContain('"cancellationId"')
})

test('a target that fails is tried again under the same id, with a new time', async () => {
  await sandbox.control('POST', '/settings', { retryScale: 0 })
  receiver.answers = [500, 302]
  const { paymentId } = await sandbox.pay()
  await receiver.until(3)
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  await vi.waitFor(async () => expect(await sandbox.notices(paymentId)).toMatchObject([{ state: 'delivered' }]), 20_000)
  const payment = await sandbox.sdk().payment.getPayment({ paymentId })
  expect(payment).toMatchObject({ webhooks: [{ status: 'SUCCEEDED', currentExecutionCount: 3, url: receiver.url }] })
})

test('after five repetitions it gives up, and nothing else is harmed', async () => {
  await sandbox.control('POST', '/settings', { retryScale: 0 })
  await sandbox.control('POST', '/webhook-target', { url: 'http://127.0.0.1:1/closed' })
  const { paymentId } = await sandbox.pay()
  await vi.waitFor(async () => expect(await sandbox.notices(paymentId)).toMatchObject([{ state: 'gave-up' }]), 20_000)
  expect((await sandbox.notices(paymentId))[0]?.attempts).toHaveLength(6)
  expect((await sandbox.cancel(paymentId, {})).status).toBe(200)
})

test('no target: nothing is sent, and the notice says so', async () => {
  await sandbox.control('POST', '/webhook-target', { storeId: firstStore, url: null })
  const { paymentId } = await sandbox.pay()
  await vi.waitFor(async () => expect(await sandbox.notices(paymentId)).toMatchObject([{ state: 'no-target' }]), 20_000)
})

test('withhold keeps them back, deliver lets them go in order', async () => {
  const { paymentId } = await sandbox.pay()
  await receiver.until(1)
  await mode(paymentId, 'withhold')
  await sandbox.cancel(paymentId, { amount: 1 })
  await sandbox.cancel(paymentId, {})
  expect((await sandbox.notices(paymentId)).map(({ state }) => state)).toEqual(['delivered', 'held', 'held'])
  await mode(paymentId, 'deliver')
  await receiver.until(3)
  expect(receiver.types).toEqual(['Transaction.Paid', 'Transaction.PartialCancelled', 'Transaction.Cancelled'])
})

test('withhold for all payments, and a rule of its own for one', async () => {
  await mode('*', 'withhold')
  const held = await sandbox.pay()
  const other = await sandbox.pay({ skipWebhook: true })
  await mode(other.paymentId, 'deliver')
  await sandbox.cancel(other.paymentId, {})
  await receiver.until(1)
  expect(receiver.types).toEqual(['Transaction.Cancelled'])
  expect(await sandbox.notices(held.paymentId)).toMatchObject([{ state: 'held' }])
  await mode('*', 'deliver')
  await receiver.until(2)
})

test('duplicate sends each twice under one id', async () => {
  await mode('*', 'duplicate')
  await sandbox.pay()
  await receiver.until(2)
  const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect(ids[0]).toBe(ids[1])
})

test('reorder waits for two and sends the newer first', async () => {
  const { paymentId } = await sandbox.pay({ skipWebhook: true })
  await mode(paymentId, 'reorder')
  await sandbox.cancel(paymentId, { amount: 1 })
  expect(await sandbox.notices(paymentId)).toMatchObject([{ state: 'held' }])
  await sandbox.cancel(paymentId, {})
  await receiver.until(2)
  expect(receiver.types).toEqual(['Transaction.Cancelled', 'Transaction.PartialCancelled'])
})

test('the last one can be sent again', async () => {
  const { paymentId } = await sandbox.pay()
  await receiver.until(1)
  await sandbox.control('POST', '/notices/send', { payment: paymentId })
  await receiver.until(2)
  expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id'])
})
