import { describe, expect, it } from 'vitest'
import type { Reply } from '../connector.ts'
import { inquire } from './read.ts'

const cancellation = {
  status: 'SUCCEEDED',
  id: 'cancellation-1',
  totalAmount: 10_000,
  taxFreeAmount: 0,
  reason: '고객 변심',
  requestedAt: '2026-11-21T02:00:00Z',
}
const record = {
  status: 'CANCELLED',
  id: 'order-1',
  transactionId: 'transaction-1',
  storeId: 'store-1',
  channel: { type: 'LIVE', key: 'channel-1', pgProvider: 'KSNET', pgMerchantId: '2041700123' },
  method: { type: 'PaymentMethodCard' },
  amount: { total: 10_000, taxFree: 0, discount: 0, paid: 10_000, cancelled: 10_000, cancelledTaxFree: 0 },
  currency: 'KRW',
  customer: {},
  orderName: '주문',
  requestedAt: '2026-11-21T01:00:00Z',
  statusChangedAt: '2026-11-21T02:00:00Z',
  cancellations: [cancellation],
}
const answer = (body: object): Reply => ({
  via: 'http',
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(body),
})
const asked = { paymentId: 'order-1', method: null, orderNumber: null }
const read = (change: object) => inquire.reply(answer({ ...record, ...change }), asked)
const payment = (change: object) => ({ kind: 'done', value: { kind: 'payment', payment: change } })
const account = { type: 'PaymentMethodVirtualAccount' }

describe('a cancelled payment, whose record may leave out when it was paid', () => {
  it('was paid not before it was asked for, and its cancels are of money', () => {
    const paidAt = Date.parse(record.requestedAt)
    expect(read({})).toMatchObject(payment({ status: 'REFUNDED', paidAt, cancellations: [{ id: 'cancellation-1' }] }))
    expect(read({ status: 'PARTIAL_CANCELLED' })).toMatchObject(payment({ status: 'PARTIALLY_REFUNDED', paidAt }))
    expect(read({ method: account })).toMatchObject(payment({ status: 'REFUNDED', paidAt }))
  })

  it('was never paid where it is a virtual account that received nothing', () => {
    const amount = { ...record.amount, paid: 0 }
    expect(read({ method: account, amount })).toMatchObject(payment({ status: 'CLOSED', paidAt: null }))
  })
})

describe('a record of a form that is not known', () => {
  it('is the answer all the same, but of this payment only', () => {
    const unreadable = { kind: 'done', value: { kind: 'unreadable' } }
    expect(read({ currency: 'JPY' })).toMatchObject(unreadable)
    expect(read({ status: 'DISPUTED' })).toMatchObject(unreadable)
    expect(read({ id: 'order-2' }).kind).toBe('unknown')
    expect(inquire.reply(answer({}), asked).kind).toBe('unknown')
  })
})
