import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minor } from '#lib/domain/money.ts'
import {
  denyReceiptCancel,
  denyReceiptIssue,
  denyReceiptWish,
  isIdentityNumber,
  type ReceiptFacts,
} from './cash-receipts.ts'

const facts = (change: Partial<ReceiptFacts> = {}): ReceiptFacts => ({
  method: 'VIRTUAL_ACCOUNT',
  currency: 'KRW',
  receipt: 'CANCELLED',
  orderOpen: false,
  cancelOpen: false,
  left: minor(6_000),
  leftTaxFree: minor(1_000),
  ...change,
})
const wish = { type: 'PERSONAL', identityNumber: '01012341234', amount: minor(6_000), taxFree: minor(1_000) } as const

describe('the number', () => {
  it.each([
    ['PERSONAL', '01012341234', true],
    ['PERSONAL', '0111234123', true],
    ['PERSONAL', '9001011234567', true],
    ['PERSONAL', '9013011234567', false],
    ['PERSONAL', '010-1234-1234', false],
    ['PERSONAL', '0212345678', false],
    ['CORPORATE', '1208147521', true],
    ['CORPORATE', '1208147522', false],
    ['CORPORATE', '120-81-47521', false],
    ['CORPORATE', '01012341234', false],
  ] as const)('%s %s: %s', (type, number, fits) => expect(isIdentityNumber(type, number)).toBe(fits))
  it('is digits, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('PERSONAL' as const, 'CORPORATE' as const), (text, type) => {
        if (isIdentityNumber(type, text)) expect(text).toMatch(/^\d{10,13}$/)
      }),
    )
  })
})

describe('an order', () => {
  it('to cancel needs a receipt that stands, and no other order on its way', () => {
    expect(denyReceiptCancel(facts({ receipt: 'ISSUED' }))).toBeNull()
    expect(denyReceiptCancel(facts())).toBe('no_receipt')
    expect(denyReceiptCancel(facts({ receipt: null }))).toBe('no_receipt')
    expect(denyReceiptCancel(facts({ receipt: 'ISSUED', orderOpen: true }))).toBe('order_open')
  })
  it('to issue is for money paid in, in won, while nothing is on its way, none stands and something is left', () => {
    expect(denyReceiptIssue(facts())).toBeNull()
    expect(denyReceiptIssue(facts({ receipt: null, method: 'TRANSFER' }))).toBeNull()
    expect(denyReceiptIssue(facts({ method: 'CARD' }))).toBe('method')
    expect(denyReceiptIssue(facts({ currency: 'USD' }))).toBe('currency')
    expect(denyReceiptIssue(facts({ receipt: 'ISSUED' }))).toBe('already_issued')
    expect(denyReceiptIssue(facts({ orderOpen: true }))).toBe('order_open')
    expect(denyReceiptIssue(facts({ cancelOpen: true }))).toBe('cancel_open')
    expect(denyReceiptIssue(facts({ left: minor(0) }))).toBe('nothing_left')
  })
  it('names no more than what is left, and a tax-free part that fits', () => {
    expect(denyReceiptWish(facts(), wish)).toBeNull()
    expect(denyReceiptWish(facts(), { ...wish, amount: minor(6_001) })).toBe('amount')
    expect(denyReceiptWish(facts(), { ...wish, amount: minor(0), taxFree: minor(0) })).toBe('amount')
    expect(denyReceiptWish(facts(), { ...wish, taxFree: minor(1_001) })).toBe('tax_free')
    expect(denyReceiptWish(facts(), { ...wish, taxFree: minor(999) })).toBe('tax_free')
    expect(denyReceiptWish(facts(), { ...wish, identityNumber: '010-1234-1234' })).toBe('number')
  })
})
