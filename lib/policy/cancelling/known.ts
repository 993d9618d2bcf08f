import { methods, paymentStatuses } from '#lib/domain/payment.ts'
import { proofStates } from '../account-proof.ts'
import type { CancelFacts } from '../cancel-facts.ts'

/** Which gateway comes with which payment gateway behind it, and how it is reached. */
const routes: Record<CancelFacts['gateway'], { pgs: readonly string[]; modes: readonly string[] }> = {
  portone: { pgs: ['KSNET', 'KCP', 'OTHER'], modes: ['portone'] },
  ksnet: { pgs: ['KSNET'], modes: ['page', 'socket', 'rest'] },
  kcp: { pgs: ['KCP'], modes: ['rest', 'module'] },
}
const kinds: readonly string[] = ['CANCEL', 'CLOSE']
const escrows: readonly (string | null)[] = ['before_shipment', 'shipped', 'confirmed', null]

const sums = [
  'received',
  'receivedTaxFree',
  'refunded',
  'refundedTaxFree',
  'open',
  'openTaxFree',
  'byHand',
  'openCount',
  'partials',
  'discount',
] as const

const isOneOf = (list: readonly (string | null)[], value: string | null): boolean => list.includes(value)

/** Above it nothing is a payment, and below it every sum of a few stays exact. */
const MONEY_MAX = 1_000_000_000_000_000
const INSTANT_MAX = Date.UTC(9000, 0)
const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isSafeInteger(value) && value >= from && value <= to

/** The first fact with a value that the rules do not know, so that they never judge by it; null where all are known. */
export function unknownFact(facts: CancelFacts): keyof CancelFacts | null {
  if (!Object.hasOwn(routes, facts.gateway)) return 'gateway'
  if (!isOneOf(routes[facts.gateway].pgs, facts.pg)) return 'pg'
  if (!isOneOf(routes[facts.gateway].modes, facts.mode)) return 'mode'
  if (!isOneOf(methods, facts.method)) return 'method'
  if (!isOneOf(paymentStatuses, facts.status)) return 'status'
  if (!isOneOf(kinds, facts.kind)) return 'kind'
  if (!isOneOf(escrows, facts.escrow)) return 'escrow'
  if (!isOneOf(proofStates, facts.refundAccount)) return 'refundAccount'
  return unknownNumber(facts)
}

function unknownNumber(facts: CancelFacts): keyof CancelFacts | null {
  if (!isWhole(facts.now, 0, INSTANT_MAX)) return 'now'
  if (facts.paidAt !== null && !isWhole(facts.paidAt, 0, INSTANT_MAX)) return 'paidAt'
  for (const name of sums) if (!isWhole(facts[name], 0, MONEY_MAX)) return name
  if (facts.amount !== null && !isWhole(facts.amount, -MONEY_MAX, MONEY_MAX)) return 'amount'
  if (facts.taxFree !== null && !isWhole(facts.taxFree, -MONEY_MAX, MONEY_MAX)) return 'taxFree'
  if (facts.receivedTaxFree > facts.received) return 'receivedTaxFree'
  return facts.status === 'ISSUED' && facts.received > 0 ? 'received' : null
}
