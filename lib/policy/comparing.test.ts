import { describe, expect, it } from 'vitest'
import type { Told } from '../domain/comparison.ts'
import { instant } from '../domain/kst.ts'
import { minor } from '../domain/money.ts'
import { compareTold, mayRecord, type Known } from './comparing.ts'

const DAY = 86_400_000
const days = { start: instant(10 * DAY), end: instant(11 * DAY) }
const noon = instant(10 * DAY + DAY / 2)
const told = (more: Partial<Told> = {}): Told => ({
  number: '26869900661952',
  lines: [2],
  amount: minor(10_000),
  method: 'CARD',
  approvedAt: noon,
  paid: true,
  cancelled: minor(0),
  partly: false,
  cancels: [],
  ...more,
})
const known = (more: Partial<Known> = {}): Known => ({
  method: 'CARD',
  amount: minor(10_000),
  paid: true,
  closed: false,
  refunds: [],
  ...more,
})
const refund = (amount: number, at = noon) => ({ amount: minor(amount), at })
const cancelled = (...amounts: readonly number[]) => ({
  cancelled: minor(amounts.reduce((sum, one) => sum + one, 0)),
  cancels: amounts.map((amount) => ({ amount: minor(amount), at: noon })),
})

describe('a row of a file beside our record', () => {
  it.each([
    ['the same', {}, {}, null],
    ['another amount', { amount: minor(9_000) }, {}, ['amount']],
    ['no amount', { amount: null }, {}, null],
    ['another method', { method: 'MOBILE' }, {}, ['method']],
    ['a wallet for a card', { method: 'EASY_PAY' }, {}, null],
    ['more cancelled', cancelled(3_000), {}, ['cancelled_more']],
    ['as much cancelled', cancelled(3_000), { refunds: [refund(1_000), refund(2_000)] }, null],
    ['less cancelled', cancelled(1_000), { refunds: [refund(3_000)] }, ['cancelled_less']],
    ['nothing said of cancels', { cancelled: null }, { refunds: [refund(3_000)] }, null],
    ['partly cancelled, no amount said, and we know none', { cancelled: null, partly: true }, {}, ['status']],
    ['partly cancelled, no amount said', { cancelled: null, partly: true }, { refunds: [refund(3_000)] }, null],
    ['paid, we wait for it', {}, { paid: false }, ['status']],
    ['waiting, we know it paid', { paid: false }, {}, ['status']],
    ['a cancel of an account that was closed unpaid', { ...cancelled(10_000) }, { paid: false, closed: true }, null],
  ] as const)('%s', (_, file, ours, whys) => {
    expect(compareTold(told(file), known(ours), 'payments', days)?.whys ?? null).toEqual(whys)
  })
  it('of events only what was cancelled on these days counts, an hour around midnight either way', () => {
    const at = (ms: number) => known({ refunds: [refund(3_000, instant(ms))] })
    const whys = (file: Partial<Told>, ours: Known) => compareTold(told(file), ours, 'events', days)?.whys ?? null
    expect(whys({}, at(9 * DAY))).toBe(null)
    expect(whys(cancelled(3_000), at(9 * DAY))).toEqual(['cancelled_more'])
    expect(whys(cancelled(3_000), at(10 * DAY - 1_000))).toBe(null)
    expect(whys({}, at(10 * DAY - 1_000))).toBe(null)
    expect(whys({}, at(noon))).toEqual(['cancelled_less'])
  })
  it('of payments what was cancelled after the days may stand in the file or not', () => {
    const ours = known({ refunds: [refund(3_000, instant(12 * DAY))] })
    expect(compareTold(told(), ours, 'payments', days)).toBe(null)
    expect(compareTold(told(cancelled(3_000)), ours, 'payments', days)).toBe(null)
    expect(compareTold(told(cancelled(4_000)), ours, 'payments', days)?.whys).toEqual(['cancelled_more'])
  })
  it('tells which cancels are not known, and one for all where it cannot be said', () => {
    const file = told(cancelled(1_000, 2_000, 1_000))
    const found = compareTold(file, known({ refunds: [refund(1_000)] }), 'events', days)
    expect(found?.unknown.map(({ amount }) => amount)).toEqual([2_000, 1_000])
    const sums = compareTold(told(cancelled(4_000)), known({ refunds: [refund(1_000)] }), 'payments', days)
    expect(sums?.unknown).toEqual([{ amount: 3_000, at: noon }])
  })
  it('may be recorded only where the sums hold and the payment is the same', () => {
    const may = (file: Partial<Told>, ours: Partial<Known> = {}) => {
      const found = compareTold(told(file), known(ours), 'payments', days)
      return found !== null && mayRecord(known(ours), found)
    }
    expect(may(cancelled(10_000))).toBe(true)
    expect(may(cancelled(10_001))).toBe(false)
    expect(may({ ...cancelled(3_000), amount: minor(9_000) })).toBe(false)
    expect(may(cancelled(3_000), { paid: false })).toBe(false)
    expect(may({})).toBe(false)
  })
  it('never asks to record what would go beyond what was received, whatever the figures', () => {
    const steps = [0, 1, 999, 1_000, 5_000, 9_999, 10_000, 10_001, 20_000]
    for (const gone of steps)
      for (const ours of steps.filter((one) => one <= 10_000)) {
        const record = known({ refunds: ours === 0 ? [] : [refund(ours)] })
        const found = compareTold(told(cancelled(gone)), record, 'payments', days)
        const recorded =
          found && mayRecord(record, found) ? found.unknown.reduce((sum, { amount }) => sum + amount, 0) : 0
        expect(ours + recorded).toBeLessThanOrEqual(10_000)
        if (recorded > 0) expect(ours + recorded).toBe(gone)
      }
  })
})
