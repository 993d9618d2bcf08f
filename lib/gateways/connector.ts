import type { Instant } from '#lib/domain/kst.ts'
import type { BankCode } from '#lib/domain/banks.ts'
import type { Courier } from '#lib/domain/couriers.ts'
import type { Currency, Minor } from '#lib/domain/money.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { CancellationKind } from '#lib/domain/cancellation.ts'
import type {
  Environment,
  Gateway,
  GatewayCancellation,
  GatewayPayment,
  GatewaySums,
  Method,
  Mode,
} from '#lib/domain/payment.ts'
import type { EscrowStage } from '#lib/domain/shipping.ts'
import type { Layout } from './wire/fixed-length.ts'

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
  /** What stands there where nothing was typed. */
  readonly usual?: string
  /** Several lines: a certificate, a key. */
  readonly long?: boolean
  /** Documented nowhere: the usual value is an assumption, and the screen says so. */
  readonly assumed?: boolean
}
export type Credentials = Readonly<Record<string, string>>

export type Call = {
  readonly credentials: Credentials
  readonly endpoint: string
  /** The gateway's own program on this machine, for channels that go through one; null where none is installed. */
  readonly program: string | null
}

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
  /** When it is sent, for gateways that want to be told. */
  readonly at: Instant
  readonly token: string
  readonly kind: CancellationKind
  /** The number by which the gateway knows the payment. */
  readonly paymentId: string
  readonly channelKey: string
  readonly pgTxId: string | null
  readonly method: Method
  readonly currency: Currency
  readonly amount: Minor
  readonly taxFree: Minor
  /** All that was received, of which nothing was given back before. */
  readonly whole: boolean
  /** Part of the payment is tax-free, so a part of it says how much of it is. */
  readonly mixedTax: boolean
  readonly escrow: EscrowStage | null
  /** What was left before this cancel, as the sheet showed it. */
  readonly remainder: Minor
  /** What had gone back before it, here or elsewhere. */
  readonly refunded: Minor
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

export type HolderInput = BankAccount & {
  /** A number of ours for the question itself, up to 40 letters and digits. */
  readonly orderNumber: string
}
export type HolderAnswer =
  | { readonly kind: 'named'; readonly holder: string }
  /** The gateway tells only whether the name is right, and numbers its answer (KCP: tno, app_time, as given). */
  | {
      readonly kind: 'confirmed' | 'not_confirmed'
      readonly code: string
      readonly message: string
      readonly reference: string | null
      readonly time: string | null
    }

/** Holds back the settlement of an escrow payment while a dispute lasts. */
export type HoldInput = { readonly paymentId: string; readonly reason: string; readonly earlierUnresolved: boolean }

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
/** When the gateway took it over; null where it does not say. */
export type ShipmentReceipt = { readonly at: Instant | null }

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
  readonly channelKey: string
  /** The receipt's own number, for gateways that give it one; null where it is not known. */
  readonly reference: string | null
  /** How was paid what it was issued for, and whether something of that was given back. */
  readonly method: Method
  readonly refunded: boolean
  /** When it is sent, for gateways that want to be told. */
  readonly at: Instant
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

export type InquireInput = {
  readonly paymentId: string
  /** As we know them; null where the payment is not here yet. */
  readonly method: Method | null
  readonly orderNumber: string | null
}
/** `unfinished`: the gateway knows the number, but nothing was approved or issued. `unreadable`: its record has a form we do not know. */
export type Inquiry =
  | { readonly kind: 'payment'; readonly payment: GatewayPayment }
  /** From a gateway that keeps no list of cancels. */
  | { readonly kind: 'sums'; readonly sums: GatewaySums }
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

/** What trying an account found: proven, failed, or what cannot be proven from here. `reason` picks the sentence. */
export type Finding = {
  readonly check: string
  readonly result: 'proven' | 'failed' | 'unprovable'
  readonly reason: string
  readonly facts: Facts
}

/** What somebody else than the gateway tells of a payment, in the gateway's own field names. `field`: the first that is missing or wrong. */
export type Told =
  /** `taxFreeSaid` false: the answer does not tell how much is free of tax, so what is known otherwise stays. */
  | { readonly kind: 'payment'; readonly payment: GatewayPayment; readonly taxFreeSaid?: boolean }
  | { readonly kind: 'not_approved'; readonly code: string }
  | { readonly kind: 'unreadable'; readonly field: string }

/** A notice that nobody signed: a claim, to be held against what is known. */
export type UnsignedNotice = {
  /** One notice is one key, however often it is sent. */
  readonly key: string
  /** What completes the key but names somebody's account: kept as a keyed hash only. */
  readonly personalKey?: string
  /** As the gateway names it (KCP: TX00 ...). */
  readonly type: string
  readonly storeKey: string
  /** The number by which the gateway knows the payment. */
  readonly paymentId: string
  readonly orderNumber: string | null
  readonly at: Instant | null
  readonly event:
    | {
        readonly kind: 'deposit' | 'reversal'
        readonly amount: Minor
        readonly bank: string | null
        /** Digits; full, so it is sealed wherever it is kept. */
        readonly account: string | null
        readonly depositor: string | null
        readonly at: Instant
      }
    | {
        readonly kind: 'escrow'
        readonly status: string
        readonly courier: string | null
        readonly trackingNumber: string | null
      }
    | { readonly kind: 'refunded'; readonly amount: Minor | null }
    | { readonly kind: 'closed' }
    | { readonly kind: 'other' }
}

/** What a slip's address is made of. */
export type SlipInput = {
  readonly environment: Environment
  /** The account's plain fields and its host, where the address is not the same for everybody. */
  readonly credentials?: Credentials
  readonly endpoint?: string
  readonly method: Method
  readonly reference: string
  readonly orderNumber: string | null
  readonly amount: Minor
}

export interface Connector {
  readonly gateway: Gateway
  readonly mode: Mode
  /** Which of a payment's numbers the gateway is asked by. */
  readonly addressedBy: 'PAYMENT_ID' | 'TNO' | 'TRNO'
  /** The merchant as the gateway's own records name it. */
  storeKeyOf(credentials: Credentials): string
  /** The one channel that an account is; absent where channels are added to it. */
  channelOf?(credentials: Credentials): { readonly key: string; readonly pg: string; readonly mid: string }
  readonly environments: Readonly<Partial<Record<Environment, { readonly host: string | null }>>>
  /**
   * Where an account outside the sandbox is reached, for a gateway whose messages go through a program of the merchant's; null
   * where its credentials name no such place. Absent: the environment's host.
   */
  endpointOf?(credentials: Credentials): string | null
  readonly credentials: readonly CredentialField[]
  /** How the gateway's own console and desk are reached: for the reader's last resort. */
  readonly desk: { readonly phone: string | null; readonly console: string }
  /** Adds the secrets to a message as it leaves; what is stored never holds them. */
  sign(wire: Wire, credentials: Credentials): Wire
  /** JSON members, and fields of records, that hold personal data: hidden in transcripts. */
  readonly personal: readonly string[]
  /** The table by which a TCP frame was written; null where there is none, and then nothing of it is kept. */
  layoutOf?(frame: Uint8Array): Layout | null
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
    readonly holdSettlement?: Operation<HoldInput, ShipmentReceipt>
    /** Cash receipts; absent where a gateway has none or takes no orders for them. */
    readonly cashReceipt?: Operation<ReceiptInput, ReceiptRecord>
    /** Where `cashReceipt` is absent, the same may be ordered again: what is cancelled stays cancelled, and says so. */
    readonly cancelCashReceipt?: Operation<CancelReceiptInput, { readonly cancelledAt: Instant }>
    readonly issueCashReceipt?: Operation<IssueReceiptInput, IssuedReceipt>
    readonly find?: Operation<FindInput, readonly string[]>
    readonly feed?: Operation<FeedInput, FeedPage>
    /** Tries what moves nothing. */
    readonly selfTest?: Operation<Credentials, readonly Finding[]>
  }
  /** What can be seen of credentials without asking anybody: a pair that does not match, an expiring certificate. */
  inspect?(credentials: Credentials, now: Instant): readonly Finding[]
  /** Why the gateway could not be told an account as it is; null where it could. Absent: whatever our form takes, it takes. */
  accountProblem?(account: BankAccount): {
    readonly field: 'number' | 'holder'
    readonly problem: 'characters' | 'length' | 'encoding'
  } | null
  /** Whose deliveries it takes; null: no deliveries. */
  readonly couriers: readonly Courier[] | null
  /** The address of a payment's slip; null where there is none. */
  slip?(input: SlipInput): string | null
  /** Reads an approval's answer as a shop's server got it. */
  readApproval?(fields: Readonly<Record<string, string>>, credentials: Credentials): Told
  /**
   * How an answer that names no merchant is known to be this gateway's, and the fields in which the shop may name the merchant.
   * Absent: the merchant stands among the values.
   */
  readonly approvalForm?: { readonly known: readonly string[]; readonly merchant: readonly string[] }
  /** Reads a notice of a gateway that signs none; null where it is not understood. */
  readNotice?(fields: Readonly<Record<string, string>>): UnsignedNotice | null
  /** Its notices count bytes: each value of the fields has one character (to U+00FF) a byte, and is not decoded. */
  readonly noticeInBytes?: true
  /** What the sender must read in the answer before it stops sending a notice again. */
  readonly noticeReceipt?: { readonly contentType: string; readonly body: string }
  /** Refusals that prove nothing by themselves, but with a read that finds no such cancel prove that none was made. */
  readonly refusedUnlessFound: ReadonlySet<string>
  /** How long one replay of the same bytes under the same key is safe; null where there is no such thing. */
  readonly replayWithinMs: number | null
  /**
   * How long after the last moment an answer could come a record without the cancel proves that it was not done; null where
   * it never does.
   */
  readonly absentProvesAfterMs: number | null
  verifyNotice?(
    secrets: readonly string[],
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<NoticeContent | null>
  /** Finds our own cancel in the gateway's record. */
  owns?(cancellation: GatewayCancellation, token: string): boolean
}
