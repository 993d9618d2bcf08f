import type { CancellationKind } from '#lib/domain/cancellation.ts'
import type { Instant } from '#lib/domain/kst.ts'
import type { Minor } from '#lib/domain/money.ts'
import type { EscrowStage } from '#lib/domain/shipping.ts'
import type { ProofState } from './account-proof.ts'
import type { Gateway, Method, Mode, PaymentStatus } from '#lib/domain/payment.ts'

/** All that the cancelling rules may look at. Money is in the payment's currency. */
export type CancelFacts = {
  readonly now: Instant
  readonly gateway: Gateway
  /** The payment gateway behind it: KSNET through PortOne is `KSNET` too. */
  readonly pg: 'KSNET' | 'KCP' | 'OTHER'
  readonly mode: Mode
  readonly method: Method
  readonly testStore: boolean
  /** Told of by an unsigned notice alone; nobody confirmed it. */
  readonly unverified: boolean
  readonly status: PaymentStatus
  /** Null where it is not known: a warning then, never a denial. */
  readonly paidAt: Instant | null
  readonly received: Minor
  readonly receivedTaxFree: Minor
  /** Given back, here or elsewhere. */
  readonly refunded: Minor
  readonly refundedTaxFree: Minor
  /** Paid back by people without the gateway; in none of the sums beside it. */
  readonly byHand: Minor
  /** In intents that are still open, this one not counted. */
  readonly open: Minor
  readonly openTaxFree: Minor
  readonly openCount: number
  /** Partial cancels done, open or made elsewhere, this one not counted. */
  readonly partials: number
  readonly discount: Minor
  /** Null: not asked whether the contract has it, so it is not known. */
  readonly contract: { readonly vaRefund: boolean | null }
  readonly escrow: EscrowStage | null
  /** What the gateway needs of the account is there. */
  readonly credentialsReady: boolean
  /** The gateway's own program is installed here; true where none is needed. */
  readonly programReady: boolean
  /** What is known of the account the money would go into. */
  readonly refundAccount: ProofState
  /** What is asked. Amount null: the sheet has just opened and only the rules that need no amount speak. */
  readonly kind: CancellationKind
  readonly amount: Minor | null
  readonly taxFree: Minor | null
}
