import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { courierCodes } from '#lib/domain/couriers.ts'
import { parseIso } from '#lib/domain/kst.ts'
import type { Reply, ShipmentInput } from '../connector.ts'
import { escrowPgRefusals, escrowRefusals } from './codes.ts'
import { changeShipment, registerShipment } from './escrow.ts'

const input: ShipmentInput = {
  key: '11111111-1111-4111-8111-111111111111-1',
  paymentId: 'order 1/2',
  company: 'CJ',
  trackingNumber: '000123456789',
  sentAt: parseIso('2026-11-21T05:03:22Z') ?? expect.fail(),
  sendEmail: true,
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

const cases = [
  { name: 'register', operation: registerShipment, method: 'POST', doneAt: 'appliedAt', otherAt: 'modifiedAt' },
  { name: 'change', operation: changeShipment, method: 'PATCH', doneAt: 'modifiedAt', otherAt: 'appliedAt' },
] as const

describe.each(cases)('$name', ({ operation, method, doneAt, otherAt }) => {
  const outcome = (status: number, body: unknown, wish = input) => operation.reply(answer(status, body), wish)
  const made = (change: object = {}) => ({
    invoiceNumber: input.trackingNumber,
    sentAt: '2026-11-21T14:03:22+09:00',
    [doneAt]: '2026-11-21T05:10:00Z',
    ...change,
  })
  const judged = (status: number, body: unknown) => ['done', 'declined'].includes(outcome(status, body).kind)

  it('asks with courier, number as text, time with its offset and the key, and no secret', () => {
    const wire = operation.request(input, call)
    expect(wire).toEqual({
      via: 'http',
      method,
      url: 'https://api.portone.io/payments/order%201%2F2/escrow/logistics',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        'Idempotency-Key': `"${input.key}"`,
      },
      body: JSON.stringify({
        storeId: 'store-1',
        logistics: { company: 'CJ', invoiceNumber: '000123456789', sentAt: '2026-11-21T14:03:22+09:00' },
        sendEmail: true,
      }),
    })
    expect(operation.request(input, call)).toEqual(wire)
    for (const company of courierCodes)
      expect(operation.request({ ...input, company }, call)).toMatchObject({
        method,
        body: expect.stringContaining(company),
      })
  })
  it('200 with the number and the time that were asked is done', () => {
    expect(outcome(200, made())).toEqual({
      kind: 'done',
      reference: '000123456789',
      value: { at: parseIso('2026-11-21T05:10:00Z') },
    })
    expect(outcome(200, made({ sentAt: '2026-11-21T05:03:22.000Z' })).kind).toBe('done')
  })
  it.each([
    ['a number without its zeros', { invoiceNumber: '123456789' }],
    ['a number that is no text', { invoiceNumber: 123456789 }],
    ['another time', { sentAt: '2026-11-21T14:04:22+09:00' }],
    ['a time without a zone', { sentAt: '2026-11-21T14:03:22' }],
    ['a member that is not known', { extra: 1 }],
    ["the other operation's answer", { [doneAt]: undefined, [otherAt]: '2026-11-21T05:10:00Z' }],
    ['no number', { invoiceNumber: undefined }],
  ])('200 with %s is unknown', (_, change) => {
    expect(outcome(200, made(change)).kind).toBe('unknown')
  })
  it('each listed refusal declines at its own status only, and only without an open earlier sending', () => {
    for (const [type, { status, reason }] of Object.entries(escrowRefusals)) {
      expect(outcome(status, { type, message: 'no' })).toMatchObject({ kind: 'declined', code: type, reason })
      expect(outcome(status === 409 ? 400 : 409, { type }).kind).toBe('unknown')
      expect(outcome(status, { type }, { ...input, earlierUnresolved: true }).kind).toBe('unknown')
    }
    expect(outcome(409, { type: 'IDEMPOTENCY_OUTSTANDING_REQUEST' })).toEqual({
      kind: 'unknown',
      cause: 'IDEMPOTENCY_OUTSTANDING_REQUEST',
    })
  })
  it('502 PG_PROVIDER declines for codes of the table only; too early is a reason of its own', () => {
    const refused = (pgCode: string) => ({ type: 'PG_PROVIDER', pgCode, pgMessage: 'm' })
    for (const [pgCode, reason] of Object.entries(escrowPgRefusals)) {
      expect(outcome(502, refused(pgCode))).toMatchObject({ kind: 'declined', code: pgCode, reason })
      expect(outcome(502, refused(pgCode), { ...input, earlierUnresolved: true }).kind).toBe('unknown')
      expect(outcome(500, refused(pgCode)).kind).toBe('unknown')
    }
    expect(outcome(502, refused('SBX-ESCROW-EARLY'))).toMatchObject({ reason: 'too_early' })
    for (const pgCode of ['', '0000', 'SBX-UNKNOWN', 'SBX-VA-HOURS', 'toString', '__proto__'])
      expect(outcome(502, refused(pgCode)).kind).toBe('unknown')
  })
  it('what is not known is never done and never declined', () => {
    const anyStatus = fc.integer({ min: 100, max: 599 })
    fc.assert(fc.property(anyStatus, fc.string(), (status, body) => !judged(status, body)))
    fc.assert(fc.property(anyStatus, fc.jsonValue(), (status, body) => !judged(status, body)))
    fc.assert(
      fc.property(
        anyStatus.filter((status) => status !== 200),
        (status) => !judged(status, made()),
      ),
    )
    const unknownWord = fc.string().filter((word) => !Object.hasOwn(escrowRefusals, word))
    fc.assert(fc.property(anyStatus, unknownWord, (status, type) => !judged(status, { type, message: '' })))
    const unknownName = fc
      .string()
      .filter((name) => !['invoiceNumber', 'sentAt', doneAt, 'type', 'message', '__proto__'].includes(name))
    fc.assert(
      fc.property(
        unknownName,
        fc.jsonValue(),
        (name, value) =>
          !judged(200, made({ [name]: value })) && !judged(409, { type: 'PAYMENT_NOT_PAID', [name]: value }),
      ),
      { examples: [['extra', 1]] },
    )
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => value !== input.trackingNumber),
        (value) => !judged(200, made({ invoiceNumber: value })),
      ),
    )
  })
})
