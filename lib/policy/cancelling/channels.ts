/** What the channel, the escrow or a discount has to say. */
import { bySocket, cannotBeWhole, givesBack, throughKsnet } from './asked.ts'
import { documents, rule } from './rule.ts'

/** KCP refuses a cancel without the key. With REST a certificate takes its place. By module nothing goes without its program. */
export const cancelKey = rule('CANCEL-KEY', { document: documents.kcpAccountCheck, basis: 'seed' }, (facts, say) => {
  if (facts.gateway !== 'kcp') return null
  if (!facts.credentialsReady) return say.notNow(null, facts.mode === 'module' ? 'no_site_key' : 'no_certificate')
  return facts.mode === 'module' && !facts.programReady ? say.notNow(null, 'no_program') : null
})

/** Refunds into accounts, escrow and the closing of accounts are published nowhere for KCP's REST service. */
export const cancelKcpRest = rule(
  'CANCEL-KCP-REST',
  { document: documents.kcpCancel, basis: 'protocol' },
  (facts, say) => {
    if (facts.gateway !== 'kcp' || facts.mode !== 'rest') return null
    if (facts.kind === 'CLOSE') return facts.method === 'VIRTUAL_ACCOUNT' ? say.never('close') : null
    if (!givesBack(facts)) return null
    if (facts.escrow !== null) return say.never('escrow')
    return facts.method === 'VIRTUAL_ACCOUNT' ? say.never('virtual_account') : null
  },
)

/** Without the merchant's number and the way to KSNET nothing goes. A payment by page link goes by socket too. */
export const cancelKsnetKey = rule(
  'CANCEL-KSNET-KEY',
  { document: documents.ksnetMessages, basis: 'protocol' },
  (facts, say) => {
    if (facts.gateway !== 'ksnet' || facts.credentialsReady) return null
    return say.notNow(null, bySocket(facts) ? 'no_address' : 'no_api_key')
  },
)

/** By REST the cancels of cards and transfers are published, by socket those of mobile and unpaid accounts too; of others none. */
export const cancelKsnetWay = rule(
  'CANCEL-KSNET-WAY',
  { document: documents.ksnetMessages, basis: 'protocol' },
  (facts, say) => {
    if (facts.gateway !== 'ksnet') return null
    if (facts.kind === 'CLOSE')
      return facts.method === 'VIRTUAL_ACCOUNT' && !bySocket(facts) ? say.never('close') : null
    if (!givesBack(facts)) return null
    if (facts.method === 'OTHER') return say.never('other')
    return facts.method === 'MOBILE' && !bySocket(facts) ? say.never('mobile') : null
  },
)

/** What KCP has a message for after the confirmation. */
const confirmedForms: readonly string[] = ['CARD', 'EASY_PAY', 'TRANSFER', 'VIRTUAL_ACCOUNT']

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
    if (facts.escrow === 'confirmed' && !confirmedForms.includes(facts.method)) return say.never('kcp_no_message')
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
