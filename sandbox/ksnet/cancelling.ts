import { addMonths, kstDate, startOfMonth, type Instant, type KstDate } from '#lib/domain/kst.ts'
import { KsnetError } from './codes.ts'
import type { Merchant } from './merchant.ts'
import { isCard, left, type Cancel, type Method, type Payment } from './payment.ts'
import type { KsnetEvent, KsnetState } from './state.ts'

/** One request of a known merchant, by either way. */
export interface Call {
  readonly state: KsnetState
  readonly now: Instant
  readonly way: 'socket' | 'rest'
  readonly merchant: Merchant
}

/** How a payment is named: by its own number, or by the shop's and the day. */
export type Named =
  | { readonly by: 'trno'; readonly trno: string }
  | { readonly by: 'order'; readonly orderNo: string; readonly day: KstDate | null }

/** Another store's is the logged 6051; how an unknown number is refused is inferred. */
export function findPayment({ state, merchant }: Call, named: Named): Payment {
  const payment =
    named.by === 'trno'
      ? state.payment(named.trno)
      : named.day === null
        ? undefined
        : state.paymentOfOrder(merchant.mid, named.orderNo, named.day)
  if (!payment) throw new KsnetError(state.settings.noOriginal)
  if (payment.mid !== merchant.mid) throw new KsnetError('6051')
  return payment
}

export interface Part {
  readonly amount: number
  /** As it came: digits, or nothing. */
  readonly sequence: string
}

export interface Cancelled {
  readonly after: Payment
  readonly amount: number
  readonly isPart: boolean
  readonly events: readonly KsnetEvent[]
}

/** What a cancel does, whichever way it came; null where all of it was cancelled before. */
export function cancel(call: Call, payment: Payment, part: Part | null): Cancelled | null {
  if (left(payment) === 0) return null
  checkPeriod(call, payment)
  const amount = part ? partOf(call, payment, part) : wholeOf(payment)
  const made: Cancel = { amount, at: call.now, by: call.way, ...(part && { sequence: part.sequence }) }
  const after: Payment = { ...payment, cancels: [...payment.cancels, made] }
  return { after, amount, isPart: part !== null, events: [{ kind: 'payment', payment: after }] }
}

export function checkMethod(payment: Payment, allowed: readonly Method[]): void {
  if (!allowed.includes(payment.method)) throw new KsnetError('P10B')
}

const MONTHS = 6

/** Six months; a transfer by socket on its day, a mobile phone in its month (ksnet.md 2.6, 7.5). */
function checkPeriod({ now, way }: Call, payment: Payment): void {
  const [made, today] = [kstDate(payment.approvedAt), kstDate(now)]
  const isOver =
    payment.method === 'MOBILE'
      ? startOfMonth(made) !== startOfMonth(today)
      : payment.method === 'TRANSFER' && way === 'socket'
        ? made !== today
        : today > addMonths(made, MONTHS)
  // The one REST example of it has the code that the table gives another meaning.
  if (isOver) throw way === 'rest' ? new KsnetError('7003', periodOver) : new KsnetError('P118')
}

const periodOver = new KsnetError('P118').messages

/** After a part, the rest goes by parts only (log: 6101). */
function wholeOf(payment: Payment): number {
  if (payment.cancels.length > 0) throw new KsnetError('6101')
  return left(payment)
}

function partOf({ state, way }: Call, payment: Payment, { amount, sequence }: Part): number {
  const { partialCancel, maxPartialCancels, duplicateSequence } = state.settings
  const isPossible = isCard(payment) || (payment.method === 'TRANSFER' && way === 'rest')
  if (!isPossible || !partialCancel) throw new KsnetError('P10G')
  if (duplicateSequence === 'declined' && isUsed(payment, sequence)) throw new KsnetError('P105')
  if (maxPartialCancels !== null && payment.cancels.length >= maxPartialCancels) throw new KsnetError('P10G')
  if (amount === 0 || amount > left(payment)) throw new KsnetError('P10I')
  return amount
}

/** `00` was accepted in a log, so it is the number of nothing. */
const isUsed = ({ cancels }: Payment, sequence: string): boolean =>
  Number(sequence) !== 0 &&
  cancels.some((one) => one.sequence !== undefined && Number(one.sequence) === Number(sequence))
