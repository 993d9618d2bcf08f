import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { add, formatMinor, formatMoney, isCurrency, minor, parseMoney, subtract, type Currency } from './money.ts'

const currency = fc.constantFrom<Currency>('KRW', 'USD')
const amount = fc.integer({ min: 0, max: 9_999_999_999_999 }).map(minor)

describe('amounts', () => {
  test('are whole and exact', () => {
    for (const bad of [0.1, Number.NaN, Infinity, 2 ** 53, -(2 ** 53)]) expect(() => minor(bad)).toThrow(RangeError)
    for (const bad of [2n ** 53n, 2n ** 53n + 1n, -(2n ** 64n)]) expect(() => minor(bad)).toThrow(RangeError)
    expect(minor(9_007_199_254_740_991n)).toBe(9_007_199_254_740_991)
    expect(() => add(minor(Number.MAX_SAFE_INTEGER), minor(1))).toThrow(RangeError)
    expect(() => subtract(minor(Number.MIN_SAFE_INTEGER), minor(1))).toThrow(RangeError)
  })

  test('what is added can be taken away', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(subtract(add(a, b), b)).toBe(a)
      }),
    )
  })

  test('only currencies are currencies', () => {
    expect(['KRW', 'USD'].every(isCurrency)).toBe(true)
    expect(['JPY', 'krw', '', 'toString', '__proto__'].some(isCurrency)).toBe(false)
  })
})

describe('writing', () => {
  test.each([
    [0, 'KRW', 'ko', '0원'],
    [12_000, 'KRW', 'ko', '12,000원'],
    [-12_000, 'KRW', 'ko', '-12,000원'],
    [999, 'KRW', 'en', '₩999'],
    [-1_000, 'KRW', 'en', '-₩1,000'],
    [5, 'USD', 'ko', '$0.05'],
    [-1_234_567, 'USD', 'en', '-$12,345.67'],
    [9_007_199_254_740_991, 'KRW', 'en', '₩9,007,199,254,740,991'],
  ] as const)('%i %s in %s is %s', (value, unit, language, text) => {
    expect(formatMoney(minor(value), unit, language)).toBe(text)
  })

  test('signs', () => {
    expect(formatMinor(minor(-5), 'USD')).toBe('-0.05')
    expect(formatMinor(minor(-0), 'KRW')).toBe('0')
  })
})

describe('reading', () => {
  test('reads what it writes, with and without the unit', () => {
    fc.assert(
      fc.property(amount, currency, fc.constantFrom('ko', 'en'), (value, unit, language) => {
        expect(parseMoney(formatMinor(value, unit), unit)).toBe(value)
        expect(parseMoney(formatMinor(value, unit).replaceAll(',', ''), unit)).toBe(value)
        expect(parseMoney(` ${formatMoney(value, unit, language)} `, unit)).toBe(value)
      }),
    )
  })

  test.each([
    ['12000원', 'KRW', 12_000],
    ['₩ 12,000', 'KRW', 12_000],
    ['12,000 원', 'KRW', 12_000],
    // While somebody types into a grouped number.
    ['1,2000', 'KRW', 12_000],
    ['007', 'KRW', 7],
    ['12.34', 'USD', 1_234],
    ['12.3', 'USD', 1_230],
    ['$1,234', 'USD', 123_400],
  ] as const)('"%s" in %s is %i', (text, unit, value) => {
    expect(parseMoney(text, unit)).toBe(value)
  })

  test.each([
    ['', 'KRW'],
    ['원', 'KRW'],
    ['-1', 'KRW'],
    ['+1', 'KRW'],
    ['1.0', 'KRW'],
    ['1.', 'KRW'],
    ['1e3', 'KRW'],
    ['0x10', 'KRW'],
    ['1 2', 'KRW'],
    [',1', 'KRW'],
    ['1,', 'KRW'],
    ['$1', 'KRW'],
    ['１２', 'KRW'],
    ['99999999999999', 'KRW'],
    ['만원', 'KRW'],
    ['12,34', 'USD'],
    ['1.234', 'USD'],
    ['.5', 'USD'],
    ['12원', 'USD'],
    ['₩12', 'USD'],
    ['1.2.3', 'USD'],
    ['--1', 'USD'],
  ] as const)('"%s" is no amount in %s', (text, unit) => {
    expect(parseMoney(text, unit)).toBeNull()
  })

  test('never reads a fraction of the smallest unit, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d,.원₩$ -]{0,20}$/)), currency, (text, unit) => {
        const read = parseMoney(text, unit)
        if (read === null) return
        expect(Number.isSafeInteger(read) && read >= 0).toBe(true)
      }),
    )
  })
})
