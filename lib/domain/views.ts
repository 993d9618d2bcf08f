import type { CancellationKind, CancellationState } from './cancellation.ts'
import type { CancelTold, Days, DifferenceKind, FileMeaning, Layout, Told, Why } from './comparison.ts'
import type { Courier } from './couriers.ts'
import type { Instant, KstDate } from './kst.ts'
import type { Currency, Minor } from './money.ts'
import type {
  Environment,
  Gateway,
  Method,
  MethodFacts,
  Mode,
  PaymentSource,
  PaymentStatus,
  ReferenceKind,
} from './payment.ts'
import type { ImportColumns, ImportMethod } from './payment-import.ts'
import type { Period } from './period.ts'
import type { Facts } from './problem.ts'
import type { ShipmentKind, ShipmentState, ShippingStage, ShippingVerdict } from './shipping.ts'
import type { Reading } from './read-query.ts'

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
  /** Who told of it, until the gateway's own record was read. */
  readonly source: PaymentSource
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
export type PaymentPage = {
  readonly items: readonly PaymentItem[]
  readonly next: string | null
  /** How what was typed into the box was read; null where nothing was. */
  readonly understood: UnderstoodView | null
}
/**
 * `period`: the days that were searched since the words name none; null where they need none. `trno`: what a number of KSNET's form
 * hints at; nothing was searched by it.
 */
export type UnderstoodView = Reading & {
  readonly period: Period | null
  readonly trno: { readonly method: Method; readonly day: KstDate } | null
}

/** What the gateway said of the buyer, masked. Not readable: sealed under a key that is no longer here. */
export type PersonalView = {
  readonly readable: boolean
  readonly name: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly account: string | null
}
/** Whether this person may, and the roles to name where not. */
export type MayView = { readonly may: boolean; readonly who: string }
/** What the staff keep beside what the gateway says. */
export type StaffView = {
  readonly personal: PersonalView
  /** Newest first, like the refunds by hand. */
  readonly memos: readonly MemoView[]
  readonly handRefunds: readonly HandRefundView[]
  readonly reveal: MayView
  readonly note: MayView
  readonly byHand: MayView
}
export type MemoView = { readonly id: string; readonly at: Instant; readonly who: string; readonly text: string }
/** Money the merchant gave back without the gateway: in no sum. */
export type HandRefundView = {
  readonly id: string
  readonly amount: Minor
  readonly paidOn: string
  readonly how: string
  readonly why: string
  readonly who: string
  readonly at: Instant
}

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
  /** Known by the balance of the gateway's record, since it keeps no list of cancels. */
  readonly byBalance: boolean
  readonly closedAt: Instant | null
  /** When the buyer has the money: the reason of a REFUND-WHEN sentence; null while nothing was given back. */
  readonly refundWhen: string | null
  /** The first and the last day on which that can be, public holidays not counted; null where it cannot be said. */
  readonly refundDays: Period | null
  /** SCHEDULED, or waiting for a second person at night: when it can be sent. */
  readonly dueAt: Instant | null
  /** The account the money goes into, masked; null where it goes back the way it came. */
  readonly account: RefundAccountView | null
  readonly approval: ApprovalView | null
  /** What people said became of it; the last proposal where there are several. */
  readonly resolution: ResolutionView | null
  /** May be closed by people from then on; null where it may not or need not. */
  readonly closableAt: Instant | null
  /** The one of which people decided that it did not happen, and which this one repeats. */
  readonly afterId: string | null
  /** Who is looking asked for it: such a person cannot approve it. */
  readonly mine: boolean
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

/** Bank code (see banks.ts), number and holder masked: `국민 ****1234`, `홍*동`. */
export type RefundAccountView = { readonly bank: string; readonly number: string; readonly holder: string }

export type ApprovalView = {
  /** amount, method, role, after_people: keys of `approval.reason.*`. */
  readonly reasons: readonly string[]
  /** What the second person agrees to, frozen; the hash is sent back with the approval. */
  readonly snapshot: {
    readonly amount: Minor
    readonly taxFree: Minor
    readonly left: Minor
    readonly leftTaxFree: Minor
    readonly account: RefundAccountView | null
  }
  readonly snapshotHash: string
  readonly expiresAt: Instant
  readonly decision: 'awaiting' | 'approved' | 'rejected'
  readonly decidedBy: string | null
  readonly decidedAt: Instant | null
  readonly note: string | null
}

export type ResolutionView = {
  readonly id: string
  readonly happened: boolean
  readonly evidenceKind: 'approval_number' | 'agent'
  readonly approvalNumber: string | null
  readonly agent: string | null
  readonly spokenAt: Instant | null
  readonly note: string
  readonly evidenceId: string | null
  readonly proposedBy: string
  readonly proposedAt: Instant
  /** Who is looking proposed it. */
  readonly mine: boolean
  readonly decision: 'awaiting' | 'agreed' | 'refused'
  readonly decidedBy: string | null
  readonly decidedAt: Instant | null
  /** Where the store lets one person close alone: from when the proposer may; null where two are needed. */
  readonly aloneFrom: Instant | null
  readonly alone: boolean
  /** Seen later in the gateway's record. */
  readonly seenAt: Instant | null
}

/** A check of who holds an account. */
export type AccountCheckView = {
  readonly id: string
  readonly by: 'gateway' | 'people'
  /** MATCHED, DIFFERENT, REFUSED, UNKNOWN, AWAITING (a second person), REJECTED: keys of `accountCheck.result.*`. */
  readonly result: string
  readonly code: string | null
  /** What the gateway said where it did not confirm; nothing personal is in it. */
  readonly message: string | null
  /** Which of the store's accounts was asked. */
  readonly asked: AskedAccountView | null
  /** The gateway's number and time of its answer, as it gave them. */
  readonly reference: string | null
  readonly referenceTime: string | null
  readonly account: RefundAccountView
  readonly checkedBy: string
  readonly checkedAt: Instant
  /** Until when a refund may be requested with it; null where it proves nothing or was used. */
  readonly usableUntil: Instant | null
  readonly used: boolean
  readonly confirmedBy: string | null
  readonly confirmedAt: Instant | null
  readonly alone: boolean
  readonly evidenceId: string | null
  /** Who is looking made it: such a person cannot confirm it. */
  readonly mine: boolean
  readonly aloneFrom: Instant | null
}

export type AskedAccountView = { readonly gateway: Gateway; readonly mode: Mode; readonly name: string }

export type BankView = { readonly code: string; readonly name: { readonly ko: string; readonly en: string } }

/** What the cancel sheet needs for a refund into an account. */
export type RefundAccountNeed = {
  /** `gateway`: it can be asked. `people`: the gateway said that its look-up is not enabled here, so two people prove it. */
  readonly how: 'gateway' | 'people'
  /** Who is asked; null where nobody can be. */
  readonly asks: AskedAccountView | null
  /** KCP is told the account, in the question or in the refund: its limits hold. */
  readonly ofKcp: boolean
  /** Newest first; only those of this payment. */
  readonly checks: readonly AccountCheckView[]
  readonly mayConfirm: boolean
}

/** One store's rules of two people, limits and the switch. */
export type StorePolicyView = {
  readonly id: string
  readonly name: string
  readonly approvalAbove: Minor | null
  readonly approvalMethods: readonly Method[]
  readonly approvalRoles: readonly ('VIEWER' | 'OPERATOR' | 'MANAGER')[]
  readonly stepUpAbove: Minor | null
  readonly personDayAmount: Minor | null
  readonly personDayCount: number | null
  readonly oneAfterDay: boolean
  readonly stopped: { readonly who: string; readonly why: string; readonly at: Instant } | null
  readonly accounts: readonly { readonly id: string; readonly name: string; readonly sendAtOnce: number }[]
  readonly may: { readonly edit: boolean; readonly stop: boolean }
}

/** A cancellation on the desk of those that are not known yet. */
export type DeskItem = CancellationView & {
  readonly payment: PaymentItem
  readonly desk: { readonly phone: string | null; readonly console: string }
  readonly canAsk: boolean
  readonly may: { readonly resolve: boolean; readonly approve: boolean; readonly ask: boolean }
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

/** Null: this gateway does not say it (KCP keeps no list of cancels, and no tax of them). */
export type GatewayRecordView = {
  readonly readAt: Instant
  readonly status: string
  readonly total: Minor
  readonly taxFree: Minor | null
  readonly paid: Minor
  readonly cancelled: Minor | null
  readonly cancelledTaxFree: Minor | null
  readonly cancellations:
    | readonly {
        readonly id: string
        readonly status: string
        readonly amount: Minor
        readonly taxFree: Minor
        readonly requestedAt: Instant
        readonly approvalNumber: string | null
        readonly trigger: string | null
      }[]
    | null
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
  /** Null where the payment has nothing to do with deliveries. */
  readonly shipping: ShippingView | null
  /** Null where no notice told of any. */
  readonly deposits: DepositsView | null
  /** Oldest first. */
  readonly cancellations: readonly CancellationView[]
  readonly outsideRefunds: readonly OutsideRefundView[]
  readonly staff: StaffView
  readonly gatewayRecord: GatewayRecordView | null
  readonly tasks: readonly TaskView[]
  readonly cashReceipts: CashReceiptsView | null
  readonly receiptLinks: ReceiptLinksView
  /** Newest first. */
  readonly timeline: readonly TimelineEntry[]
  /** The rules that speak before an amount is named. */
  readonly verdicts: readonly VerdictView[]
  readonly denial: VerdictView | null
  readonly desk: { readonly phone: string | null; readonly console: string }
  readonly canAsk: boolean
  readonly may: {
    readonly cancel: boolean
    readonly refresh: boolean
    readonly approve: boolean
    readonly resolve: boolean
    readonly confirmAccount: boolean
    readonly tasks: boolean
  }
  /** Where the money would go into an account; null where it goes back the way it came. */
  readonly refundAccount: RefundAccountNeed | null
  /** A virtual account nobody paid into: it can be closed, and whether that may be done now. */
  readonly close: { readonly denial: VerdictView | null } | null
  /** Where only the hour forbids: when it could be sent, and what else would stop it then. */
  readonly later: { readonly at: Instant; readonly denial: VerdictView | null } | null
  /** The roles to name where it is missing. */
  readonly whoMayCancel: string
  readonly whoMayRefresh: string
  readonly asOf: Instant
}

/** A deposit into a virtual account, or its reversal, as a notice told it. */
export type DepositView = {
  readonly id: string
  readonly kind: 'deposit' | 'reversal'
  readonly amount: Minor
  /** When it came in, by the notice. */
  readonly at: Instant
  readonly bank: string | null
  /** Masked. */
  readonly number: string | null
  readonly state: 'UNVERIFIED' | 'APPLIED' | 'REFUSED'
  /** Why it was not believed: keys of `deposit.why.*`; null where it was at once. */
  readonly doubt: string | null
  readonly seenAt: Instant
  /** notice (it fitted what is known), record (it fits since more is known), person. */
  readonly decidedBy: string | null
  readonly who: string | null
  readonly decidedAt: Instant | null
  readonly note: string | null
}
export type DepositsView = {
  /** The last that was told first. */
  readonly items: readonly DepositView[]
  /** An unsigned notice is all that tells of the payment. */
  readonly noticeAlone: boolean
  /** Who vouched for a payment of which only a notice told. */
  readonly confirmed: { readonly who: string; readonly at: Instant } | null
  readonly may: boolean
  readonly who: string
}

/** One order to register or change delivery data. */
export type ShipmentView = {
  readonly id: string
  readonly kind: ShipmentKind
  /** Null where nothing is delivered: hold. */
  readonly courier: Courier | null
  readonly trackingNumber: string
  readonly sentAt: Instant
  readonly sendEmail: boolean
  /** Why the settlement is held back. */
  readonly reason: string | null
  readonly state: ShipmentState
  /** Why it is where it is; the gateway's code where it said one. */
  readonly cause: string | null
  readonly code: string | null
  /** When it is tried, or asked about, next; null once it has ended. */
  readonly nextTryAt: Instant | null
  readonly requestedBy: string
  readonly requestedAt: Instant
  readonly closedAt: Instant | null
  /** Who said what became of it, and what they saw, where no record tells. */
  readonly ended: { readonly by: string; readonly note: string } | null
}

/** What the gateway's record says of the delivery; names and numbers as it writes them. */
export type DeliveryView = {
  readonly status: string
  readonly company: string | null
  readonly courier: Courier | null
  readonly trackingNumber: string | null
  readonly sentAt: Instant | null
  readonly registeredAt: Instant | null
  readonly readAt: Instant | null
}

/** The delivery part of a payment's page. */
export type ShippingView = {
  /** Null where the payment is no escrow payment. */
  readonly stage: ShippingStage | null
  readonly delivery: DeliveryView | null
  /** When the shipment is due, by our own rule; null once it is registered. */
  readonly dueAt: Instant | null
  readonly register: ShippingVerdict
  readonly change: ShippingVerdict
  /** To hold back the settlement; null where the gateway has no such thing. */
  readonly hold: ShippingVerdict | null
  /** The gateway's record does not tell of deliveries: what became of an order, a notice or a person says. */
  readonly silent: boolean
  /** Whose deliveries it takes. */
  readonly couriers: readonly Courier[]
  /** Newest first. */
  readonly orders: readonly ShipmentView[]
  /** The last one was done, but the gateway's record was not read since. */
  readonly unread: boolean
  /** A person said that it was asked for as escrow: when that can be told apart. */
  readonly asked: { readonly since: Instant; readonly knownFrom: Instant } | null
  readonly may: boolean
  readonly whoMay: string
}

/** A row of the escrow board. */
export type EscrowItem = {
  readonly payment: PaymentItem
  readonly stage: ShippingStage
  readonly delivery: DeliveryView
  readonly dueAt: Instant | null
  /** The last order; null where there was none. */
  readonly order: ShipmentView | null
}
export type EscrowPage = {
  readonly items: readonly EscrowItem[]
  readonly next: string | null
  readonly counts: Readonly<Record<ShippingStage, number>>
  /** Of those that are due: past the time. */
  readonly overdue: number
  readonly asOf: Instant
}

/** One row of an uploaded file: what would happen, or what is wrong with it. */
export type ShipmentRowView = {
  /** As Excel numbers it. */
  readonly line: number
  readonly number: string
  readonly orderName: string | null
  readonly courier: Courier | null
  readonly trackingNumber: string
  readonly verdict:
    | {
        readonly ok: true
        readonly kind: Exclude<ShipmentKind, 'hold'>
        readonly paymentId: string
        readonly courier: Courier
        readonly sentAt: Instant
        /** It waits until then; null where it is sent at once. */
        readonly later: Instant | null
        readonly warnings: readonly string[]
      }
    | { readonly ok: false; readonly reason: string; readonly facts: Facts }
}
export type ShipmentSheetView = { readonly rows: readonly ShipmentRowView[] }
/** What became of a row that was taken. */
export type ShipmentRowResult =
  | { readonly id: string; readonly ok: true }
  | { readonly id: string; readonly ok: false; readonly problem: { readonly code: string; readonly facts: Facts } }

export type PreviewView = {
  readonly verdicts: readonly VerdictView[]
  readonly denial: VerdictView | null
  readonly left: Minor
  readonly leftTaxFree: Minor
  /** What the tax-free part of this amount may be. */
  readonly taxFreeMin: Minor
  readonly taxFreeMax: Minor
  readonly partialNumber: number | null
  /** Where only the hour forbids: when it could be sent, and what else would stop it then (the account, usually). */
  readonly later: { readonly at: Instant; readonly denial: VerdictView | null } | null
  /** Why a second person will be asked: amount, method, role, after_people. */
  readonly approval: readonly string[]
  /** A fresh sign-in will be asked for. */
  readonly stepUp: boolean
}

export type CredentialFieldView = {
  readonly name: string
  readonly secret: boolean
  readonly required: boolean
  readonly example: string
  /** What stands there where nothing is typed. */
  readonly usual: string | null
  /** Several lines. */
  readonly long: boolean
  /** Documented nowhere: what is usual is an assumption. */
  readonly assumed: boolean
}
/** A gateway by one way of reaching it. */
export type GatewayView = {
  readonly gateway: Gateway
  readonly mode: Mode
  /** The account is its one channel: none is added to it, and its site code stays. */
  readonly ownChannel: boolean
  /** It needs a program of the gateway's that is not installed here. */
  readonly programMissing: boolean
  /** Its payments are looked for regularly. */
  readonly feed: boolean
  readonly environments: readonly Environment[]
  readonly fields: readonly CredentialFieldView[]
}
export type AccountView = {
  readonly id: string
  readonly store: StoreView
  readonly gateway: Gateway
  readonly mode: Mode
  readonly environment: Environment
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
  /** Set secrets: when, and how they end. Their values are never shown. */
  readonly hints: Readonly<Record<string, { readonly setAt: Instant; readonly endsIn: string }>>
  /** Where signed notices go; null where the gateway signs none. */
  readonly webhookUrl: string | null
  /** Where unsigned notices go: as good as a password, so only for who manages accounts. */
  readonly noticeUrl: string | null
  /** The gateway's own program, where it needs one. */
  readonly program: 'set' | 'missing' | null
  readonly feedReadAt: Instant | null
  readonly feedError: string | null
  readonly channels: readonly (ChannelView & { readonly contract: Readonly<Record<string, boolean>> })[]
}
/** For which of a store's channels a gateway's bulletin is, and the day it is read on. */
export type BulletinsView = {
  readonly today: KstDate
  readonly channels: readonly (ChannelView & { readonly mode: Mode; readonly store: string })[]
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

/** How long the session still lasts: without anything done, and at most. */
export type SessionLife = { readonly idleMs: number; readonly lastsMs: number }

/** One sign-in of a person; only those that have not ended are shown. */
export type SessionView = {
  readonly id: string
  /** The one it is looked at from. */
  readonly here: boolean
  readonly createdAt: Instant
  readonly lastSeenAt: Instant
  /** With its end hidden. */
  readonly address: string
  readonly agent: string
}

export type MeView = {
  readonly name: string
  readonly email: string
  readonly sessions: readonly SessionView[]
  readonly secondFactor: {
    readonly on: boolean
    /** This installation asks it of whoever moves money, and this person may. */
    readonly required: boolean
    readonly recoveryCodesLeft: number
  }
}

export type MemberRole = 'VIEWER' | 'OPERATOR' | 'MANAGER'
export type GrantView = { readonly storeId: string; readonly role: MemberRole }

export type MemberItem = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly owner: boolean
  readonly grants: readonly GrantView[]
  readonly lastSeenAt: Instant | null
  readonly secondFactor: boolean
  /** After too many wrong passwords. */
  readonly locked: boolean
  readonly disabledAt: Instant | null
}

export type InvitationView = {
  readonly id: string
  readonly kind: 'INVITE' | 'RESET'
  readonly name: string
  readonly email: string
  readonly owner: boolean
  readonly grants: readonly GrantView[]
  readonly createdBy: string
  readonly expiresAt: Instant
}

export type MembersView = {
  readonly members: readonly MemberItem[]
  /** Links that are still open. */
  readonly invitations: readonly InvitationView[]
  readonly stores: readonly StoreView[]
  /** Whether roles that move money must have a second factor. */
  readonly secondFactorRequired: boolean
}

export type MemberView = MemberItem & {
  readonly stores: readonly StoreView[]
  readonly sessions: readonly SessionView[]
  /** What was done to this account, newest first. */
  readonly history: readonly {
    readonly id: string
    readonly at: Instant
    readonly who: string
    readonly action: string
    readonly outcome: 'done' | 'denied' | 'failed'
    readonly owner: boolean | null
    readonly grants: readonly GrantView[] | null
    readonly change: string | null
  }[]
}

/** What a file would hold. `rows` is at most one more than `rowsMax`. */
export type ExportOffer = {
  readonly rows: number
  readonly rowsMax: number
  /** Names of stores this person sees but may not take out. */
  readonly leftOut: readonly string[]
}
export type ExportView = {
  readonly id: string
  readonly total: number
  /** Written so far. */
  readonly rows: number
  /** `ready` is also one whose file did not arrive whole: it may be taken again. */
  readonly state: 'ready' | 'running' | 'finished' | 'expired'
}

/** Sums of one currency; `cancelled` is what went back. */
export type TotalView = {
  readonly currency: Currency
  readonly approvedCount: number
  readonly approved: Minor
  readonly cancelledCount: number
  readonly cancelled: Minor
  readonly net: Minor
}
/**
 * `days`: approved on the day of approval, cancelled on the day of the cancel, from the counters of days. `rows`: of the payments
 * found, whenever they were cancelled. `many`: more than are added up. `none`: cannot be said exactly.
 */
export type TotalsView = {
  readonly basis: 'days' | 'rows' | 'many' | 'none'
  readonly totals: readonly TotalView[]
}

export type DayView = { readonly day: KstDate } & TotalView
export type TodayView = {
  readonly day: KstDate
  /** False while there is not one payment: nothing was set up, or nothing came yet. */
  readonly any: boolean
  readonly channels: boolean
  readonly today: readonly TotalView[]
  readonly yesterday: readonly TotalView[]
  /** Of each currency thirty days, the last one today, also those with nothing. */
  readonly trend: readonly { readonly currency: Currency; readonly days: readonly DayView[] }[]
  readonly desk: {
    readonly confirming: number
    readonly approvals: number
    readonly scheduled: number
    readonly overdue: number
    readonly shipments: number
  }
}

/** What somebody must still do. */
export type TaskView = {
  readonly id: string
  readonly kind: string
  /** The rule it follows from; its title and source stand with the rules. */
  readonly rule: string
  /** What ends it: a person's note, a part of the payment's page, or nothing but time. */
  readonly step: 'note' | 'cash_receipt' | 'shipment' | 'deposit' | 'wait'
  readonly facts: Facts
  readonly foundAt: Instant
  readonly dueAt: Instant
  /** Its time has come. */
  readonly due: boolean
}
export type TaskItem = TaskView & { readonly payment: PaymentItem; readonly may: boolean }
export type TaskPage = { readonly items: readonly TaskItem[]; readonly next: string | null; readonly asOf: Instant }

export type ReceiptOrderView = {
  readonly id: string
  readonly kind: 'cancel' | 'issue'
  readonly state: 'SENDING' | 'UNCONFIRMED' | 'DONE' | 'DECLINED'
  readonly amount: Minor | null
  readonly taxFree: Minor | null
  readonly type: 'PERSONAL' | 'CORPORATE' | null
  readonly numberMasked: string | null
  readonly code: string | null
  readonly requestedBy: string
  readonly requestedAt: Instant
  readonly closedAt: Instant | null
  readonly nextAskAt: Instant | null
}
/** The cash receipt of a payment by account; null where a payment can have none. */
export type CashReceiptsView = {
  /** As the gateway last told; null where it told of none. */
  readonly receipt: {
    readonly status: 'ISSUED' | 'CANCELLED'
    readonly type: string | null
    readonly amount: Minor | null
    readonly taxFree: Minor | null
    readonly number: string | null
    readonly url: string | null
    readonly issuedAt: Instant | null
  } | null
  /** Newest first. */
  readonly orders: readonly ReceiptOrderView[]
  /** What a new receipt would be of. */
  readonly left: Minor
  readonly leftTaxFree: Minor
  /** Why it cannot be done now; null where it can. */
  readonly cancelDenial: string | null
  readonly issueDenial: string | null
  readonly may: boolean
  readonly whoMay: string
}

/** A buyer's link to masked facts. */
export type ReceiptLinkView = {
  readonly id: string
  readonly url: string
  readonly createdBy: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly opened: number
}
export type ReceiptLinksView = {
  /** Those that still open, newest first; empty for who may not share. */
  readonly links: readonly ReceiptLinkView[]
  readonly may: boolean
  readonly whoMay: string
}
/** What a buyer sees without signing in: nothing by which a person or a row could be known. */
export type PublicReceipt = {
  readonly store: string
  readonly orderName: string
  readonly method: Method
  readonly currency: Currency
  readonly amount: Minor
  readonly received: Minor
  readonly left: Minor
  readonly status: PaymentStatus
  readonly card: { readonly issuer: string | null; readonly number: string | null } | null
  readonly paidAt: Instant | null
  readonly refunds: readonly { readonly amount: Minor; readonly at: Instant; readonly when: string }[]
  /** A refund is on its way and its result is not known yet. */
  readonly refunding: Minor
  readonly slip: string | null
  readonly gateway: Gateway
  /** The slip's page brings up the print dialog by itself. */
  readonly slipPrints: boolean
  readonly test: boolean
  readonly expiresAt: Instant
}

/** A key with which a store's server tells of its payments; the key itself is never shown again. */
export type TokenView = {
  readonly id: string
  readonly storeId: string
  readonly name: string
  readonly endsIn: string
  readonly createdBy: string
  readonly createdAt: Instant
  /** To the minute. */
  readonly lastUsedAt: Instant | null
}
/** The ways by which payments come in beside the gateways. */
export type ImportsView = {
  /** Those that take files, at the stores where this person may. */
  readonly accounts: readonly {
    readonly id: string
    readonly name: string
    readonly store: StoreView
    readonly gateway: Gateway
    readonly environment: Environment
  }[]
  /** Newest first. */
  readonly imports: readonly {
    readonly id: string
    readonly store: string
    readonly account: string
    readonly fileName: string
    readonly rows: number
    readonly added: number
    readonly known: number
    readonly failed: number
    readonly by: string
    readonly at: Instant
  }[]
  /** Null for who may not manage them. */
  readonly tokens: { readonly stores: readonly StoreView[]; readonly tokens: readonly TokenView[] } | null
  /** Where a shop's server sends to. */
  readonly address: string
  readonly whoMayTokens: string
}
/** A file as it would be taken over. `rows` is null until it is said which column is what. */
export type ImportView = {
  readonly titles: readonly string[]
  readonly samples: Readonly<Record<string, string>>
  readonly columns: ImportColumns
  readonly allMethod: ImportMethod | null
  readonly rows: readonly ImportRowView[] | null
}
export type ImportRowView = {
  /** As Excel numbers it. */
  readonly line: number
  readonly number: string
  readonly amount: Minor | null
  readonly approvedAt: Instant | null
  readonly method: Method | null
  readonly verdict:
    | { readonly kind: 'new' }
    | { readonly kind: 'known'; readonly paymentId: string }
    | { readonly kind: 'differs'; readonly paymentId: string; readonly ours: number }
    | { readonly kind: 'error'; readonly reason: string; readonly facts: Facts }
}
/** What became of a row. */
export type ImportRowResult =
  | { readonly line: number; readonly kind: 'recorded' | 'known' | 'differs'; readonly paymentId: string }
  | { readonly line: number; readonly kind: 'error'; readonly reason: string; readonly facts: Facts }

/** A row of a file that could not be read, and why. */
export type UnreadRowView = {
  readonly line: number
  readonly number: string
  readonly reason: string
  readonly facts: Facts
}
/** An uploaded export before it is compared. */
export type ComparedFileView = {
  readonly titles: readonly string[]
  readonly samples: Readonly<Record<string, string>>
  readonly meaning: FileMeaning
  /** Null until the needed columns are chosen. */
  readonly found: {
    readonly rows: number
    readonly transactions: number
    readonly unread: number
    readonly unreadOf: readonly UnreadRowView[]
    readonly days: Days | null
  } | null
}
export type ComparisonChannelView = {
  readonly id: string
  readonly name: string
  readonly account: string
  readonly pg: string
  readonly mid: string
  readonly store: StoreView
  readonly environment: Environment
}
export type ComparisonView = {
  readonly id: string
  readonly store: StoreView
  readonly channel: { readonly name: string; readonly pg: string; readonly mid: string }
  readonly environment: Environment
  readonly fileName: string
  readonly days: Days | null
  readonly layout: Layout | null
  readonly state: 'COMPARING' | 'DONE'
  readonly parts: number
  readonly partsLeft: number
  readonly rows: number
  readonly matched: number
  readonly differs: number
  readonly onlyHere: number
  readonly onlyThere: number
  readonly outside: number
  readonly unread: number
  readonly unreadOf: readonly UnreadRowView[]
  /** Differences found in it that are still open. */
  readonly open: number
  readonly by: string
  readonly at: Instant
}
export type ComparisonsView = {
  readonly channels: readonly ComparisonChannelView[]
  /** Newest first. */
  readonly comparisons: readonly ComparisonView[]
}
export type DifferenceItem = {
  readonly id: string
  readonly store: StoreView
  readonly pg: string
  readonly mid: string
  readonly environment: Environment
  readonly number: string
  readonly kind: DifferenceKind
  readonly whys: readonly Why[]
  readonly paymentId: string | null
  readonly told: Told | null
  readonly ours: {
    readonly amount: Minor
    readonly method: Method
    readonly paid: boolean
    readonly refunded: Minor
    readonly at: Instant
  } | null
  readonly layout: Layout
  readonly days: { readonly from: string; readonly to: string }
  readonly foundAt: Instant
  readonly state: 'OPEN' | 'CLOSED'
  readonly closedBy: string | null
  readonly closedAt: Instant | null
  readonly closedByName: string | null
  readonly assignee: { readonly id: string; readonly name: string } | null
}
export type DifferencePage = { readonly items: readonly DifferenceItem[]; readonly next: string | null }
/** What would be written if it were recorded, or why it is not. */
export type RecordPreview =
  | {
      readonly kind: 'ready'
      readonly cancels: readonly (CancelTold & { readonly at: Instant; readonly daySaid: boolean })[]
      readonly amount: Minor
      /** What had been refunded before and after. */
      readonly before: Minor
      readonly after: Minor
      readonly received: Minor
      /** Unsent cancellations that would be taken back, since too little is left. */
      readonly withdraws: number
    }
  /** One of ours is out: which of the two it is, no file can say. */
  | { readonly kind: 'held'; readonly amount: Minor; readonly before: Minor; readonly ours: Minor }
  /** Known meanwhile. */
  | { readonly kind: 'known' }
export type TakePreview =
  | { readonly kind: 'ready'; readonly amount: Minor; readonly method: Method; readonly approvedAt: Instant }
  | { readonly kind: 'error'; readonly reason: string; readonly facts: Facts }
export type DifferenceView = DifferenceItem & {
  readonly notes: readonly { readonly text: string; readonly by: string; readonly at: Instant }[]
  readonly people: readonly { readonly id: string; readonly name: string }[]
  /** Null where it is not about cancels that only the file knows. */
  readonly record: RecordPreview | null
  /** Null where it is not a payment that only the file knows. */
  readonly take: TakePreview | null
  readonly may: {
    readonly record: boolean
    readonly take: boolean
    readonly whoRecords: string
    readonly whoTakes: string
  }
  /** Where else it was found, newest first. */
  readonly comparisons: readonly { readonly id: string; readonly fileName: string; readonly at: Instant }[]
}
