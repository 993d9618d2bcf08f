import { expect, test } from 'vitest'
import { keepableMemo } from './memo.ts'

const own = ['1N2604123456', '20261120123456', 'order-2026112012345', 'a.b*c(1']

test.each([
  ['고객 통화, 내일 다시 연락하기로 함', null],
  ['2026-11-20 14:03:22 통화 35,000원 중 12,000원만 취소', null],
  ['승인번호 00876543, 거래번호 1N2604123456', null],
  ['20261120123456 확인', null],
  ['order-2026112012345 확인', null],
  ['카드 4017620112348250', '카드 [card]'],
  ['카드 4017-6201-1234-8250 확인', '카드 [card] 확인'],
])('keeps %s', (text, kept) => {
  expect(keepableMemo(text, own)).toBe(kept ?? text)
})

test.each([
  '900101-1234567',
  '9001011234567',
  '900101 1234567',
  '계좌 110-123-456789',
  '국민 11012345678901',
  '110 1234 56789',
  '010-1234-5678로 연락',
  // A number of this payment's inside another.
  '20261120123456-01',
  // A number of another payment's looks like an account.
  '20261120999999',
])('refuses %s', (text) => {
  expect(keepableMemo(text, own)).toBeNull()
})
