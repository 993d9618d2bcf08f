/** How often, and whether, a part of a payment can be cancelled. */
import { endOfDay, kstDate, plus } from '#lib/domain/kst.ts'
import { asksPart, bySocket, cannotBeWhole, givesBack, isBroken, left, throughKsnet } from './asked.ts'
import { documents, rule } from './rule.ts'

export const PARTIALS_MAX = 9
const counted: readonly string[] = ['CARD', 'TRANSFER', 'VIRTUAL_ACCOUNT', 'EASY_PAY']

/** How many partial cancels the payment gateway takes; null where it names no limit. */
export const partialLimitOf = (pg: string, method: string): number | null =>
  pg === 'KSNET' && counted.includes(method) ? PARTIALS_MAX : null

/**
 * Nine partial cancels. The document counts partial cancels and does not say whether the last remainder is one: read here
 * as partial, since it goes over the wire as one. Whether PortOne takes the remainder after nine is written nowhere.
 */
export const cancelCount = rule(
  'CANCEL-COUNT',
  { document: documents.ksnetThroughPortone, basis: 'reading' },
  (facts, say) => {
    if (!throughKsnet(facts) || !counted.includes(facts.method) || !givesBack(facts)) return null
    const used = facts.partials
    if (facts.amount === null && used < PARTIALS_MAX) {
      return say.allowed('remaining', { used, limit: PARTIALS_MAX, remaining: PARTIALS_MAX - used })
    }
    if (facts.amount !== null && !asksPart(facts)) return null
    if (used < PARTIALS_MAX) return say.allowed('nth', { n: used + 1, limit: PARTIALS_MAX })
    const isRemainder = facts.amount === left(facts)
    return say.never(facts.gateway === 'portone' && isRemainder ? 'remainder_portone' : 'used_up', {
      limit: PARTIALS_MAX,
    })
  },
)

export const cancelMobile = rule(
  'CANCEL-MOBILE',
  { document: documents.ksnetThroughPortone, basis: 'seed' },
  (facts, say) => {
    if (!throughKsnet(facts) || facts.method !== 'MOBILE' || !givesBack(facts)) return null
    const about = { receivedAmount: facts.received }
    return cannotBeWhole(facts) ? say.never('partial', about) : say.allowed('whole', about)
  },
)

/** The public cancel message for transfers works on the day of payment and names no amount. REST is by contract: silent. */
export const cancelTransfer = rule(
  'CANCEL-TRANSFER',
  { document: documents.ksnetMessages, basis: 'protocol' },
  (facts, say) => {
    if (!bySocket(facts) || facts.method !== 'TRANSFER' || !givesBack(facts)) return null
    const today = kstDate(facts.now)
    if (facts.paidAt !== null && kstDate(facts.paidAt) !== today)
      return say.never('later_day', { paidAt: facts.paidAt })
    if (cannotBeWhole(facts)) return say.never('partial', { receivedAmount: facts.received })
    if (facts.paidAt === null) return say.warned('unknown_date')
    return say.allowed('today', { lastAt: plus(endOfDay(today), -1) })
  },
)

/** The gateway refuses a whole cancel after a partial one (KSNET 6101, KCP 8040 and CCA9). */
export const cancelAfterPartial = rule(
  'CANCEL-AFTER-PARTIAL',
  { document: documents.ksnetMessages, basis: 'protocol' },
  (facts, say) => {
    if (!(bySocket(facts) || facts.gateway === 'kcp') || !givesBack(facts) || !isBroken(facts)) return null
    return say.allowed('as_partial', { leftAmount: left(facts) })
  },
)
