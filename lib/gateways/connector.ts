import type { Instant } from '#lib/domain/kst.ts'
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
  /** An earlier sending of this intent has no known end, so a refusal now proves nothing about that one. */
  readonly earlierUnresolved: boolean
}

export type CancelReceipt = {
  readonly cancellationId: string
  readonly amount: Minor
  readonly taxFree: Minor
  readonly approvalNumber: string | null
  readonly cancelledAt: Instant | null
}

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
    /** Absent where a gateway cannot be asked: then `unknown` ends with people. */
    readonly inquire?: Operation<InquireInput, Inquiry>
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
