import 'server-only'
import { fromDate } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { Known } from '#lib/policy/comparing.ts'
import type { Payment, Refund } from '#prisma/client/client.ts'
import type { DifferenceFacts } from './stored-told.ts'

export type PaymentWithRefunds = Payment & { readonly refunds: readonly Refund[] }

/** What was received is the base once it was paid: a virtual account may have got another amount than it was issued for. */
export const knownOf = (payment: PaymentWithRefunds): Known => ({
  method: payment.method,
  amount: minor(payment.paidAt === null ? payment.amount : payment.received),
  paid: payment.paidAt !== null,
  closed: payment.closedAt !== null,
  refunds: payment.refunds.map(({ amount, refundedAt }) => ({ amount: minor(amount), at: fromDate(refundedAt) })),
})

export const oursOf = (payment: Payment): DifferenceFacts['ours'] => ({
  amount: minor(payment.paidAt === null ? payment.amount : payment.received),
  method: payment.method,
  paid: payment.paidAt !== null,
  refunded: minor(payment.refunded),
  at: fromDate(payment.paidAt ?? payment.approvedAt),
})
