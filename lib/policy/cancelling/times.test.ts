import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, plus, toIso, type Instant } from '#lib/domain/kst.ts'
import { at, facts, routes } from '../example-facts.ts'
import type { CancelFacts } from '../cancel-facts.ts'
import { cancelKcpNight, cancelMobileMonth, cancelVaHours, cancelWindow, lastOfWindow } from './times.ts'

const anyTime = fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2100-01-01T00:00:00Z') }).map(instant)
const anyDay = fc
  .integer({ min: 0, max: 40_000 })
  .map((day) => instant(at('1990-01-01T00:00:00+09:00') + day * 86_400_000))
const hm = (hours: number, minutes = 0): number => (hours * 60 + minutes) * 60_000

describe('CANCEL-WINDOW', () => {
  test.each([
    ['2026-05-21T00:00:00+09:00', '2026-11-21'],
    ['2026-05-20T23:59:59+09:00', '2026-11-20'],
    ['2026-03-31T10:00:00+09:00', '2026-09-30'],
    ['2026-08-31T10:00:00+09:00', '2027-02-28'],
    ['2027-08-31T10:00:00+09:00', '2028-02-29'],
    ['2027-08-30T10:00:00+09:00', '2028-02-29'],
    ['2027-08-29T10:00:00+09:00', '2028-02-29'],
    ['2028-02-29T10:00:00+09:00', '2028-08-29'],
    ['2026-12-31T23:59:59.999+09:00', '2027-06-30'],
    // 00:30 in Seoul on the first is still the month before in UTC.
    ['2026-08-31T15:30:00Z', '2027-03-01'],
  ])('paid %s, last day %s', (paid, lastDay) => {
    const paidAt = at(paid)
    const lastAt = at(`${lastDay}T23:59:59.999+09:00`)
    expect(cancelWindow.judge(facts({ paidAt, now: lastAt }))).toMatchObject({
      kind: 'allowed',
      reason: 'until',
      facts: { lastAt },
    })
    expect(cancelWindow.judge(facts({ paidAt, now: plus(lastAt, 1) }))).toMatchObject({
      kind: 'never',
      facts: { paidAt, lastAt },
    })
  })

  test('ends with the last millisecond of a day in Seoul, six months on, never on a later day of the month', () => {
    fc.assert(
      fc.property(anyTime, (paidAt) => {
        const paid = toIso(plus(paidAt, hm(9)))
        const last = toIso(plus(lastOfWindow(paidAt), hm(9)))
        expect(last.slice(11)).toBe('23:59:59.999Z')
        const months = (iso: string): number => Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7))
        expect(months(last) - months(paid)).toBe(6)
        const daysShort = Number(paid.slice(8, 10)) - Number(last.slice(8, 10))
        expect(daysShort).toBeGreaterThanOrEqual(0)
        const isMonthEnd = toIso(plus(lastOfWindow(paidAt), hm(9) + 1)).slice(8, 10) === '01'
        if (daysShort > 0) expect(isMonthEnd).toBe(true)
      }),
    )
  })

  test('an unknown date is a warning', () => {
    expect(cancelWindow.judge(facts({ paidAt: null }))).toMatchObject({ kind: 'warned', reason: 'unknown_date' })
  })
})

describe('CANCEL-VA-HOURS', () => {
  const judge = (now: Instant, paidAt: Instant | null) =>
    cancelVaHours.judge(facts({ method: 'VIRTUAL_ACCOUNT', now, paidAt }))

  test('opens at 06:00:00.000 and is closed from 23:00:00.000, on every day', () => {
    fc.assert(
      fc.property(anyDay, (midnight) => {
        const opensAt = plus(midnight, hm(6))
        const closesAt = plus(midnight, hm(23))
        const nextOpensAt = plus(midnight, hm(30))
        expect(judge(midnight, null)).toMatchObject({ kind: 'not_now', until: opensAt, facts: { opensAt } })
        expect(judge(plus(opensAt, -1), null)).toMatchObject({ kind: 'not_now', until: opensAt })
        expect(judge(opensAt, null)).toMatchObject({ kind: 'allowed', facts: { closesAt } })
        expect(judge(plus(closesAt, -1), null)).toMatchObject({ kind: 'allowed', facts: { closesAt } })
        expect(judge(closesAt, null)).toMatchObject({ kind: 'not_now', until: nextOpensAt })
        expect(judge(plus(midnight, hm(24) - 1), null)).toMatchObject({ kind: 'not_now', until: nextOpensAt })
      }),
    )
  })

  test('until is a time at which hours and window both allow it, or nothing', () => {
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 0, max: 200 * 86_400_000 }), (paidAt, later) => {
        const verdict = judge(plus(paidAt, later), paidAt)
        if (verdict?.kind !== 'not_now' || verdict.until === null) return
        expect(judge(verdict.until, paidAt)?.kind).toBe('allowed')
        expect(cancelWindow.judge(facts({ paidAt, now: verdict.until }))?.kind).toBe('allowed')
        expect(verdict.until - plus(paidAt, later)).toBeLessThanOrEqual(hm(7))
      }),
    )
  })

  test('on the last evening there is no later', () => {
    const paidAt = at('2026-05-21T12:00:00+09:00')
    const lastAt = at('2026-11-21T23:59:59.999+09:00')
    expect(judge(at('2026-11-21T22:59:59.999+09:00'), paidAt)).toMatchObject({ kind: 'allowed' })
    expect(judge(at('2026-11-21T23:00:00+09:00'), paidAt)).toMatchObject({
      kind: 'not_now',
      until: null,
      facts: { lastAt },
    })
    expect(judge(at('2026-11-20T23:00:00+09:00'), paidAt)).toMatchObject({
      kind: 'not_now',
      until: at('2026-11-21T06:00:00+09:00'),
    })
  })
})

test('CANCEL-KCP-NIGHT: from 01:50:00.000 to before 02:30:00.000', () => {
  fc.assert(
    fc.property(anyDay, (midnight) => {
      const judge = (ms: number) => cancelKcpNight.judge(facts({ ...routes['KCP REST'], now: plus(midnight, ms) }))
      const until = plus(midnight, hm(2, 30))
      expect(judge(hm(1, 50) - 1)).toBeNull()
      expect(judge(hm(1, 50))).toMatchObject({ kind: 'not_now', until, facts: { opensAt: until } })
      expect(judge(hm(2, 30) - 1)).toMatchObject({ kind: 'not_now', until })
      expect(judge(hm(2, 30))).toBeNull()
    }),
  )
})

test('CANCEL-MOBILE-MONTH: warns after the calendar month, never refuses', () => {
  const judge = (changes: Partial<CancelFacts>) => cancelMobileMonth.judge(facts({ method: 'MOBILE', ...changes }))
  const paidAt = at('2028-02-01T00:00:00+09:00')
  const lastAt = at('2028-02-29T23:59:59.999+09:00')
  expect(judge({ paidAt, now: lastAt })).toMatchObject({ kind: 'allowed', facts: { lastAt } })
  expect(judge({ paidAt, now: plus(lastAt, 1) })).toMatchObject({ kind: 'warned', reason: 'later_month' })
  expect(judge({ paidAt: null })).toMatchObject({ kind: 'warned', reason: 'unknown_date' })
})
