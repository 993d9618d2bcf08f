import type { Instant } from './kst.ts'
import type { Currency, Minor } from './money.ts'

export type Gateway = 'ksnet' | 'kcp' | 'portone'
export type Environment = 'sandbox' | 'test' | 'live'
export const methods = ['CARD', 'TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE', 'EASY_PAY', 'OTHER'] as const
export type Method = (typeof methods)[number]
export const paymentStatuses = ['ISSUED', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'CLOSED'] as const
export type PaymentStatus = (typeof paymentStatuses)[number]
/** How a channel reaches the payment gateway: through PortOne, or KSNET and KCP directly. */
export type Mode = 'portone' | 'page' | 'socket' | 'rest' | 'module'
export type ReferenceKind =
  | 'TRNO'
  | 'TNO'
  | 'PAYMENT_ID'
  | 'TRANSACTION_ID'
  | 'ORDER_NUMBER'
  | 'APPROVAL_NUMBER'
  | 'CANCEL_APPROVAL_NUMBER'

/** What the reader may see of the way it was paid: masked or public. */
export type MethodFacts = {
  readonly card?:
    | {
        readonly issuer?: string | undefined
        readonly number?: string | undefined
        readonly instalmentMonths?: number | undefined
        readonly interestFree?: boolean | undefined
      }
    | undefined
  readonly easyPay?: { readonly provider?: string | undefined } | undefined
  readonly virtualAccount?:
    | { readonly bank?: string | undefined; readonly account: string; readonly expiresAt?: Instant | undefined }
    | undefined
  readonly transfer?: { readonly bank?: string | undefined } | undefined
}

export type GatewayCancellation = {
  readonly id: string
  readonly status: 'requested' | 'succeeded' | 'failed' | 'unrecognised'
  readonly amount: Minor
  readonly taxFree: Minor
  readonly requestedAt: Instant
  readonly cancelledAt?: Instant | undefined
  readonly approvalNumber?: string | undefined
  readonly reason: string
  readonly trigger?: string | undefined
  /** Told by an export of the gateway's admin site, not by the gateway. */
  readonly source?: 'file'
}

export type EscrowFacts = {
  readonly status: string
  readonly company?: string | undefined
  readonly invoiceNumber?: string | undefined
  readonly sentAt?: Instant | undefined
  readonly appliedAt?: Instant | undefined
}
export type CashReceiptFacts = {
  readonly status: 'ISSUED' | 'CANCELLED'
  readonly type?: string | undefined
  readonly amount?: Minor | undefined
  readonly taxFree?: Minor | undefined
  /** Masked. */
  readonly number?: string | undefined
  /** By which its gateway knows it, where the payment's own number is not the one (KSNET: `H…`). */
  readonly reference?: string | undefined
  readonly url?: string | undefined
  readonly issuedAt: Instant
}

/** What a gateway tells of a payment that keeps no list of its cancels (KCP): the sums, and little else. */
export type GatewaySums = {
  readonly paymentId: string
  readonly orderNumber: string | null
  readonly method: Method | null
  readonly status: 'PAID' | 'PARTIALLY_REFUNDED' | 'REFUNDED'
  readonly total: Minor | null
  /** What is left to cancel; null where it is neither said nor follows from the status. */
  readonly left: Minor | null
  readonly approvedAt: Instant | null
  readonly cancelledAt: Instant | null
  readonly approvalNumber: string | null
  readonly methodFacts: MethodFacts
}

/** Who told of a payment: the gateway's own record, the shop by its token, a file, or a notice that nobody signed. */
export const paymentSources = ['gateway', 'shop', 'file', 'notice'] as const
export type PaymentSource = (typeof paymentSources)[number]

/** A payment as a gateway tells it, in our words. Full personal data stands only in `personal`. */
export type GatewayPayment = {
  /** The number by which the gateway knows it (Connector.addressedBy). */
  readonly paymentId: string
  readonly transactionId: string | null
  readonly orderNumber?: string | null
  readonly storeKey: string
  readonly channelKey: string | null
  /** Null where the gateway account itself tells it. */
  readonly channelType: 'TEST' | 'LIVE' | null
  readonly pg: string
  readonly mid: string
  readonly pgTxId: string | null
  readonly status: 'ISSUED' | 'PAID' | 'PARTIALLY_REFUNDED' | 'REFUNDED' | 'CLOSED'
  readonly method: Method
  readonly methodFacts: MethodFacts
  readonly approvalNumber: string | null
  readonly currency: Currency
  readonly total: Minor
  readonly taxFree: Minor
  readonly discount: Minor
  readonly paid: Minor
  readonly cancelled: Minor
  readonly cancelledTaxFree: Minor
  readonly orderName: string
  readonly requestedAt: Instant
  readonly approvedAt: Instant
  readonly paidAt: Instant | null
  readonly receiptUrl: string | null
  readonly escrow: EscrowFacts | null
  readonly cashReceipt: CashReceiptFacts | null
  readonly cancellations: readonly GatewayCancellation[]
  readonly personal: {
    readonly name?: string | undefined
    readonly phone?: string | undefined
    readonly email?: string | undefined
    readonly account?: string | undefined
  }
}

/** Rule RECEIPT-SLIP: KSNET has slips for card and easy pay only; KCP one for each method; other gateways where they give an address. */
export const hasSlip = (method: Method, pg: string): boolean =>
  method === 'CARD' || method === 'EASY_PAY' || !/ksnet/i.test(pg)

/** Rule RECEIPT-PRINT: KSNET's page brings up the print dialog by itself. */
export const slipPrints = (pg: string): boolean => /ksnet/i.test(pg)
