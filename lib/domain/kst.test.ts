import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  DAY_MS,
  endOfDay,
  formatInstant,
  formatTime,
  fromDate,
  instant,
  kstDate,
  parseIso,
  parseKst,
  parseKstDate,
  plus,
  startOfDay,
  startOfMonth,
  timeOfDayMs,
  toDate,
  toIso,
  toKstIso,
  weekday,
  type KstDate,
} from './kst.ts'

const day = (text: string): KstDate => {
  const read = parseKstDate(text)
  if (read === null) throw new Error(text)
  return read
}
const anyInstant = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2150-01-01T00:00:00Z'), noInvalidDate: true })
  .map(fromDate)
const anyDay = anyInstant.map(kstDate)
const seoul = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul', dateStyle: 'short', timeStyle: 'medium' })

describe('instants', () => {
  test('are whole milliseconds', () => {
    for (const bad of [0.5, Number.NaN, Infinity]) expect(() => instant(bad)).toThrow(RangeError)
    expect(() => fromDate(new Date('nonsense'))).toThrow(RangeError)
  })

  test('go to dates and text and back', () => {
    fc.assert(
      fc.property(anyInstant, (at) => {
        expect(fromDate(toDate(at))).toBe(at)
        expect(parseIso(toIso(at))).toBe(at)
        expect(parseIso(`${toIso(plus(at, 9 * 3_600_000)).slice(0, -1)}+09:00`)).toBe(at)
      }),
    )
  })

  test.each([
    ['2026-11-21T14:03:22+09:00', '2026-11-21T05:03:22.000Z'],
    ['2026-11-21T14:03:22+0900', '2026-11-21T05:03:22.000Z'],
    ['2026-11-21T05:03Z', '2026-11-21T05:03:00.000Z'],
    ['2026-11-21T05:03:22.123456789Z', '2026-11-21T05:03:22.123Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    const at = parseIso(text)
    expect(at === null ? null : toIso(at)).toBe(expected)
  })

  test.each([
    '2026-11-21T14:03:22',
    '2026-11-21',
    '20261121140322',
    '',
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00+09:00',
    '2026-13-01T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T14:60:00Z',
    '2026-11-21T14:00:60Z',
    '2026-11-21T14:00:00+99:99',
    ' 2026-11-21T14:03:22Z',
    '2026-11-21T14:03:22Z\n',
    '2026-11-21 14:03:22Z',
  ])('does not read "%s"', (text) => {
    expect(parseIso(text)).toBeNull()
  })
})

describe('days in Seoul', () => {
  test('agree with the time zone database', () => {
    fc.assert(
      fc.property(anyInstant, (at) => {
        expect(`${kstDate(at)} ${formatTime(at)}`).toBe(seoul.format(at))
      }),
    )
  })

  test('begin and end at midnight, to the millisecond', () => {
    fc.assert(
      fc.property(anyDay, (date) => {
        expect(kstDate(startOfDay(date))).toBe(date)
        expect(kstDate(plus(startOfDay(date), -1))).toBe(addDays(date, -1))
        expect(kstDate(plus(endOfDay(date), -1))).toBe(date)
        expect(kstDate(endOfDay(date))).toBe(addDays(date, 1))
        expect(timeOfDayMs(startOfDay(date))).toBe(0)
        expect(timeOfDayMs(plus(endOfDay(date), -1))).toBe(DAY_MS - 1)
        expect(weekday(addDays(date, 1))).toBe((weekday(date) + 1) % 7)
      }),
    )
  })

  test('an instant is its day and its time of day', () => {
    fc.assert(
      fc.property(anyInstant, (at) => {
        expect(plus(startOfDay(kstDate(at)), timeOfDayMs(at))).toBe(at)
      }),
    )
  })

  test.each(['2026-02-29', '2026-00-10', '2026-04-31', '2026-1-1', '20260101', '2026-01-01 ', '+02026-01-01'])(
    'there is no %s',
    (text) => {
      expect(parseKstDate(text)).toBeNull()
    },
  )

  test('a year of five digits is no day', () => {
    expect(() => kstDate(instant(Date.UTC(10_000, 0)))).toThrow(RangeError)
  })

  test('are written with their weekday', () => {
    const at = instant(Date.parse('2026-11-21T14:03:22+09:00'))
    expect(formatInstant(at, 'ko')).toBe('2026-11-21 14:03:22 (토)')
    expect(formatInstant(at, 'en')).toBe('2026-11-21 14:03:22 (Sat)')
  })
})

describe('months', () => {
  test.each([
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2028-02-29', 48, '2032-02-29'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-01-31', -12, '2025-01-31'],
    ['2099-11-30', 3, '2100-02-28'],
    ['0050-01-31', 1, '0050-02-28'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(addMonths(day(from), months)).toBe(to)
  })

  test('keep the day, or take the last one', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -240, max: 240 }), (date, months) => {
        const moved = addMonths(date, months)
        const index = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7))
        expect(index(moved) - index(date)).toBe(months)
        if (moved.slice(8) !== date.slice(8)) {
          expect(moved.slice(8) < date.slice(8)).toBe(true)
          expect(addDays(moved, 1).slice(8)).toBe('01')
        }
        expect(startOfMonth(moved)).toBe(addMonths(startOfMonth(date), months))
        expect(parseKstDate(moved)).toBe(moved)
      }),
    )
  })
})

describe('a clock on a wall in Seoul', () => {
  test.each([
    ['2026-11-21 14:03:22', '2026-11-21T05:03:22.000Z'],
    ['2026-11-21T14:03', '2026-11-21T05:03:00.000Z'],
    ['2026-11-21', '2026-11-20T15:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    const read = parseKst(text)
    expect(read === null ? null : toIso(read)).toBe(iso)
  })
  test.each(['', '2026-02-30', '2026-11-21 24:00', '2026-11-21 1:00', '2026-11-21T14:03Z', '21.11.2026', '20261121'])(
    '%s is not read',
    (text) => expect(parseKst(text)).toBeNull(),
  )
  test('is read back from what is written with its offset', () => {
    fc.assert(
      fc.property(anyInstant, (ms) => {
        const at = instant(Math.floor(ms / 1_000) * 1_000)
        return parseIso(toKstIso(at)) === at && parseKst(toKstIso(at).slice(0, 19)) === at
      }),
    )
  })
})
