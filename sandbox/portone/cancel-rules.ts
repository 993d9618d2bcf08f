import { addMonths, HOUR_MS, kstDate, startOfMonth, timeOfDayMs, type Instant } from '#lib/domain/kst.ts'
import { closedAccounts } from './accounts.ts'
import { cancellable, cancellableTaxable, cancellableTaxFree, leftAtPg, partialsMade } from './amounts.ts'
import { PortOneError } from './errors.ts'
import type { Payment } from './payment.ts'
import { refusal } from './refusals.ts'
import type { Settings } from './settings.ts'

export interface CancelWish {
  readonly amount?: number | undefined
  readonly taxFreeAmount?: number | undefined
  readonly vatAmount?: number | undefined
  readonly currentCancellableAmount?: number | undefined
  readonly refundAccount?: { readonly number: string } | undefined
}

const WINDOW_MONTHS = 6
const VA_OPENS = 6 * HOUR_MS
const VA_CLOSES = 23 * HOUR_MS

/**
 * What PortOne checks itself: PortOne REST V2 1.16, `CancelPaymentBody` and its errors. Without `amount` everything left
 * goes; without `taxFreeAmount` it is all taxable (K20), also when everything left goes.
 */
export function checkAtPortOne(payment: Payment, wish: CancelWish): { amount: number; taxFree: number } {
  if (payment.status === 'CANCELLED') throw new PortOneError('PAYMENT_ALREADY_CANCELLED', 'already cancelled')
  if (payment.status !== 'PAID' && payment.status !== 'PARTIAL_CANCELLED') {
    throw new PortOneError('PAYMENT_NOT_PAID', `the payment is ${payment.status}`)
  }
  const left = cancellable(payment)
  const amount = wish.amount ?? left
  const taxFree = wish.taxFreeAmount ?? 0
  if (wish.currentCancellableAmount !== undefined && wish.currentCancellableAmount !== left) {
    throw new PortOneError('CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN', `cancellable is ${left}`)
  }
  if (taxFree + (wish.vatAmount ?? 0) > amount) {
    throw new PortOneError('SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT', 'taxFreeAmount + vatAmount is more than amount')
  }
  if (amount > left || left === 0) {
    throw new PortOneError('CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT', `cancellable is ${left}`)
  }
  checkTaxParts(payment, amount, taxFree)
  return { amount, taxFree }
}

function checkTaxParts(payment: Payment, amount: number, taxFree: number): void {
  const taxFreeLeft = cancellableTaxFree(payment)
  if (taxFree > taxFreeLeft) {
    throw new PortOneError(
      'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT',
      `cancellable and tax-free is ${taxFreeLeft}`,
    )
  }
  const taxableLeft = cancellableTaxable(payment)
  if (amount - taxFree > taxableLeft) {
    throw new PortOneError(
      'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT',
      `cancellable and taxable is ${taxableLeft}`,
    )
  }
}

/** What KSNET refuses behind PortOne (section "request rules", K7-K10). */
export function checkAtPg(payment: Payment, amount: number, wish: CancelWish, settings: Settings, now: Instant): void {
  checkWindow(payment, now)
  if (payment.method.type === 'MOBILE') checkMobile(payment, amount, now)
  else checkCount(payment, amount, settings)
  if (payment.method.type === 'VIRTUAL_ACCOUNT') checkVirtualAccount(wish, settings, now)
  if (amount > leftAtPg(payment)) throw refusal('SBX-ALREADY')
}

/** K9, decided in Seoul (U17): the same day six months on is the last. */
function checkWindow(payment: Payment, now: Instant): void {
  if (payment.paidAt === undefined) return
  if (kstDate(now) > addMonths(kstDate(payment.paidAt), WINDOW_MONTHS)) throw refusal('SBX-WINDOW')
}

/** K10, and the general rule of the calendar month. */
function checkMobile(payment: Payment, amount: number, now: Instant): void {
  if (amount < payment.paid) throw refusal('SBX-MOBILE-PARTIAL')
  const paidAt = payment.paidAt ?? now
  if (startOfMonth(kstDate(now)) !== startOfMonth(kstDate(paidAt))) throw refusal('SBX-MOBILE-MONTH')
}

/** K8: a partial is any cancel of less than what was paid, the last remainder included. */
function checkCount(payment: Payment, amount: number, settings: Settings): void {
  const isPartial = amount < payment.paid
  if (!isPartial || partialsMade(payment) < settings.maxPartialCancels) return
  const isRemainder = amount === cancellable(payment)
  if (isRemainder && settings.remainderAfterMax === 'allowed') return
  if (settings.tooManyPartials === 'PG_PROVIDER') throw refusal('SBX-COUNT')
  throw new PortOneError('MAX_CANCEL_COUNT_REACHED', `no more than ${settings.maxPartialCancels} partial cancels`)
}

/** K7. */
function checkVirtualAccount(wish: CancelWish, settings: Settings, now: Instant): void {
  if (!settings.vaRefundContract) throw refusal('SBX-VA-CONTRACT')
  if (!wish.refundAccount || closedAccounts.has(wish.refundAccount.number)) throw refusal('SBX-VA-ACCOUNT')
  const time = timeOfDayMs(now)
  if (time < VA_OPENS || time >= VA_CLOSES) throw refusal('SBX-VA-HOURS')
}
