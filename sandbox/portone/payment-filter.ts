import { z } from 'zod'
import { PortOneError } from './errors.ts'
import { findChannel, findStore, merchantId } from './merchant.ts'
import type { Payment } from './payment.ts'
import { matchesText, textFields } from './payment-text.ts'
import type { PortOneState } from './state.ts'

/** `PENDING` is what the filter calls PAY_PENDING. */
const statuses = [
  'READY',
  'PENDING',
  'VIRTUAL_ACCOUNT_ISSUED',
  'PAID',
  'FAILED',
  'PARTIAL_CANCELLED',
  'CANCELLED',
] as const
const methods = [
  'CARD',
  'TRANSFER',
  'VIRTUAL_ACCOUNT',
  'GIFT_CERTIFICATE',
  'MOBILE',
  'EASY_PAY',
  'CONVENIENCE_STORE',
  'CRYPTO',
] as const
const escrowStatuses = ['REGISTERED', 'DELIVERED', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'REJECT_CONFIRMED'] as const

/** Rather a loud no than rows that were never filtered. */
const notHonoured = z.undefined('this stand-in does not know this filter').optional()

/** PortOne REST V2 1.16, `PaymentFilterInput`, less the time range and the order. */
export const filterSchema = z.object({
  merchantId: z.string().optional(),
  storeId: z.string().optional(),
  status: z.array(z.enum(statuses)).optional(),
  methods: z.array(z.enum(methods)).optional(),
  pgProvider: z.array(z.string()).optional(),
  isTest: z.boolean().optional(),
  isScheduled: z.boolean().optional(),
  version: z.enum(['V1', 'V2']).optional(),
  platformType: z.enum(['SDK_MOBILE', 'SDK_PC', 'API']).optional(),
  currency: z.string().optional(),
  isEscrow: z.boolean().optional(),
  escrowStatus: z.enum(escrowStatuses).optional(),
  cashReceiptType: z.enum(['PERSONAL', 'CORPORATE', 'NO_RECEIPT']).optional(),
  cashReceiptStatus: z.enum(['ISSUED', 'CANCELLED']).optional(),
  textSearch: z.array(z.object({ field: z.enum(textFields), value: z.string() })).optional(),
  webhookStatus: notHonoured,
  cardBrand: notHonoured,
  cardType: notHonoured,
  cardOwnerType: notHonoured,
  giftCertificateType: notHonoured,
  cashReceiptIssuedAtRange: notHonoured,
  cashReceiptCancelledAtRange: notHonoured,
})
export type PaymentFilter = z.infer<typeof filterSchema>

export function refuseOthers(filter: PaymentFilter): void {
  if (filter.merchantId !== undefined && filter.merchantId !== merchantId) throw forbidden(filter.merchantId)
  if (filter.storeId !== undefined && !findStore(filter.storeId)) throw forbidden(filter.storeId)
}

/** Without a store: all stores of the merchant. */
export function passes(state: PortOneState, payment: Payment, filter: PaymentFilter): boolean {
  return [
    is(filter.storeId, payment.storeId),
    oneOf(filter.status, payment.status === 'PAY_PENDING' ? 'PENDING' : payment.status),
    oneOf(filter.methods, payment.method.type),
    oneOf(filter.pgProvider, 'KSNET'),
    is(filter.isTest, findChannel(payment.channelKey)?.type === 'TEST'),
    is(filter.isScheduled, false),
    is(filter.version, 'V2'),
    is(filter.platformType, 'SDK_PC'),
    is(filter.currency, payment.currency),
    is(filter.isEscrow, payment.escrow !== undefined),
    is(filter.escrowStatus, payment.escrow?.status),
    passesReceipt(state, payment, filter),
    (filter.textSearch ?? []).every((search) => matchesText(payment, search.field, search.value)),
  ].every(Boolean)
}

const is = <Value>(wanted: Value | undefined, value: Value | undefined): boolean =>
  wanted === undefined || wanted === value
const oneOf = (wanted: readonly string[] | undefined, value: string): boolean =>
  wanted === undefined || wanted.includes(value)

function passesReceipt(state: PortOneState, payment: Payment, filter: PaymentFilter): boolean {
  if (filter.cashReceiptType === undefined && filter.cashReceiptStatus === undefined) return true
  const receipt = state.cashReceipt(payment.storeId, payment.id)
  return is(filter.cashReceiptStatus, receipt?.status) && is(filter.cashReceiptType, receipt?.type ?? 'NO_RECEIPT')
}

const forbidden = (id: string): PortOneError => new PortOneError('FORBIDDEN', `${id} is not of this merchant`)
