import type { Instant } from '#lib/domain/kst.ts'
import type { BankCode } from '#lib/domain/banks.ts'
import type { Courier } from '#lib/domain/couriers.ts'
import type { Currency, Minor } from '#lib/domain/money.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { CancellationKind } from '#lib/domain/cancellation.ts'
import type { Environment, Gateway, GatewayCancellation, GatewayPayment, Method, Mode } from '#lib/domain/payment.ts'

/**
 * The contract between the console and a gateway. A connector is data and pure functions: it turns an input into a
 * wire message and a reply into an outcome. The runner in exchange.ts does all input and output.
 */

/** One message, complete but for the secrets, which `sign` adds as it leaves. The same input makes the same wire. */
export type Wire =
  | {
      readonly via: 'http'
      readonly method: 'GET' | 'POST' | 'PATCH'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | null
    }
  /** One connection, one frame, the answer read to the end (KSNET socket). Bytes as base64. */
  | { readonly via: 'tcp'; readonly host: string; readonly port: number; readonly frame: string }
  /** A child process without a shell (KCP module); arguments in the encoding the module reads, as base64. */
  | { readonly via: 'cli'; readonly program: string; readonly args: readonly string[] }

export type Reply =
  | { readonly via: 'http'; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly via: 'tcp'; readonly bytes: Uint8Array }
  | { readonly via: 'cli'; readonly stdout: Uint8Array; readonly exitCode: number | null }

/** From this one list come the form, its validation, the sealing and the scrubbing. */
export type CredentialField = {
  readonly name: string
  readonly secret: boolean
  readonly required: boolean
  readonly pattern: RegExp
  readonly example: string
}
export type Credentials = Readonly<Record<string, string>>

export type Call = { readonly credentials: Credentials; readonly endpoint: string }

export interface Operation<Input, Value> {
  /** Same input, same bytes. */
  request(input: Input, call: Call): Wire
  /** Never throws. Anything not understood is `unknown`. */
  reply(raw: Reply, input: Input): Outcome<Value>
  readonly deadlineMs: number
  readonly resend: 'never' | 'when_not_sent'
}

export type CancelInput = {
  /** The intent; also the idempotency key where the gateway knows one. */
  readonly intentId: string
  readonly token: string
  readonly kind: CancellationKind
  readonly paymentId: string
  readonly channelKey: string
  readonly pgTxId: string | null
  readonly method: Method
  readonly currency: Currency
  readonly amount: Minor
  readonly taxFree: Minor
  /** What was left before this cancel, as the sheet showed it. */
  readonly remainder: Minor
  readonly sequence: number | null
  readonly reason: string
  /** Where the money goes, if into an account. */
  readonly refundAccount: BankAccount | null
  /** An earlier sending of this intent has no known end, so a refusal now proves nothing about that one. */
  readonly earlierUnresolved: boolean
}

/** `bank` is a code of banks.ts; the number is digits only. */
export type BankAccount = { readonly bank: BankCode; readonly number: string; readonly holder: string }

export type CancelReceipt = {
  readonly cancellationId: string
  readonly amount: Minor
  readonly taxFree: Minor
  readonly approvalNumber: string | null
  readonly cancelledAt: Instant | null
}

export type HolderInput = Pick<BankAccount, 'bank' | 'number'>
export type HolderAnswer = { readonly holder: string }

export type ShipmentInput = {
  /** The same for what may be the same sending, another for a new one. */
  readonly key: string
  readonly paymentId: string
  readonly company: Courier
  readonly trackingNumber: string
  readonly sentAt: Instant
  /** Whether the gateway writes to the buyer when it is time to confirm. */
  readonly sendEmail: boolean
  /** An earlier sending of the same has no known end, so a refusal now proves nothing about that one. */
  readonly earlierUnresolved: boolean
}
/** When the gateway took it over. */
export type ShipmentReceipt = { readonly at: Instant }

/** The cash receipt of a payment. */
export type ReceiptInput = { readonly paymentId: string }
export type ReceiptRecord =
  | {
      readonly status: 'ISSUED' | 'CANCELLED'
      readonly amount: Minor
      readonly taxFree: Minor | null
      readonly type: 'PERSONAL' | 'CORPORATE' | null
      /** Masked. */
      readonly number: string
      readonly url: string | null
      readonly issuedAt: Instant
    }
  | { readonly status: 'ISSUE_FAILED' }
export type CancelReceiptInput = {
  /** Also the idempotency key where the gateway knows one. */
  readonly orderId: string
  readonly paymentId: string
  /** Of the receipt, where it is known: an answer that names another is not understood. */
  readonly amount: Minor | null
}
export type IssueReceiptInput = {
  readonly orderId: string
  readonly paymentId: string
  readonly channelKey: string
  readonly type: 'PERSONAL' | 'CORPORATE'
  /** Digits only. */
  readonly identityNumber: string
  readonly orderName: string
  readonly amount: Minor
  readonly taxFree: Minor
  readonly paidAt: Instant | null
}
/** The number masked. */
export type IssuedReceipt = { readonly number: string; readonly url: string | null }

export type InquireInput = { readonly paymentId: string }
/** `unfinished`: the gateway knows the number, but nothing was approved or issued. `unreadable`: its record has a form we do not know. */
export type Inquiry =
  | { readonly kind: 'payment'; readonly payment: GatewayPayment }
  | { readonly kind: 'unfinished'; readonly status: string }
  | { readonly kind: 'unreadable'; readonly status: string }

export type FindInput = { readonly by: 'pg_tx_id' | 'approval_number'; readonly value: string; readonly now: Instant }
export type FeedInput = { readonly cursor: string | null; readonly from: Instant; readonly until: Instant }
export type FeedPage = {
  readonly events: readonly {
    readonly paymentId: string
    readonly storeKey: string
    readonly channelKey: string | null
  }[]
  readonly next: string | null
  readonly more: boolean
}

/** What a notice says once its signature was checked: never more than a reason to ask. */
export type NoticeContent = {
  readonly type: string
  readonly paymentId: string | null
  readonly storeKey: string | null
  readonly transactionId: string | null
}

export interface Connector {
  readonly gateway: Gateway
  readonly mode: Mode
  readonly environments: Readonly<Partial<Record<Environment, { readonly host: string | null }>>>
  readonly credentials: readonly CredentialField[]
  /** How the gateway's own console and desk are reached: for the reader's last resort. */
  readonly desk: { readonly phone: string | null; readonly console: string }
  /** Adds the secrets to a message as it leaves; what is stored never holds them. */
  sign(wire: Wire, credentials: Credentials): Wire
  /** JSON members that hold personal data: hidden in transcripts. */
  readonly personal: readonly string[]
  readonly operations: {
    readonly cancel: Operation<CancelInput, CancelReceipt>
    /** Closes a virtual account nobody paid into: no money moves. */
    readonly close?: Operation<CancelInput, CancelReceipt>
    /** Tells who holds an account; absent where the gateway cannot. */
    readonly holder?: Operation<HolderInput, HolderAnswer>
    /** Absent where a gateway cannot be asked: then `unknown` ends with people. */
    readonly inquire?: Operation<InquireInput, Inquiry>
    /** Delivery data of an escrow payment; absent where a gateway takes none. */
    readonly registerShipment?: Operation<ShipmentInput, ShipmentReceipt>
    readonly changeShipment?: Operation<ShipmentInput, ShipmentReceipt>
    /** Cash receipts; absent where a gateway has none or takes no orders for them. */
    readonly cashReceipt?: Operation<ReceiptInput, ReceiptRecord>
    readonly cancelCashReceipt?: Operation<CancelReceiptInput, { readonly cancelledAt: Instant }>
    readonly issueCashReceipt?: Operation<IssueReceiptInput, IssuedReceipt>
    readonly find?: Operation<FindInput, readonly string[]>
    readonly feed?: Operation<FeedInput, FeedPage>
  }
  /** Refusals that prove nothing by themselves, but with a read that finds no such cancel prove that none was made. */
  readonly refusedUnlessFound: ReadonlySet<string>
  /** How long one replay of the same bytes under the same key is safe; null where there is no such thing. */
  readonly replayWithinMs: number | null
  verifyNotice?(
    secrets: readonly string[],
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<NoticeContent | null>
  /** Finds our own cancel in the gateway's record. */
  owns?(cancellation: GatewayCancellation, token: string): boolean
}
