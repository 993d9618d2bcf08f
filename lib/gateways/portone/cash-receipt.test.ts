import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant, parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { CancelReceiptInput, IssueReceiptInput, Reply } from '../connector.ts'
import {
  cancelCashReceipt,
  cancelRefusals,
  cashReceipt,
  issueCashReceipt,
  issueRefusals,
  readRefusals,
  receiptPgRefusals,
} from './cash-receipt.ts'

const call = {
  credentials: { storeId: 'store-1', apiSecret: 'secret' },
  endpoint: 'https://api.portone.io',
  program: null,
}
const cancelInput: CancelReceiptInput = {
  orderId: '11111111-1111-4111-8111-111111111111',
  paymentId: 'order 1/2',
  channelKey: 'channel-key-1',
  reference: null,
  method: 'TRANSFER',
  refunded: true,
  at: instant(0),
  amount: minor(10_000),
}
const issueInput: IssueReceiptInput = {
  orderId: '22222222-2222-4222-8222-222222222222',
  paymentId: 'order 1/2',
  channelKey: 'channel-key-1',
  type: 'PERSONAL',
  identityNumber: '01012341234',
  orderName: '전표',
  amount: minor(6_000),
  taxFree: minor(1_000),
  paidAt: instant(0),
}
const answer = (status: number, body: unknown): Reply => ({
  via: 'http',
  status,
  contentType: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const cancel = (status: number, body: unknown) => cancelCashReceipt.reply(answer(status, body), cancelInput)
const issue = (status: number, body: unknown) => issueCashReceipt.reply(answer(status, body), issueInput)
const read = (status: number, body: unknown) => cashReceipt.reply(answer(status, body), { paymentId: 'order 1/2' })
const standing = (change: object = {}) => ({
  status: 'ISSUED',
  merchantId: 'm',
  storeId: 'store-1',
  paymentId: 'order 1/2',
  amount: 10_000,
  taxFreeAmount: 3_000,
  currency: 'KRW',
  orderName: '전표',
  isManual: false,
  type: 'PERSONAL',
  issueNumber: '123456789',
  issuedAt: '2026-11-21T01:00:00Z',
  ...change,
})
const cancelledBody = { cancelledAmount: 10_000, cancelledAt: '2026-11-21T01:00:00Z' }
const issuedBody = { cashReceipt: { issueNumber: '123456789', url: 'https://slip.example/1', pgReceiptId: 'r' } }

describe('the requests', () => {
  it('name the payment in the address, carry the order as key, and hold no secret', () => {
    expect(cashReceipt.request({ paymentId: 'order 1/2' }, call)).toMatchObject({
      method: 'GET',
      url: 'https://api.portone.io/payments/order%201%2F2/cash-receipt?storeId=store-1',
    })
    expect(cancelCashReceipt.request(cancelInput, call)).toEqual({
      via: 'http',
      method: 'POST',
      url: 'https://api.portone.io/payments/order%201%2F2/cash-receipt/cancel?storeId=store-1',
      headers: { Accept: 'application/json', 'Idempotency-Key': `"${cancelInput.orderId}"` },
      body: null,
    })
    const wire = issueCashReceipt.request(issueInput, call)
    expect(wire).toEqual(issueCashReceipt.request(issueInput, call))
    expect(wire.via === 'http' && JSON.parse(wire.body ?? '')).toEqual({
      storeId: 'store-1',
      paymentId: 'order 1/2',
      channelKey: 'channel-key-1',
      type: 'PERSONAL',
      orderName: '전표',
      currency: 'KRW',
      amount: { total: 6_000, taxFree: 1_000 },
      customer: { identityNumber: '01012341234' },
      paidAt: '1970-01-01T00:00:00.000Z',
    })
    expect(JSON.stringify(wire)).not.toContain('secret')
  })
})

describe('reading', () => {
  it('tells what stands, its number masked, new members passed over', () => {
    expect(read(200, standing({ something: 'new' }))).toEqual({
      kind: 'done',
      reference: '123456789',
      value: {
        status: 'ISSUED',
        amount: 10_000,
        taxFree: 3_000,
        type: 'PERSONAL',
        number: '****6789',
        url: null,
        issuedAt: parseIso('2026-11-21T01:00:00Z'),
      },
    })
    expect(read(200, { status: 'ISSUE_FAILED', paymentId: 'order 1/2' })).toMatchObject({
      kind: 'done',
      value: { status: 'ISSUE_FAILED' },
    })
  })
  it('of another payment, or in a state that is not known, is not understood', () => {
    for (const body of [standing({ paymentId: 'other' }), standing({ status: 'SOMETHING' }), standing({ amount: 1.5 })])
      expect(read(200, body)).toEqual({ kind: 'unknown', cause: 'answer not understood' })
  })
})

describe('the answers', () => {
  it('done only where every member is known and the amount is the one that stood', () => {
    expect(cancel(200, cancelledBody).kind).toBe('done')
    expect(cancel(200, { ...cancelledBody, cancelledAmount: 9_999 }).kind).toBe('unknown')
    expect(cancel(200, { ...cancelledBody, more: 1 }).kind).toBe('unknown')
    expect(issue(200, issuedBody)).toMatchObject({ kind: 'done', value: { number: '****6789' } })
    expect(issue(200, { ...issuedBody, more: 1 }).kind).toBe('unknown')
  })
  it.each([
    ['read', read, readRefusals],
    ['cancel', cancel, cancelRefusals],
    ['issue', issue, issueRefusals],
  ] as const)('%s: each listed refusal declines at its own status only', (_, outcome, table) => {
    for (const [type, { status, reason }] of Object.entries(table)) {
      expect(outcome(status, { type, message: 'no' })).toMatchObject({ kind: 'declined', code: type, reason })
      expect(outcome(status === 409 ? 400 : 409, { type }).kind).toBe('unknown')
      expect(outcome(status, { type, more: 1 }).kind).toBe('unknown')
    }
  })
  it('what may speak of an order made before is unknown', () => {
    expect(issue(409, { type: 'CASH_RECEIPT_ALREADY_ISSUED' })).toEqual({
      kind: 'unknown',
      cause: 'CASH_RECEIPT_ALREADY_ISSUED',
    })
    expect(cancel(404, { type: 'CASH_RECEIPT_NOT_ISSUED' }).kind).toBe('unknown')
    expect(cancel(409, { type: 'IDEMPOTENCY_OUTSTANDING_REQUEST' }).kind).toBe('unknown')
  })
  it('502 PG_PROVIDER declines for codes of the table only', () => {
    for (const pgCode of Object.keys(receiptPgRefusals))
      expect(issue(502, { type: 'PG_PROVIDER', pgCode, pgMessage: 'm' }).kind).toBe('declined')
    for (const pgCode of ['', '0000', 'SBX-UNKNOWN', 'toString', '__proto__'])
      expect(issue(502, { type: 'PG_PROVIDER', pgCode, pgMessage: 'm' }).kind).toBe('unknown')
  })
  it('anything else is unknown, and nothing throws', () => {
    const known = new Set([...Object.keys(issueRefusals), ...Object.keys(cancelRefusals)])
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.string(), fc.jsonValue()), (status, body) => {
        const text = typeof body === 'string' ? body : JSON.stringify(body)
        for (const outcome of [cancel, issue, read]) {
          const said = outcome(status, text)
          if (![...known].some((type) => text.includes(type))) expect(said.kind).toBe('unknown')
        }
      }),
    )
  })
  it('a status that fits no answer keeps a good body unknown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
        fc.pre(status !== 200)
        expect(cancel(status, cancelledBody).kind).toBe('unknown')
        expect(issue(status, issuedBody).kind).toBe('unknown')
      }),
    )
  })
})
