/** What always holds, whatever the gateway: the payment's state and its sums. */
import { subtract } from '#lib/domain/money.ts'
import { givesBack, left } from './asked.ts'
import { unknownFact } from './known.ts'
import { documents, rule } from './rule.ts'

const ours = { document: documents.jeonpyo, basis: 'ours' } as const

/** There must be something to cancel, and nothing in the facts that is not understood. */
export const sumState = rule('SUM-STATE', ours, (facts, say) => {
  const field = unknownFact(facts)
  if (field !== null) return say.never('unknown_fact', { field })
  if (facts.status === 'CLOSED') return say.never('closed')
  if (facts.status === 'ISSUED') return facts.method === 'VIRTUAL_ACCOUNT' ? null : say.never('not_paid')
  if (facts.received === 0) return say.never('nothing_received')
  if (facts.status === 'REFUNDED' || facts.refunded >= facts.received) {
    return say.never('refunded', { refundedAmount: facts.refunded })
  }
  return null
})

/** Nobody signs a notice: what it alone tells of is not given back, nor is its account closed, until somebody else says the same. */
export const sumSource = rule('SUM-SOURCE', ours, (facts, say) =>
  facts.unverified ? say.notNow(null, 'notice_alone') : null,
)

/** One intent at a time: while one is open, nothing else is sent for the payment. */
export const sumOpen = rule('SUM-OPEN', ours, (facts, say) => {
  if (facts.openCount === 0 && facts.open === 0 && facts.openTaxFree === 0) return null
  if (facts.status === 'ISSUED') return say.notNow(null, 'closing')
  return say.notNow(null, 'open', { openAmount: facts.open })
})

export const sumPositive = rule('SUM-POSITIVE', ours, (facts, say) =>
  givesBack(facts) && facts.amount !== null && facts.amount <= 0 ? say.never('not_positive') : null,
)

/** Refunded, open and asked together never exceed what was received. */
export const sumLeft = rule('SUM-LEFT', ours, (facts, say) => {
  if (!givesBack(facts) || facts.amount === null || facts.amount <= 0) return null
  const leftAmount = left(facts)
  if (facts.amount > leftAmount) return say.never('too_much', { askedAmount: facts.amount, leftAmount })
  return say.allowed('within', { askedAmount: facts.amount, afterAmount: subtract(leftAmount, facts.amount) })
})
