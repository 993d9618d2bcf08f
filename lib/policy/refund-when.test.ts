import { expect, test } from 'vitest'
import { methods } from '#lib/domain/payment.ts'
import ko from '../i18n/rules.ko.json' with { type: 'json' }
import { addBusinessDays, addDays, parseKstDate, weekday, type KstDate } from '#lib/domain/kst.ts'
import { refundDays, refundWhen } from './refund-when.ts'

test('when the buyer has the money', () => {
  expect(refundWhen('CARD', { captured: false, checkCard: false }, false)).toBe('at_once')
  expect(refundWhen('CARD', { captured: false, checkCard: false }, true)).toBe('one_to_three_business_days')
  expect(refundWhen('CARD', { captured: true, checkCard: null }, false)).toBe('one_to_three_business_days')
  expect(refundWhen('CARD', { captured: null, checkCard: null }, false)).toBe('card_unknown_stage')
  expect(refundWhen('CARD', { captured: false, checkCard: true }, false)).toBe('check_card')
  expect(refundWhen('VIRTUAL_ACCOUNT', { captured: null, checkCard: null }, true)).toBe('next_business_day')
})

test('every answer has its sentence', () => {
  const maybe = [true, false, null]
  for (const method of methods)
    for (const captured of maybe)
      for (const checkCard of maybe)
        for (const partial of [true, false])
          expect(ko['REFUND-WHEN']).toHaveProperty(refundWhen(method, { captured, checkCard }, partial))
})

const day = (text: string): KstDate => {
  const read = parseKstDate(text)
  if (read === null) throw new Error(`no such day: ${text}`)
  return read
}

test.each([
  // A Tuesday, a Thursday, a Friday, a Saturday, a Sunday, over the end of a year and of a February.
  ['2026-11-17', 1, '2026-11-18'],
  ['2026-11-17', 3, '2026-11-20'],
  ['2026-11-19', 1, '2026-11-20'],
  ['2026-11-19', 3, '2026-11-24'],
  ['2026-11-20', 1, '2026-11-23'],
  ['2026-11-20', 3, '2026-11-25'],
  ['2026-11-21', 1, '2026-11-23'],
  ['2026-11-21', 3, '2026-11-25'],
  ['2026-11-22', 1, '2026-11-23'],
  ['2026-12-31', 2, '2027-01-04'],
  ['2028-02-28', 2, '2028-03-01'],
  ['2026-11-17', 0, '2026-11-17'],
])('%s and %i business days are %s', (from, days, to) => {
  expect(addBusinessDays(day(from), days)).toBe(to)
})

test('a business day is never a weekend, and each is later than the one before', () => {
  for (let offset = 0; offset < 14; offset += 1) {
    const from = addDays(day('2026-11-16'), offset)
    for (let days = 1; days < 8; days += 1) {
      const to = addBusinessDays(from, days)
      expect([0, 6]).not.toContain(weekday(to))
      expect(to > addBusinessDays(from, days - 1)).toBe(true)
    }
  }
})

test.each([
  ['one_to_three_business_days', { from: '2026-11-23', to: '2026-11-25' }],
  ['next_business_day', { from: '2026-11-23', to: '2026-11-23' }],
  ['card_unknown_stage', { from: '2026-11-20', to: '2026-11-25' }],
  ['at_once', { from: '2026-11-20', to: '2026-11-20' }],
  ['check_card', null],
  ['ask_gateway', null],
] as const)('a cancel of a Friday, %s', (reason, days) => {
  expect(refundDays(reason, day('2026-11-20'))).toEqual(days)
})
