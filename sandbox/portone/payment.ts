import { z } from 'zod'
import { storedInstant } from '../iso-instant.ts'

/** What the stand-in keeps of a payment; the wire's shapes are made from it in payment-view.ts. */

export const methodTypes = ['CARD', 'TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE', 'EASY_PAY'] as const
export type MethodType = (typeof methodTypes)[number]

/** K22 and the support matrix: the easy pays of the KSNET window. */
export const easyPayProviders = ['KAKAOPAY', 'NAVERPAY', 'PAYCO', 'SSGPAY', 'LPAY'] as const

const cardSchema = z.object({
  publisher: z.string(),
  issuer: z.string(),
  brand: z.string(),
  type: z.string(),
  ownerType: z.string(),
  bin: z.string(),
  name: z.string(),
  number: z.string(),
})
export type Card = z.infer<typeof cardSchema>

const methodSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('CARD'),
    card: cardSchema,
    approvalNumber: z.string(),
    installmentMonths: z.number(),
  }),
  z.object({ type: z.literal('TRANSFER'), bank: z.string() }),
  z.object({
    type: z.literal('VIRTUAL_ACCOUNT'),
    bank: z.string(),
    accountNumber: z.string(),
    accountType: z.enum(['NORMAL', 'FIXED']),
    remitteeName: z.string(),
    remitterName: z.string().optional(),
    issuedAt: storedInstant,
    expiredAt: storedInstant,
    refundStatus: z.enum(['PENDING', 'PARTIAL_REFUND_FAILED', 'FAILED', 'COMPLETED']).optional(),
  }),
  z.object({ type: z.literal('MOBILE'), phoneNumber: z.string() }),
  z.object({
    type: z.literal('EASY_PAY'),
    provider: z.enum(easyPayProviders),
    card: cardSchema.optional(),
    approvalNumber: z.string(),
    installmentMonths: z.number(),
  }),
])
export type Method = z.infer<typeof methodSchema>

const cancellationSchema = z.object({
  id: z.string(),
  status: z.enum(['REQUESTED', 'SUCCEEDED', 'FAILED']),
  pgCancellationId: z.string(),
  totalAmount: z.number(),
  taxFreeAmount: z.number(),
  vatAmount: z.number(),
  reason: z.string(),
  requestedAt: storedInstant,
  cancelledAt: storedInstant.optional(),
  trigger: z.enum(['API', 'CONSOLE']),
  skipWebhook: z.boolean(),
  /** Closing a virtual account that was never paid: an entry (U6), but no money. */
  unpaid: z.boolean(),
  /** An asynchronous cancel ends by itself at this real time, or earlier by the control API. */
  settles: z.object({ at: storedInstant, succeeds: z.boolean() }).optional(),
})
export type Cancellation = z.infer<typeof cancellationSchema>

const escrowSchema = z.object({
  status: z.enum([
    'BEFORE_REGISTERED',
    'REGISTERED',
    'DELIVERED',
    'CONFIRMED',
    'REJECTED',
    'CANCELLED',
    'REJECT_CONFIRMED',
  ]),
  company: z.string().optional(),
  invoiceNumber: z.string().optional(),
  sentAt: storedInstant.optional(),
  appliedAt: storedInstant.optional(),
})
export type Escrow = z.infer<typeof escrowSchema>

export const paymentSchema = z.object({
  id: z.string(),
  storeId: z.string(),
  channelKey: z.string(),
  transactionId: z.string(),
  pgTxId: z.string().optional(),
  status: z.enum([
    'READY',
    'VIRTUAL_ACCOUNT_ISSUED',
    'PAY_PENDING',
    'PAID',
    'FAILED',
    'PARTIAL_CANCELLED',
    'CANCELLED',
  ]),
  method: methodSchema,
  orderName: z.string(),
  currency: z.enum(['KRW', 'USD']),
  total: z.number(),
  taxFree: z.number(),
  /** What was received; 0 until then. It does not fall when something is cancelled. */
  paid: z.number(),
  customer: z.object({ name: z.string(), phoneNumber: z.string().optional(), email: z.string().optional() }),
  customData: z.string().optional(),
  requestedAt: storedInstant,
  updatedAt: storedInstant,
  statusChangedAt: storedInstant,
  paidAt: storedInstant.optional(),
  failedAt: storedInstant.optional(),
  failure: z.object({ reason: z.string(), pgCode: z.string(), pgMessage: z.string() }).optional(),
  escrow: escrowSchema.optional(),
  /** What the buyer asked for in the window; the receipt is issued when the payment is paid. */
  receiptWish: z.object({ type: z.enum(['PERSONAL', 'CORPORATE']), number: z.string() }).optional(),
  cancellations: z.array(cancellationSchema),
  /** Cancelled in the PG's own admin, of which PortOne knows nothing. */
  outside: z.array(z.object({ amount: z.number(), taxFree: z.number(), at: storedInstant })),
})
export type Payment = z.infer<typeof paymentSchema>
export type PaymentStatus = Payment['status']

export const cashReceiptSchema = z.object({
  storeId: z.string(),
  paymentId: z.string(),
  channelKey: z.string(),
  status: z.enum(['ISSUED', 'CANCELLED']),
  type: z.enum(['PERSONAL', 'CORPORATE']),
  amount: z.number(),
  taxFreeAmount: z.number(),
  vatAmount: z.number(),
  currency: z.string(),
  orderName: z.string(),
  /** Issued by the API, not in the payment window. */
  isManual: z.boolean(),
  pgReceiptId: z.string(),
  issueNumber: z.string(),
  issuedAt: storedInstant,
  cancelledAt: storedInstant.optional(),
})
export type CashReceipt = z.infer<typeof cashReceiptSchema>
