/** Money that went back without the gateway: it is in no sum of the gateway's, so nothing else would notice it. */
import { add } from '#lib/domain/money.ts'
import { givesBack } from './asked.ts'
import { documents, rule } from './rule.ts'

/** Never stops: the clerk may know better. But whoever cancels is told first, and told louder where it would be too much. */
export const refundByHand = rule('REFUND-BY-HAND', { document: documents.jeonpyo, basis: 'ours' }, (facts, say) => {
  if (facts.byHand === 0 || !givesBack(facts)) return null
  const out = add(add(facts.refunded, facts.open), facts.byHand)
  const said = { byHandAmount: facts.byHand, receivedAmount: facts.received }
  if (facts.amount !== null && add(out, facts.amount) > facts.received)
    return say.warned('more_than_received', { ...said, totalAmount: add(out, facts.amount) })
  return say.warned('paid', said)
})
