/** Whether a deposit that an unsigned notice tells of may be believed: only where all of it is what we know. */
import { banks } from '#lib/domain/banks.ts'
import { vaStateOf } from '#lib/domain/dated/bank-codes.ts'
import { kstDate, type Instant } from '#lib/domain/kst.ts'
import type { Minor } from '#lib/domain/money.ts'

/** Why it is not. `not_received`: of a reversal, nothing of that amount came in that could have been taken back. */
export const depositDoubts = [
  'unknown_payment',
  'other_account',
  'account_ended',
  'not_awaited',
  'other_amount',
  'not_received',
] as const
export type DepositDoubt = (typeof depositDoubts)[number]
export type DepositKind = 'deposit' | 'reversal'

/** `own`: into the account that the reversal tells of. */
export type Standing = { readonly amount: Minor; readonly own: boolean }

/** Account numbers are digits, in full. */
export type DepositFacts = {
  readonly kind: DepositKind
  readonly amount: Minor
  /** As the notice tells it. */
  readonly account: string | null
  /** The account's bank took no deposits any more at that time. */
  readonly ended: boolean
  /** Somebody else than an unsigned notice told of the payment, or a person vouched for it. */
  readonly known: boolean
  readonly ordered: Minor
  /** Of the payment; null where it is not known. */
  readonly ownAccount: string | null
  /** Nobody has paid yet, and somebody still may. */
  readonly awaited: boolean
  /** What came in and was not taken back. */
  readonly standing: readonly Standing[]
}

/** Rule VA-CITI: such an account has been withdrawn, so nothing can have come into it. `bank` as payments name it. */
export function accountEnded(pg: string, bank: string | null, at: Instant): boolean {
  const code = banks.find(({ portone }) => portone === bank)?.code
  return pg === 'KSNET' && code !== undefined && vaStateOf(code, kstDate(at)) === 'ended'
}

/** The first thing that does not fit; null where everything does. */
export function doubtOf(facts: DepositFacts): DepositDoubt | null {
  if (!facts.known) return 'unknown_payment'
  const own = facts.account !== null && facts.account === facts.ownAccount
  if (facts.kind === 'reversal') {
    const candidates = facts.standing.filter(({ amount }) => amount === facts.amount)
    if (candidates.length === 0) return 'not_received'
    return own || candidates.some((one) => one.own) ? null : 'other_account'
  }
  if (!own) return 'other_account'
  if (facts.ended) return 'account_ended'
  if (!facts.awaited) return 'not_awaited'
  return facts.amount === facts.ordered ? null : 'other_amount'
}

/** A reversal takes back a deposit as it was: what did not come in is never lowered, whoever confirms it. */
export const canReverse = ({ amount, standing }: Pick<DepositFacts, 'amount' | 'standing'>): boolean =>
  standing.some((one) => one.amount === amount)
