import type { CancellationKind, CancellationState } from './cancellation.ts'
import type { Instant } from './kst.ts'
import type { Currency, Minor } from './money.ts'
import type { Environment, Gateway, Method, MethodFacts, PaymentStatus, ReferenceKind } from './payment.ts'
import type { Facts } from './problem.ts'

/** What pages and JSON routes show: masked, without secrets. Instants are milliseconds, money is in the smallest unit. */

export type StoreView = { readonly id: string; readonly name: string }
export type ChannelView = {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly pg: string
  readonly mid: string
  readonly storeId: string
  readonly environment: Environment
  readonly gateway: Gateway
  readonly testStore: boolean
}

export type PaymentItem = {
  readonly id: string
  readonly store: StoreView
  readonly channel: { readonly id: string; readonly name: string }
  readonly environment: Environment
  readonly testStore: boolean
  readonly pg: string
  /** trno or tno. */
  readonly pgTxId: string | null
  readonly paymentId: string | null
  readonly approvalNumber: string | null
  readonly method: Method
  readonly methodFacts: MethodFacts
  readonly currency: Currency
  readonly amount: Minor
  readonly received: Minor
  readonly refunded: Minor
  /** In intents that are still open. */
  readonly open: Minor
  readonly left: Minor
  readonly status: PaymentStatus
  /** An intent is open: something is on its way or not yet known. */
  readonly busy: boolean
  readonly orderName: string
  readonly buyerMasked: string | null
  readonly requestedAt: Instant
  readonly approvedAt: Instant
  readonly lastRefundAt: Instant | null
}
export type PaymentPage = { readonly items: readonly PaymentItem[]; readonly next: string | null }

export type VerdictView = {
  readonly rule: string
  readonly kind: 'allowed' | 'warned' | 'not_now' | 'never' | 'needs'
  readonly reason: string
  readonly until: Instant | null
  readonly facts: Facts
}

export type CancellationView = {
  readonly id: string
  readonly kind: CancellationKind
  readonly state: CancellationState
  readonly amount: Minor
  readonly taxFree: Minor
  readonly partial: boolean
  readonly sequence: number | null
  readonly reason: string
  readonly requestedBy: string
  readonly requestedAt: Instant
  readonly sendingSince: Instant | null
  /** When the gateway is asked next; null when nothing will be asked. */
  readonly nextAskAt: Instant | null
  readonly asked: number
  readonly gatewayCancellationId: string | null
  readonly approvalNumber: string | null
  readonly cause: string | null
  readonly declineCode: string | null
  readonly declineMessage: string | null
  readonly closedAt: Instant | null
  /** When the buyer has the money: the reason of a REFUND-WHEN sentence; null while nothing was given back. */
  readonly refundWhen: string | null
  readonly attempts: readonly AttemptView[]
}
export type AttemptView = {
  readonly number: number
  readonly startedAt: Instant
  readonly answeredAt: Instant | null
  readonly outcome: string | null
  readonly cause: string | null
  /** Scrubbed exchange, as JSON text; null while no answer is recorded. */
  readonly transcript: string | null
}

/** A cancel that was made elsewhere: in the gateway's console, by its staff, by another program. */
export type OutsideRefundView = {
  readonly id: string
  readonly amount: Minor
  readonly taxFree: Minor
  readonly sequence: number | null
  readonly refundedAt: Instant
  readonly approvalNumber: string | null
  readonly trigger: string | null
  readonly reason: string | null
}

export type GatewayRecordView = {
  readonly readAt: Instant
  readonly status: string
  readonly total: Minor
  readonly taxFree: Minor
  readonly paid: Minor
  readonly cancelled: Minor
  readonly cancelledTaxFree: Minor
  readonly cancellations: readonly {
    readonly id: string
    readonly status: string
    readonly amount: Minor
    readonly taxFree: Minor
    readonly requestedAt: Instant
    readonly approvalNumber: string | null
    readonly trigger: string | null
  }[]
}

export type TimelineEntry = {
  readonly id: string
  readonly at: Instant
  /** A person's name, or `worker`, `notice`, `feed`, `setup`. */
  readonly who: string
  readonly action: string
  readonly outcome: 'done' | 'denied' | 'failed'
  readonly facts: Facts
}

export type PaymentView = PaymentItem & {
  readonly taxFree: Minor
  readonly receivedTaxFree: Minor
  readonly refundedTaxFree: Minor
  readonly openTaxFree: Minor
  readonly leftTaxFree: Minor
  readonly discount: Minor
  readonly gateway: Gateway
  readonly mid: string
  readonly paidAt: Instant | null
  readonly closedAt: Instant | null
  readonly partialLimit: number | null
  readonly partialsUsed: number
  readonly references: readonly { readonly kind: ReferenceKind; readonly value: string }[]
  readonly receiptUrl: string | null
  readonly escrow: { readonly status: string } | null
  readonly cashReceipt: { readonly status: string } | null
  /** Oldest first. */
  readonly cancellations: readonly CancellationView[]
  readonly outsideRefunds: readonly OutsideRefundView[]
  readonly gatewayRecord: GatewayRecordView | null
  readonly tasks: readonly {
    readonly id: string
    readonly kind: string
    readonly dueAt: Instant
    readonly facts: Facts
  }[]
  /** Newest first. */
  readonly timeline: readonly TimelineEntry[]
  /** The rules that speak before an amount is named. */
  readonly verdicts: readonly VerdictView[]
  readonly denial: VerdictView | null
  readonly desk: { readonly phone: string | null; readonly console: string }
  readonly canAsk: boolean
  readonly may: { readonly cancel: boolean; readonly refresh: boolean }
  /** The roles to name where it is missing. */
  readonly whoMayCancel: string
  readonly whoMayRefresh: string
  readonly asOf: Instant
}

export type PreviewView = {
  readonly verdicts: readonly VerdictView[]
  readonly denial: VerdictView | null
  readonly left: Minor
  readonly leftTaxFree: Minor
  /** What the tax-free part of this amount may be. */
  readonly taxFreeMin: Minor
  readonly taxFreeMax: Minor
  readonly partialNumber: number | null
}

export type CredentialFieldView = {
  readonly name: string
  readonly secret: boolean
  readonly required: boolean
  readonly example: string
}
export type GatewayView = {
  readonly gateway: Gateway
  readonly environments: readonly Environment[]
  readonly fields: readonly CredentialFieldView[]
}
export type AccountView = {
  readonly id: string
  readonly store: StoreView
  readonly gateway: Gateway
  readonly environment: Environment
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
  /** Set secrets: when, and how they end. Their values are never shown. */
  readonly hints: Readonly<Record<string, { readonly setAt: Instant; readonly endsIn: string }>>
  readonly webhookUrl: string
  readonly feedReadAt: Instant | null
  readonly feedError: string | null
  readonly channels: readonly (ChannelView & { readonly contract: Readonly<Record<string, boolean>> })[]
}
/** One line of what "Test" found. `unprovable`: nothing that can be asked shows it, or no answer came. */
export type TestFinding = {
  readonly check: string
  readonly result: 'proven' | 'failed' | 'unprovable'
  readonly reason: string
  readonly facts: Facts
}

export type AuditItem = {
  readonly id: string
  readonly at: Instant
  readonly who: string
  readonly store: string | null
  readonly action: string
  readonly outcome: 'done' | 'denied' | 'failed'
  readonly subject: string | null
  readonly subjectId: string | null
  readonly facts: string
  readonly requestId: string
}
export type AuditPage = { readonly items: readonly AuditItem[]; readonly next: string | null }

export type ActionResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: { readonly code: string; readonly facts: Facts } }
