/** Virtual accounts, and cancels that pay into a bank account. */
import type { CancelFacts } from '../cancel-facts.ts'
import { givesBack, throughKsnet } from './asked.ts'
import { documents, rule } from './rule.ts'

const isZeroOrUnsaid = (amount: number | null): boolean => amount === null || amount === 0

/** An account nobody paid into is closed, never refunded; nothing else is ever closed. */
export const cancelVaUnpaid = rule(
  'CANCEL-VA-UNPAID',
  { document: documents.portoneCancel, basis: 'protocol' },
  (facts, say) => {
    const isUnpaid = facts.method === 'VIRTUAL_ACCOUNT' && facts.status === 'ISSUED'
    if (facts.kind === 'CANCEL') return isUnpaid ? say.never('close_instead') : null
    if (facts.method !== 'VIRTUAL_ACCOUNT') return say.never('not_virtual_account')
    if (!isUnpaid) return say.never('not_unpaid')
    return isZeroOrUnsaid(facts.amount) && isZeroOrUnsaid(facts.taxFree)
      ? say.allowed('close')
      : say.never('amount_not_zero')
  },
)

const isPaidVirtualAccount = (facts: CancelFacts): boolean => facts.method === 'VIRTUAL_ACCOUNT' && givesBack(facts)

export const cancelVaDirect = rule(
  'CANCEL-VA-DIRECT',
  { document: documents.ksnetMessages, basis: 'protocol' },
  (facts, say) => (facts.gateway === 'ksnet' && isPaidVirtualAccount(facts) ? say.never('no_message') : null),
)

/** Not known is not contracted: without the contract the gateway may do something else than was asked. */
export const cancelVaContract = rule(
  'CANCEL-VA-CONTRACT',
  { document: documents.ksnetThroughPortone, basis: 'seed' },
  (facts, say) => {
    if (!throughKsnet(facts) || !isPaidVirtualAccount(facts)) return null
    if (facts.contract.vaRefund === true) return say.allowed('contracted')
    return facts.contract.vaRefund === false ? say.never('not_contracted') : say.notNow(null, 'unknown')
  },
)

/**
 * KCP escrow pays transfers back into an account (STE2, STE4); cards are given back to the card, and after the confirmation a
 * transfer goes back the way it came (STE9 with STSC or STPC).
 */
export const paysIntoAccount = (
  facts: Pick<CancelFacts, 'kind' | 'status' | 'method' | 'gateway' | 'escrow'>,
): boolean =>
  givesBack(facts) &&
  (facts.method === 'VIRTUAL_ACCOUNT' ||
    (facts.gateway === 'kcp' && isOnItsWay(facts.escrow) && facts.method === 'TRANSFER'))

const isOnItsWay = (escrow: CancelFacts['escrow']): boolean => escrow === 'before_shipment' || escrow === 'shipped'

/** Without a proof that is bound to this payment and this account nothing is sent: what went to a wrong account stays there. */
export const cancelAccount = rule(
  'CANCEL-ACCOUNT',
  { document: documents.portoneCancel, basis: 'seed' },
  (facts, say) => {
    if (!paysIntoAccount(facts)) return null
    return facts.refundAccount === 'proven' ? say.allowed('proven') : say.needs('refund_account', facts.refundAccount)
  },
)
