import 'server-only'
import { z } from 'zod'
import { fromDate, instant } from '#lib/domain/kst.ts'
import { isCurrency, minor } from '#lib/domain/money.ts'
import type { MethodFacts } from '#lib/domain/payment.ts'
import type { PaymentItem } from '#lib/domain/views.ts'
import type { Channel, Payment, Reference, Store } from '#prisma/client/client.ts'
import { balanceOf, left } from './balance.ts'

export const withNames = { store: true, channel: true, references: true } as const
export type PaymentRow = Payment & {
  readonly store: Store
  readonly channel: Channel
  readonly references: readonly Reference[]
}

const methodFacts: z.ZodType<MethodFacts> = z.object({
  card: z
    .object({
      issuer: z.string().exactOptional(),
      number: z.string().exactOptional(),
      instalmentMonths: z.number().exactOptional(),
      interestFree: z.boolean().exactOptional(),
    })
    .exactOptional(),
  easyPay: z.object({ provider: z.string().exactOptional() }).exactOptional(),
  virtualAccount: z
    .object({
      bank: z.string().exactOptional(),
      account: z.string(),
      expiresAt: z.number().transform(instant).exactOptional(),
    })
    .exactOptional(),
  transfer: z.object({ bank: z.string().exactOptional() }).exactOptional(),
})

/** A row as the list shows it: masked, sums as they stand. */
export function itemOf(row: PaymentRow): PaymentItem {
  if (!isCurrency(row.currency)) throw new Error(`unknown currency ${row.currency}`)
  const balance = balanceOf(row)
  const reference = (kind: Reference['kind']) => row.references.find((one) => one.kind === kind)?.value ?? null
  return {
    id: row.id,
    store: { id: row.store.id, name: row.store.name },
    channel: { id: row.channel.id, name: row.channel.name },
    environment: row.environment,
    testStore: row.testStore,
    pg: row.pg,
    pgTxId: row.pgTxId,
    paymentId: reference('PAYMENT_ID'),
    approvalNumber: reference('APPROVAL_NUMBER'),
    method: row.method,
    methodFacts: methodFacts.parse(row.methodFacts),
    currency: row.currency,
    amount: minor(row.amount),
    received: balance.received,
    refunded: balance.refunded,
    open: balance.open,
    left: left(balance),
    status: row.status,
    busy: row.openCount > 0,
    orderName: row.orderName,
    buyerMasked: row.buyerMasked,
    requestedAt: fromDate(row.requestedAt),
    approvedAt: fromDate(row.approvedAt),
    lastRefundAt: row.lastRefundAt === null ? null : fromDate(row.lastRefundAt),
  }
}
