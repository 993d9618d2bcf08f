import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS, parseIso, plus, type Instant } from '#lib/domain/kst.ts'
import { paymentStatuses } from '#lib/domain/payment.ts'
import {
  askedAsEscrow,
  judgeShipment,
  mayBeEarly,
  nextEarlyTry,
  paidForTaskUntil,
  sentAtProblem,
  shipmentDueAt,
  shipmentTaskFrom,
  stageOf,
  type ShippingFacts,
} from './shipping.ts'

const at = (text: string): Instant => parseIso(text) ?? expect.fail(text)
const paidAt = at('2026-11-20T10:00:00+09:00')
const after = (minutes: number) => plus(paidAt, minutes * MINUTE_MS)
const facts: ShippingFacts = {
  now: after(120),
  status: 'PAID',
  paidAt,
  escrow: 'BEFORE_REGISTERED',
  supported: true,
  registers: true,
  held: false,
  open: false,
  email: true,
}

describe('where a payment stands', () => {
  it.each([
    ['ISSUED', 'BEFORE_REGISTERED', 'unpaid'],
    ['PAID', 'BEFORE_REGISTERED', 'shipment_due'],
    ['PARTIALLY_REFUNDED', 'BEFORE_REGISTERED', 'shipment_due'],
    ['PAID', 'REGISTERED', 'registered'],
    ['PAID', 'DELIVERED', 'delivered'],
    ['PAID', 'CONFIRMED', 'confirmed'],
    ['PAID', 'REJECTED', 'refused'],
    ['PAID', 'REJECT_CONFIRMED', 'refused'],
    ['PAID', 'CANCELLED', 'cancelled'],
    ['REFUNDED', 'CONFIRMED', 'cancelled'],
    ['CLOSED', 'BEFORE_REGISTERED', 'cancelled'],
    ['PAID', 'SOMETHING_NEW', 'unrecognised'],
    ['PAID', 'toString', 'unrecognised'],
  ] as const)('%s and %s: %s', (status, escrow, stage) => {
    expect(stageOf(status, escrow)).toBe(stage)
  })
})

describe('whether it may be told now', () => {
  it.each([
    ['register', {}, { kind: 'now', warnings: [] }],
    ['register', { now: after(0) }, { kind: 'now', warnings: [] }],
    ['register', { email: false }, { kind: 'now', warnings: ['no_email'] }],
    ['register', { paidAt: null }, { kind: 'now', warnings: [] }],
    ['register', { escrow: null }, { kind: 'never', reason: 'not_escrow' }],
    ['register', { supported: false, registers: false }, { kind: 'never', reason: 'unsupported' }],
    ['change', { supported: false, registers: false }, { kind: 'never', reason: 'unsupported' }],
    ['change', { supported: false, escrow: 'REGISTERED' }, { kind: 'never', reason: 'no_change' }],
    ['hold', { supported: false }, { kind: 'never', reason: 'unsupported' }],
    ['hold', {}, { kind: 'never', reason: 'not_shipped' }],
    ['hold', { escrow: 'REGISTERED', email: false, now: after(0) }, { kind: 'now', warnings: [] }],
    ['hold', { escrow: 'DELIVERED' }, { kind: 'now', warnings: [] }],
    ['hold', { escrow: 'REJECTED' }, { kind: 'now', warnings: [] }],
    ['hold', { escrow: 'REGISTERED', held: true }, { kind: 'never', reason: 'held' }],
    ['hold', { escrow: 'REGISTERED', open: true }, { kind: 'never', reason: 'open' }],
    ['hold', { escrow: 'CONFIRMED' }, { kind: 'never', reason: 'ended' }],
    ['hold', { status: 'REFUNDED', escrow: 'REGISTERED' }, { kind: 'never', reason: 'cancelled' }],
    ['register', { open: true }, { kind: 'never', reason: 'open' }],
    ['register', { status: 'ISSUED' }, { kind: 'never', reason: 'unpaid' }],
    ['register', { status: 'REFUNDED' }, { kind: 'never', reason: 'cancelled' }],
    ['register', { status: 'PARTIALLY_REFUNDED' }, { kind: 'now', warnings: [] }],
    ['register', { escrow: 'REGISTERED' }, { kind: 'never', reason: 'registered' }],
    ['register', { escrow: 'CONFIRMED' }, { kind: 'never', reason: 'ended' }],
    ['register', { escrow: 'NEW' }, { kind: 'never', reason: 'unrecognised' }],
    ['change', {}, { kind: 'never', reason: 'not_registered' }],
    ['change', { escrow: 'REGISTERED', now: after(0) }, { kind: 'later', at: after(30), warnings: [] }],
    ['change', { escrow: 'REGISTERED', now: plus(after(30), -1) }, { kind: 'later', at: after(30), warnings: [] }],
    ['change', { escrow: 'REGISTERED', now: after(30) }, { kind: 'now', warnings: ['early'] }],
    ['change', { escrow: 'REGISTERED', now: plus(after(60), -1) }, { kind: 'now', warnings: ['early'] }],
    ['change', { escrow: 'REGISTERED', now: after(60) }, { kind: 'now', warnings: [] }],
    ['change', { escrow: 'REGISTERED', paidAt: null }, { kind: 'now', warnings: ['unknown_date'] }],
    ['change', { escrow: 'DELIVERED' }, { kind: 'now', warnings: ['delivered'] }],
    ['change', { escrow: 'REJECTED' }, { kind: 'never', reason: 'ended' }],
    ['change', { escrow: 'REGISTERED', status: 'REFUNDED' }, { kind: 'never', reason: 'cancelled' }],
    ['change', { escrow: 'REGISTERED', open: true }, { kind: 'never', reason: 'open' }],
  ] as const)('%s with %o', (kind, change, verdict) => {
    expect(judgeShipment(kind, { ...facts, ...change })).toEqual(verdict)
  })

  it('at most one of the two is open at any time, and none on what has ended', () => {
    const any = fc.record({
      now: fc.integer({ min: 0, max: 10_000 }).map(after),
      status: fc.constantFrom(...paymentStatuses),
      paidAt: fc.constantFrom(paidAt, null),
      escrow: fc.constantFrom(null, 'BEFORE_REGISTERED', 'REGISTERED', 'DELIVERED', 'CONFIRMED', 'REJECTED', 'X'),
      supported: fc.boolean(),
      registers: fc.boolean(),
      held: fc.boolean(),
      open: fc.boolean(),
      email: fc.boolean(),
    })
    fc.assert(
      fc.property(any, (given) => {
        const [register, change] = [judgeShipment('register', given), judgeShipment('change', given)]
        if (register.kind !== 'never' && change.kind !== 'never') return false
        const ended =
          given.escrow === null ||
          !['shipment_due', 'registered', 'delivered'].includes(stageOf(given.status, given.escrow))
        return !ended || (register.kind === 'never' && change.kind === 'never')
      }),
    )
  })
})

describe('what was too early', () => {
  it.each([
    [35, 40],
    [85, 90],
    [89, 94],
    [90, null],
    [100_000, null],
  ])('%i minutes after the payment is tried again at %s', (now, next) => {
    expect(nextEarlyTry(after(now), paidAt)).toBe(next === null ? null : after(next))
    expect(mayBeEarly(after(now), paidAt)).toBe(next !== null)
  })
  it('is not believed where nobody knows when it was paid', () => {
    expect(nextEarlyTry(after(1), null)).toBeNull()
  })
})

describe('the clock of a shipment that is due', () => {
  it('ends three days after the payment and stands among the tasks for the last of them', () => {
    expect(shipmentDueAt(paidAt)).toBe(plus(paidAt, 3 * DAY_MS))
    expect(shipmentTaskFrom(paidAt)).toBe(plus(paidAt, 2 * DAY_MS))
    expect(paidForTaskUntil(shipmentTaskFrom(paidAt))).toBe(paidAt)
  })
})

describe('the time of handing over', () => {
  it.each([
    ['2026-11-20T00:00:00+09:00', null],
    ['2026-11-19T23:59:59+09:00', 'sent_before_paid'],
    ['2026-11-21T23:59:59+09:00', null],
    ['2026-11-22T00:00:00+09:00', 'sent_in_future'],
  ])('%s: %s', (text, problem) => {
    expect(sentAtProblem(at(text), facts)).toBe(problem)
  })
})

describe('what was asked for as escrow', () => {
  it.each([
    ['REGISTERED', 0, 'escrow'],
    [null, 59, 'not_known_yet'],
    [null, 60, 'not_escrow'],
  ])('%s after %i minutes: %s', (escrow, minutes, expected) => {
    expect(askedAsEscrow(escrow, { now: after(minutes), paidAt })).toBe(expected)
  })
})
