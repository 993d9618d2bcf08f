/** What the facts mean, in the words the rules use. */
import { add, subtract, type Minor } from '#lib/domain/money.ts'
import type { CancelFacts } from '../cancel-facts.ts'

/** A cancel of money that was received: what the gateways' refund rules are about. */
export const givesBack = (facts: Pick<CancelFacts, 'kind' | 'status'>): boolean =>
  facts.kind === 'CANCEL' && (facts.status === 'PAID' || facts.status === 'PARTIALLY_REFUNDED')

export const throughKsnet = (facts: CancelFacts): boolean => facts.pg === 'KSNET'

/** KSNET direct with the socket message. The page link has no cancel of its own: its payments are cancelled by socket too. */
export const bySocket = (facts: CancelFacts): boolean =>
  facts.gateway === 'ksnet' && (facts.mode === 'socket' || facts.mode === 'page')

/** What may still be given back, everything that is out counted as given. */
export const left = (facts: CancelFacts): Minor => subtract(facts.received, add(facts.refunded, facts.open))
export const taxFreeLeft = (facts: CancelFacts): Minor =>
  subtract(facts.receivedTaxFree, add(facts.refundedTaxFree, facts.openTaxFree))

/** A part was given back or is out, so that whatever follows is less than what was paid. */
export const isBroken = (facts: CancelFacts): boolean => facts.refunded > 0 || facts.open > 0 || facts.partials > 0

/** Less than what was paid; the last remainder is partial too. */
export const asksPart = (facts: CancelFacts): boolean => facts.amount !== null && facts.amount < facts.received

/** Where only the whole can be cancelled: this is not, or can no longer be, the whole. */
export const cannotBeWhole = (facts: CancelFacts): boolean => asksPart(facts) || isBroken(facts)
