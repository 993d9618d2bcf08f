import { expect, test } from 'vitest'
import { instant } from '#lib/domain/kst.ts'
import { sequenceOf, trno } from './trno.ts'

/** Day numbers of dated KSNET samples. */
test.each([
  ['2000-01-01T00:00:00+09:00', '0003'],
  ['2011-07-13T12:00:00+09:00', '4214'],
  ['2026-07-15T23:59:59+09:00', '9695'],
  ['2026-09-01T00:00:00+09:00', '9743'],
])('%s is day %s', (at, day) => {
  expect(trno('CARD', instant(Date.parse(at)), 42)).toBe(`1${day}0000042`)
})

test('the sequence can be read back', () => {
  expect(sequenceOf(trno('MOBILE', instant(0), 123_456))).toBe(123_456)
})
