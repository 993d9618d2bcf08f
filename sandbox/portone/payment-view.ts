import { toIso, type Instant } from '#lib/domain/kst.ts'
import type { JsonObject } from '../json.ts'
import { cancelled, cancelledTaxFree, vatOf } from './amounts.ts'
import { findChannel, merchantId, type Channel } from './merchant.ts'
import { methodView } from './method-view.ts'
import type { Notice } from './notice.ts'
import type { Cancellation, CashReceipt, Escrow, Payment } from './payment.ts'

/** The wire's shapes: PortOne REST V2 1.16, `Payment`, `PaymentEvent`, `PaymentCancellation`, `PaymentEscrow`. */

export interface Surroundings {
  readonly receipt: CashReceipt | undefined
  readonly notices: readonly Notice[]
  /** Where this stand-in's slips are. */
  readonly origin: string
}

const iso = (at: Instant | undefined): string | undefined => (at === undefined ? undefined : toIso(at))

export function paymentView(payment: Payment, around: Surroundings): JsonObject {
  return {
    status: payment.status,
    id: payment.id,
    transactionId: payment.transactionId,
    ...identity(payment),
    webhooks: around.notices.filter((notice) => notice.attempts.length > 0).map(webhookView),
    requestedAt: toIso(payment.requestedAt),
    updatedAt: toIso(payment.updatedAt),
    statusChangedAt: toIso(payment.statusChangedAt),
    amount: amountView(payment),
    ...order(payment),
    ...byStatus(payment, around),
  }
}

/** A row of the ledger feed; cancels count negative. */
export function paymentEventView(
  payment: Payment,
  around: Surroundings,
  event: { id: string; type: string; amount: number; createdAt: Instant; cancellation?: Cancellation },
): JsonObject {
  return {
    type: event.type,
    id: event.id,
    paymentId: payment.id,
    transactionId: payment.transactionId,
    ...identity(payment),
    requestedAt: toIso(payment.requestedAt),
    createdAt: toIso(event.createdAt),
    totalAmount: amountView(payment),
    eventAmount: event.amount,
    ...order(payment),
    pgTxId: payment.pgTxId,
    receiptUrl: receiptUrl(payment, around.origin),
    ...cashReceiptPart(payment, around.receipt),
    ...(event.cancellation
      ? { cancellation: cancellationView(event.cancellation, payment, around.origin) }
      : { disputes: [] }),
  }
}

export function cancellationView(cancellation: Cancellation, payment: Payment, origin: string): JsonObject {
  const { status, id, pgCancellationId, totalAmount, taxFreeAmount, vatAmount, reason, trigger } = cancellation
  return {
    status,
    id,
    pgCancellationId,
    totalAmount,
    taxFreeAmount,
    vatAmount,
    reason,
    cancelledAt: iso(cancellation.cancelledAt),
    requestedAt: toIso(cancellation.requestedAt),
    trigger,
    receiptUrl: status === 'SUCCEEDED' && hasSlip(payment) ? `${origin}/receipts/${pgCancellationId}` : undefined,
  }
}

function identity(payment: Payment): JsonObject {
  const channel = findChannel(payment.channelKey)
  return {
    merchantId,
    storeId: payment.storeId,
    method: methodView(payment.method),
    channel: channel ? channelView(channel) : undefined,
    version: 'V2',
  }
}

const order = (payment: Payment): JsonObject => ({
  orderName: payment.orderName,
  currency: payment.currency,
  customer: payment.customer,
  origin: { platformType: 'PC', userAgent: 'Mozilla/5.0', ipAddress: '203.0.113.7' },
  escrow: payment.escrow ? escrowView(payment.escrow) : undefined,
  customData: payment.customData,
  country: 'KR',
})

export const channelView = (channel: Channel): JsonObject => ({
  type: channel.type,
  id: channel.id,
  key: channel.key,
  name: channel.name,
  pgProvider: 'KSNET',
  pgMerchantId: channel.pgMerchantId,
})

function byStatus(payment: Payment, around: Surroundings): JsonObject {
  const { pgTxId } = payment
  const cancellations = payment.cancellations.map((one) => cancellationView(one, payment, around.origin))
  const paid = {
    pgTxId,
    paidAt: iso(payment.paidAt),
    receiptUrl: receiptUrl(payment, around.origin),
    ...cashReceiptPart(payment, around.receipt),
    cancellations,
  }
  switch (payment.status) {
    case 'READY':
      return {}
    case 'FAILED':
      return { failedAt: iso(payment.failedAt), failure: payment.failure }
    case 'VIRTUAL_ACCOUNT_ISSUED':
    case 'PAY_PENDING':
      return { pgTxId }
    case 'PAID':
      return { ...paid, disputes: [] }
    case 'PARTIAL_CANCELLED':
    case 'CANCELLED':
      return { ...paid, cancelledAt: iso(lastCancelledAt(payment)) }
  }
}

const lastCancelledAt = (payment: Payment): Instant =>
  payment.cancellations.findLast((one) => one.cancelledAt !== undefined)?.cancelledAt ?? payment.statusChangedAt

function amountView(payment: Payment): JsonObject {
  const vat = vatOf(payment.total - payment.taxFree)
  return {
    total: payment.total,
    taxFree: payment.taxFree,
    vat,
    supply: payment.total - payment.taxFree - vat,
    discount: 0,
    paid: payment.paid,
    cancelled: cancelled(payment),
    cancelledTaxFree: cancelledTaxFree(payment),
  }
}

/** KSNET has slips for card and easy pay only. */
const hasSlip = (payment: Payment): boolean => payment.method.type === 'CARD' || payment.method.type === 'EASY_PAY'

const receiptUrl = (payment: Payment, origin: string): string | undefined =>
  hasSlip(payment) && payment.pgTxId !== undefined && payment.paidAt !== undefined
    ? `${origin}/receipts/${payment.pgTxId}`
    : undefined

/** K18: the receipt has a life of its own. K19: asked for with anything but digits, it is silently missing. */
function cashReceiptPart(payment: Payment, receipt: CashReceipt | undefined): JsonObject {
  if (!receipt) return payment.receiptWish ? { cashReceiptIssuanceStatus: 'NOT_ISSUED' } : {}
  return {
    cashReceiptIssuanceStatus: 'ISSUED',
    cashReceipt: {
      status: receipt.status,
      type: receipt.type,
      pgReceiptId: receipt.pgReceiptId,
      issueNumber: receipt.issueNumber,
      totalAmount: receipt.amount,
      taxFreeAmount: receipt.taxFreeAmount,
      currency: receipt.currency,
      issuedAt: toIso(receipt.issuedAt),
      cancelledAt: iso(receipt.cancelledAt),
    },
  }
}

function escrowView(escrow: Escrow): JsonObject {
  if (escrow.status === 'BEFORE_REGISTERED') return { status: escrow.status }
  return {
    status: escrow.status,
    company: escrow.company,
    invoiceNumber: escrow.invoiceNumber,
    sentAt: iso(escrow.sentAt),
    appliedAt: iso(escrow.appliedAt),
    isAutomaticallyConfirmed: escrow.status === 'CONFIRMED' ? false : undefined,
  }
}

const MAX_EXECUTIONS = 6

function webhookView(notice: Notice): JsonObject {
  const last = notice.attempts.at(-1)
  return {
    paymentStatus: notice.paymentStatus,
    id: notice.id,
    status: webhookStatus(notice, last?.status ?? null),
    url: last?.url ?? '',
    isAsync: notice.trigger !== undefined && notice.trigger !== 'MANUAL',
    currentExecutionCount: notice.attempts.length,
    maxExecutionCount: MAX_EXECUTIONS,
    trigger: notice.trigger,
    request: { body: notice.body },
    triggeredAt: toIso(notice.triggeredAt),
  }
}

function webhookStatus(notice: Notice, answered: number | null): string {
  if (notice.state === 'delivered') return 'SUCCEEDED'
  return answered === null ? 'FAILED_UNEXPECTED_ERROR' : 'FAILED_NOT_OK_RESPONSE'
}
