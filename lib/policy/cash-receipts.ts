import type { Currency, Minor } from '#lib/domain/money.ts'
import type { Method } from '#lib/domain/payment.ts'

export type ReceiptType = 'PERSONAL' | 'CORPORATE'

/** What stands against an order, as the reason of a sentence; null where nothing does. */
export type ReceiptDenial =
  | 'no_receipt'
  | 'already_issued'
  | 'order_open'
  | 'cancel_open'
  | 'nothing_left'
  | 'method'
  | 'currency'
  | 'amount'
  | 'tax_free'
  | 'number'
  | 'gateway'

export type ReceiptFacts = {
  readonly method: Method
  readonly currency: Currency
  readonly receipt: 'ISSUED' | 'CANCELLED' | null
  /** An order whose result is not known yet. */
  readonly orderOpen: boolean
  /** A cancel of the payment that has not ended: what is left is not known. */
  readonly cancelOpen: boolean
  readonly left: Minor
  readonly leftTaxFree: Minor
}

export function denyReceiptCancel({ receipt, orderOpen }: ReceiptFacts): ReceiptDenial | null {
  if (orderOpen) return 'order_open'
  return receipt === 'ISSUED' ? null : 'no_receipt'
}

/** Before anything is typed. A card's slip is its own receipt: only what was paid in from an account has a cash receipt. */
export function denyReceiptIssue(facts: ReceiptFacts): ReceiptDenial | null {
  if (facts.method !== 'VIRTUAL_ACCOUNT' && facts.method !== 'TRANSFER') return 'method'
  if (facts.currency !== 'KRW') return 'currency'
  if (facts.orderOpen) return 'order_open'
  if (facts.receipt === 'ISSUED') return 'already_issued'
  if (facts.cancelOpen) return 'cancel_open'
  return facts.left > 0 ? null : 'nothing_left'
}

export type ReceiptWish = {
  readonly type: ReceiptType
  readonly identityNumber: string
  readonly amount: Minor
  readonly taxFree: Minor
}

/** No more than what is left, and a tax-free part that leaves both sums whole. */
export function denyReceiptWish(facts: ReceiptFacts, wish: ReceiptWish): ReceiptDenial | null {
  const denial = denyReceiptIssue(facts)
  if (denial) return denial
  if (wish.amount <= 0 || wish.amount > facts.left) return 'amount'
  const taxable = facts.left - facts.leftTaxFree
  if (wish.taxFree > Math.min(wish.amount, facts.leftTaxFree) || wish.taxFree < Math.max(0, wish.amount - taxable))
    return 'tax_free'
  return isIdentityNumber(wish.type, wish.identityNumber) ? null : 'number'
}

const WEIGHTS = [1, 3, 7, 1, 3, 7, 1, 3, 5] as const

/**
 * Rule CASH-DIGITS: digits only, or KSNET issues none without saying so. A person by mobile telephone or resident
 * registration number, a business by its registration number with its check digit.
 */
export function isIdentityNumber(type: ReceiptType, number: string): boolean {
  if (type === 'PERSONAL')
    return /^01[016789]\d{7,8}$/.test(number) || /^\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{7}$/.test(number)
  if (!/^\d{10}$/.test(number)) return false
  const digits = number.split('').map(Number)
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * (digits[index] ?? 0), 0)
  const check = (10 - ((sum + Math.floor(((digits[8] ?? 0) * 5) / 10)) % 10)) % 10
  return check === digits[9]
}
