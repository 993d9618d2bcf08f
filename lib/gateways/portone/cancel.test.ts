import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { CancelInput, Reply } from '../connector.ts'
import { bears, cancel, mark } from './cancel.ts'
import { pgRefusals, refusals } from './codes.ts'

const input: CancelInput = {
  intentId: '11111111-1111-4111-8111-111111111111',
  at: instant(Date.UTC(2026, 10, 21)),
  token: 'JP-0011223344556677',
  kind: 'CANCEL',
  paymentId: 'order 1/2',
  channelKey: 'channel-key-1',
  pgTxId: null,
  method: 'CARD',
  currency: 'KRW',
  amount: minor(3_000),
  taxFree: minor(1_000),
  whole: false,
  mixedTax: true,
  escrow: null,
  remainder: minor(12_000),
  refunded: minor(0),
  sequence: 1,
  reason: '고객 변심',
  refundAccount: null,
  earlierUnresolved: false,
}
const call = {
  credentials: { storeId: 'store-1', apiSecret: 'secret' },
  endpoint: 'https://api.portone.io',
  program: null,
}
const answer = (status: number, body: unknown): Reply => ({
  via: 'http',
  status,
  contentType: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const outcome = (status: number, body: unknown, wish = input) => cancel.reply(answer(status, body), wish)
const made = (change: object = {}) => ({
  cancellation: {
    status: 'SUCCEEDED',
    id: 'cancellation-1',
    totalAmount: 3_000,
    taxFreeAmount: 1_000,
    vatAmount: 182,
    reason: `고객 변심 ${mark(input.token)}`,
    requestedAt: '2026-11-21T01:00:00Z',
    cancelledAt: '2026-11-21T01:00:01Z',
    ...change,
  },
})

describe('the request', () => {
  it('names amount, tax-free part and remainder, carries the intent as key and the mark in the reason, and no secret', () => {
    const wire = cancel.request(input, call)
    expect(wire).toEqual({
      via: 'http',
      method: 'POST',
      url: 'https://api.portone.io/payments/order%201%2F2/cancel',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        'Idempotency-Key': `"${input.intentId}"`,
      },
      body: JSON.stringify({
        storeId: 'store-1',
        amount: 3_000,
        taxFreeAmount: 1_000,
        currentCancellableAmount: 12_000,
        reason: '고객 변심 [JP-0011223344556677]',
        requester: 'ADMIN',
      }),
    })
    expect(cancel.request(input, call)).toEqual(wire)
  })
})

describe('the answer', () => {
  it('200 SUCCEEDED with the asked amount is done', () => {
    expect(outcome(200, made({ pgCancellationId: '00876543' }))).toMatchObject({
      kind: 'done',
      reference: 'cancellation-1',
      value: { approvalNumber: '00876543' },
    })
  })
  it('REQUESTED is pending, FAILED declined, and declined no more once an earlier sending is open', () => {
    expect(outcome(200, made({ status: 'REQUESTED' }))).toEqual({ kind: 'pending', reference: 'cancellation-1' })
    expect(outcome(200, made({ status: 'FAILED' })).kind).toBe('declined')
    expect(outcome(200, made({ status: 'FAILED' }), { ...input, earlierUnresolved: true }).kind).toBe('unknown')
  })
  it('each listed refusal declines at its own status only, and only without an open earlier sending', () => {
    for (const [type, { status }] of Object.entries(refusals)) {
      expect(outcome(status, { type, message: 'no' })).toMatchObject({ kind: 'declined', code: type })
      expect(outcome(status === 409 ? 400 : 409, { type }).kind).toBe('unknown')
      expect(outcome(status, { type }, { ...input, earlierUnresolved: true }).kind).toBe('unknown')
    }
  })
  it('what may speak of a cancel made before is unknown, told by its type', () => {
    for (const type of [
      'IDEMPOTENCY_OUTSTANDING_REQUEST',
      'PAYMENT_ALREADY_CANCELLED',
      'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN',
    ]) {
      expect(outcome(409, { type, message: 'x' })).toEqual({ kind: 'unknown', cause: type })
    }
  })
  it('502 PG_PROVIDER declines for codes of the table only', () => {
    for (const pgCode of Object.keys(pgRefusals))
      expect(outcome(502, { type: 'PG_PROVIDER', pgCode, pgMessage: 'm' }).kind).toBe('declined')
    for (const pgCode of ['', '0000', 'SBX-ALREADY', 'SBX-UNKNOWN', 'toString', '__proto__'])
      expect(outcome(502, { type: 'PG_PROVIDER', pgCode, pgMessage: 'm' }).kind).toBe('unknown')
  })
})

describe('the mark', () => {
  it('is the last in a reason, whatever the clerk wrote before it', () => {
    expect(bears('고객 변심 [JP-1]', 'JP-1')).toBe(true)
    expect(bears('또 [JP-1] [JP-2]', 'JP-2')).toBe(true)
    expect(bears('또 [JP-1] [JP-2]', 'JP-1')).toBe(false)
    expect(bears('관리자페이지취소', 'JP-1')).toBe(false)
  })
})

describe('what is not known is never done and never declined', () => {
  const judged = (status: number, body: unknown) => ['done', 'declined'].includes(outcome(status, body).kind)
  const names = Object.keys(made().cancellation)

  it('any bytes under any status', () => {
    fc.assert(fc.property(fc.integer({ min: 100, max: 599 }), fc.string(), (status, body) => !judged(status, body)))
    fc.assert(fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, body) => !judged(status, body)))
  })
  it('an unknown status, type or member', () => {
    const unknownWord = fc
      .string()
      .filter((word) => !['SUCCEEDED', 'REQUESTED', 'FAILED'].includes(word) && !Object.hasOwn(refusals, word))
    fc.assert(fc.property(unknownWord, (word) => !judged(200, made({ status: word }))))
    fc.assert(
      fc.property(
        fc.integer({ min: 400, max: 599 }),
        unknownWord,
        (status, type) => !judged(status, { type, message: '' }),
      ),
    )
    const unknownName = fc
      .string()
      .filter(
        (name) =>
          !names.includes(name) &&
          !['pgCancellationId', 'easyPayDiscountAmount', 'trigger', 'receiptUrl', '__proto__'].includes(name),
      )
    fc.assert(
      fc.property(
        unknownName,
        fc.jsonValue(),
        (name, value) =>
          !judged(200, made({ [name]: value })) &&
          !judged(200, { ...made(), [name]: value }) &&
          !judged(409, { type: 'PAYMENT_NOT_PAID', [name]: value }),
      ),
      { examples: [['extra', 1]] },
    )
  })
  it('a success at another status than 200, or with another amount, tax-free part or reason', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }).filter((status) => status !== 200),
        (status) => !judged(status, made()),
      ),
    )
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => value !== 3_000),
        (value) => !judged(200, made({ totalAmount: value })),
      ),
    )
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => value !== 1_000),
        (value) => !judged(200, made({ taxFreeAmount: value })),
      ),
    )
    expect(judged(200, made({ reason: '고객 변심' }))).toBe(false)
  })
  it('a member left out or of another kind', () => {
    for (const name of ['status', 'id', 'totalAmount', 'taxFreeAmount', 'vatAmount', 'reason', 'requestedAt']) {
      expect(judged(200, made({ [name]: undefined }))).toBe(false)
      fc.assert(
        fc.property(
          fc.jsonValue().filter((value) => typeof value !== typeof Reflect.get(made().cancellation, name)),
          (value) => !judged(200, made({ [name]: value })),
        ),
      )
    }
  })
})
