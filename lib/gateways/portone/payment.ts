import { z } from 'zod'
import { parseIso, type Instant } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { maskAccount, maskCard } from '#lib/domain/mask.ts'
import type { GatewayCancellation, GatewayPayment, Method, MethodFacts } from '#lib/domain/payment.ts'
import type { Inquiry } from '../connector.ts'

/**
 * Reads PortOne's payment object (REST V2 1.16, union by `status`). Unknown members are passed over, as PortOne's
 * compatibility rule asks; an unknown status or currency makes the whole unreadable, so that nothing is guessed.
 */
const amount = z.int().nonnegative().transform(minor)
const at = z.string().transform((text, context): Instant => {
  const read = parseIso(text)
  if (read !== null) return read
  context.addIssue('not an instant')
  return z.NEVER
})

const cancellation = z.object({
  status: z.string(),
  id: z.string().min(1),
  pgCancellationId: z.string().optional(),
  totalAmount: amount,
  taxFreeAmount: amount,
  reason: z.string(),
  cancelledAt: at.optional(),
  requestedAt: at,
  trigger: z.string().optional(),
})

const card = z.object({ issuer: z.string().optional(), name: z.string().optional(), number: z.string().optional() })
const method = z.object({
  type: z.string(),
  card: card.optional(),
  approvalNumber: z.string().optional(),
  installment: z.object({ month: z.int(), isInterestFree: z.boolean() }).optional(),
  bank: z.string().optional(),
  accountNumber: z.string().optional(),
  expiredAt: at.optional(),
  issuedAt: at.optional(),
  provider: z.string().optional(),
  easyPayMethod: z.object({ card: card.optional(), approvalNumber: z.string().optional() }).optional(),
})

const finished = z.object({
  status: z.enum(['VIRTUAL_ACCOUNT_ISSUED', 'PAID', 'PARTIAL_CANCELLED', 'CANCELLED']),
  id: z.string().min(1),
  transactionId: z.string(),
  storeId: z.string(),
  channel: z.object({
    type: z.enum(['TEST', 'LIVE']),
    key: z.string().optional(),
    pgProvider: z.string(),
    pgMerchantId: z.string(),
  }),
  method: method.optional(),
  amount: z.object({
    total: amount,
    taxFree: amount,
    discount: amount,
    paid: amount,
    cancelled: amount,
    cancelledTaxFree: amount,
  }),
  currency: z.enum(['KRW', 'USD']),
  customer: z.object({ name: z.string().optional(), email: z.string().optional(), phoneNumber: z.string().optional() }),
  orderName: z.string(),
  requestedAt: at,
  statusChangedAt: at,
  paidAt: at.optional(),
  pgTxId: z.string().optional(),
  receiptUrl: z.string().optional(),
  escrow: z
    .object({
      status: z.string(),
      company: z.string().optional(),
      invoiceNumber: z.string().optional(),
      sentAt: at.optional(),
      appliedAt: at.optional(),
    })
    .optional(),
  cashReceipt: z
    .object({
      status: z.enum(['ISSUED', 'CANCELLED']),
      type: z.string().optional(),
      totalAmount: amount.optional(),
      taxFreeAmount: amount.optional(),
      issueNumber: z.string().optional(),
      url: z.string().optional(),
      issuedAt: at,
    })
    .optional(),
  cancellations: z.array(cancellation).optional(),
})
const unfinished = z.object({ status: z.enum(['READY', 'FAILED', 'PAY_PENDING']), id: z.string() })
const unknownPayment = z.object({ status: z.string(), id: z.string(), transactionId: z.string() })

type Finished = z.infer<typeof finished>

export function readPayment(body: unknown): Inquiry | null {
  const whole = finished.safeParse(body)
  if (whole.success) return { kind: 'payment', payment: paymentOf(whole.data) }
  const part = unfinished.safeParse(body)
  if (part.success) return { kind: 'unfinished', status: part.data.status }
  const other = unknownPayment.safeParse(body)
  return other.success ? { kind: 'unreadable', status: other.data.status } : null
}

/**
 * When it was paid. The record of a cancelled payment may leave it out (3.1): the time it was asked for, which is never later,
 * stands for it, so that no cancel of money goes unseen.
 */
function paidAtOf({ status, paidAt, requestedAt, amount: { paid } }: Finished): Instant | null {
  if (paidAt !== undefined) return paidAt
  return (status === 'PARTIAL_CANCELLED' || status === 'CANCELLED') && paid > 0 ? requestedAt : null
}

function paymentOf(from: Finished): GatewayPayment {
  const paidAt = paidAtOf(from)
  return {
    paymentId: from.id,
    transactionId: from.transactionId,
    storeKey: from.storeId,
    channelKey: from.channel.key ?? null,
    channelType: from.channel.type,
    pg: pgOf(from.channel.pgProvider),
    mid: from.channel.pgMerchantId,
    pgTxId: from.pgTxId || null,
    status: statusOf(from, paidAt),
    method: methodOf(from.method?.type),
    methodFacts: factsOf(from.method),
    approvalNumber: from.method?.approvalNumber ?? from.method?.easyPayMethod?.approvalNumber ?? null,
    currency: from.currency,
    total: from.amount.total,
    taxFree: from.amount.taxFree,
    discount: from.amount.discount,
    paid: from.amount.paid,
    cancelled: from.amount.cancelled,
    cancelledTaxFree: from.amount.cancelledTaxFree,
    orderName: from.orderName,
    requestedAt: from.requestedAt,
    approvedAt: paidAt ?? from.method?.issuedAt ?? from.statusChangedAt,
    paidAt,
    receiptUrl: from.receiptUrl ?? null,
    escrow: from.escrow
      ? {
          status: from.escrow.status,
          company: from.escrow.company,
          invoiceNumber: from.escrow.invoiceNumber,
          sentAt: from.escrow.sentAt,
          appliedAt: from.escrow.appliedAt,
        }
      : null,
    cashReceipt: from.cashReceipt ? receiptOf(from.cashReceipt) : null,
    cancellations: (from.cancellations ?? []).map(cancellationOf),
    personal: {
      name: from.customer.name,
      phone: from.customer.phoneNumber,
      email: from.customer.email,
      account: from.method?.accountNumber,
    },
  }
}

const receiptOf = (from: NonNullable<Finished['cashReceipt']>): GatewayPayment['cashReceipt'] => ({
  status: from.status,
  type: from.type,
  amount: from.totalAmount,
  taxFree: from.taxFreeAmount,
  number: from.issueNumber === undefined ? undefined : maskAccount(from.issueNumber),
  url: from.url,
  issuedAt: from.issuedAt,
})

function statusOf(from: Finished, paidAt: Instant | null): GatewayPayment['status'] {
  switch (from.status) {
    case 'VIRTUAL_ACCOUNT_ISSUED':
      return 'ISSUED'
    case 'PAID':
      return 'PAID'
    case 'PARTIAL_CANCELLED':
      return 'PARTIALLY_REFUNDED'
    case 'CANCELLED':
      // A virtual account that was closed before any deposit: no money ever moved.
      return paidAt === null && from.method?.type === 'PaymentMethodVirtualAccount' ? 'CLOSED' : 'REFUNDED'
  }
}

const statuses: Readonly<Record<string, GatewayCancellation['status']>> = {
  REQUESTED: 'requested',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
}

function cancellationOf(from: z.infer<typeof cancellation>): GatewayCancellation {
  return {
    id: from.id,
    status: (Object.hasOwn(statuses, from.status) ? statuses[from.status] : undefined) ?? 'unrecognised',
    amount: from.totalAmount,
    taxFree: from.taxFreeAmount,
    requestedAt: from.requestedAt,
    cancelledAt: from.cancelledAt,
    approvalNumber: from.pgCancellationId,
    reason: from.reason,
    trigger: from.trigger,
  }
}

const methodNames: Readonly<Record<string, Method>> = {
  PaymentMethodCard: 'CARD',
  PaymentMethodTransfer: 'TRANSFER',
  PaymentMethodVirtualAccount: 'VIRTUAL_ACCOUNT',
  PaymentMethodMobile: 'MOBILE',
  PaymentMethodEasyPay: 'EASY_PAY',
}
const methodOf = (type: string | undefined): Method =>
  (type !== undefined && Object.hasOwn(methodNames, type) ? methodNames[type] : undefined) ?? 'OTHER'

function factsOf(from: Finished['method']): MethodFacts {
  const used = from?.card ?? from?.easyPayMethod?.card
  return {
    card: used && {
      issuer: used.issuer ?? used.name,
      number: used.number === undefined ? undefined : maskCard(used.number),
      instalmentMonths: from?.installment?.month,
      interestFree: from?.installment?.isInterestFree,
    },
    easyPay: from?.type === 'PaymentMethodEasyPay' ? { provider: from.provider } : undefined,
    virtualAccount:
      from?.type === 'PaymentMethodVirtualAccount' && from.accountNumber !== undefined
        ? { bank: from.bank, account: maskAccount(from.accountNumber), expiresAt: from.expiredAt }
        : undefined,
    transfer: from?.type === 'PaymentMethodTransfer' ? { bank: from.bank } : undefined,
  }
}

/** KSNET's number is its trno, KCP's its tno. */
const pgOf = (provider: string): string =>
  provider === 'KSNET' ? 'KSNET' : provider.startsWith('KCP') ? 'KCP' : provider
