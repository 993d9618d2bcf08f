/** What the channel, the escrow or a discount has to say. */
import { cannotBeWhole, givesBack, throughKsnet } from './asked.ts'
import { documents, rule } from './rule.ts'

/** KCP refuses a cancel without the key. With REST a certificate takes its place. */
export const cancelKey = rule('CANCEL-KEY', { document: documents.kcpAccountCheck, basis: 'seed' }, (facts, say) =>
  facts.gateway === 'kcp' && facts.mode === 'module' && !facts.credentialsReady
    ? say.notNow(null, 'no_site_key')
    : null,
)

/**
 * KCP has a message for each stage; those before the confirmation (STE2, STE4) name no amount, so a part sent with them
 * would give back the whole. The others decide by themselves once the goods are on their way.
 */
export const cancelEscrow = rule(
  'CANCEL-ESCROW',
  { document: documents.kcpCancel, basis: 'protocol' },
  (facts, say) => {
    if (facts.escrow === null || !givesBack(facts)) return null
    if (facts.gateway !== 'kcp') {
      return facts.escrow === 'before_shipment' ? say.allowed('before_shipment') : say.warned(facts.escrow)
    }
    if (facts.escrow !== 'confirmed' && cannotBeWhole(facts))
      return say.never('kcp_whole_only', { receivedAmount: facts.received })
    return say.allowed(`kcp_${facts.escrow}`)
  },
)

/** PortOne's record gives a discount apart; whether a cancel amount is before or after it is written nowhere. */
export const cancelDiscount = rule('CANCEL-DISCOUNT', { document: documents.jeonpyo, basis: 'ours' }, (facts, say) => {
  if (facts.discount === 0 || !givesBack(facts)) return null
  return say.never(facts.gateway === 'portone' ? 'portone_console' : 'gateway_admin', {
    discountAmount: facts.discount,
  })
})

/** Approvals at KSNET's test store are real; KSNET takes them back by itself after three to five minutes. */
export const cancelTestStore = rule(
  'CANCEL-TEST-STORE',
  { document: documents.kspayModule, basis: 'seed' },
  (facts, say) => {
    if (!throughKsnet(facts) || !facts.testStore) return null
    return say.warned(facts.gateway === 'portone' ? 'portone' : 'direct')
  },
)
