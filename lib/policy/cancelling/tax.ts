import { subtract, type Minor } from '#lib/domain/money.ts'
import type { CancelFacts } from '../cancel-facts.ts'
import type { Verdict } from '../verdict.ts'
import { asksPart, bySocket, givesBack, left, taxFreeLeft } from './asked.ts'
import { documents, rule, type Say } from './rule.ts'

/** Of KCP's messages the partial cancel and refund by module have fields for it; STE9 and REST have none that is documented. */
const kcpHasNoTaxFree = (facts: CancelFacts): boolean =>
  facts.gateway === 'kcp' && (facts.mode === 'rest' || facts.escrow !== null)

/** KSNET's socket message and its REST cancel of transfers have no field for the tax-free part. */
const wireHasNoTaxFree = (facts: CancelFacts): boolean =>
  bySocket(facts) || (facts.gateway === 'ksnet' && facts.mode === 'rest' && facts.method === 'TRANSFER')

/**
 * Every cancel states its tax-free part, so chosen that what is left can be cancelled too: no more tax-free than is left,
 * and no more taxable than is left. The last cancel takes exactly both.
 */
export const cancelTax = rule(
  'CANCEL-TAX',
  { document: documents.ksnetThroughPortone, basis: 'reading' },
  (facts, say) => {
    if (!givesBack(facts) || facts.amount === null) return null
    const leftAmount = left(facts)
    const taxFreeLeftAmount = taxFreeLeft(facts)
    // A cancel made elsewhere may have stated its tax-free part wrongly.
    if (taxFreeLeftAmount < 0 || taxFreeLeftAmount > leftAmount)
      return say.never('sums_differ', { leftAmount, taxFreeLeftAmount })
    if (facts.receivedTaxFree === 0)
      return facts.taxFree === null || facts.taxFree === 0 ? null : say.never('no_tax_free_part')
    if (kcpHasNoTaxFree(facts) && asksPart(facts)) return say.never('wire_kcp', { receivedAmount: facts.received })
    if (wireHasNoTaxFree(facts) && asksPart(facts)) return say.never('wire', { receivedAmount: facts.received })
    if (facts.taxFree === null) return say.needs('amount', 'unsaid', { taxFreeLeftAmount })
    if (facts.amount <= 0 || facts.amount > leftAmount) return null
    return judgeBounds(
      facts.amount,
      facts.taxFree,
      { taxFreeLeft: taxFreeLeftAmount, taxableLeft: subtract(leftAmount, taxFreeLeftAmount) },
      say,
    )
  },
)

function judgeBounds(
  amount: Minor,
  taxFree: Minor,
  has: { taxFreeLeft: Minor; taxableLeft: Minor },
  say: Say,
): Verdict {
  const lowestAmount = Math.max(0, amount - has.taxableLeft)
  const highestAmount = Math.min(amount, has.taxFreeLeft)
  if (taxFree >= lowestAmount && taxFree <= highestAmount) {
    return say.allowed('split', { taxableAmount: subtract(amount, taxFree), taxFreeAmount: taxFree })
  }
  return lowestAmount === highestAmount
    ? say.never('exactly', { exactAmount: lowestAmount })
    : say.never('between', { lowestAmount, highestAmount })
}
