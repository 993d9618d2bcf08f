import 'server-only'
import { z } from 'zod'
import { fromDate, instant } from '#lib/domain/kst.ts'
import { isCurrency, minor } from '#lib/domain/money.ts'
import { paymentSources, type MethodFacts, type ReferenceKind } from '#lib/domain/payment.ts'
import type { PaymentItem } from '#lib/domain/views.ts'
import { Prisma, type Channel, type Payment, type Reference, type Store } from '#prisma/client/client.ts'
import { balanceOf, left } from './balance.ts'

export const withNames = { store: true, channel: true, references: true } as const
const columns = [
  'id',
  'environment',
  'testStore',
  'source',
  'pg',
  'pgTxId',
  'method',
  'methodFacts',
  'currency',
  'amount',
  'received',
  'receivedTaxFree',
  'refunded',
  'refundedTaxFree',
  'open',
  'openTaxFree',
  'openCount',
  'status',
  'orderName',
  'buyerMasked',
  'requestedAt',
  'approvedAt',
  'lastRefundAt',
] as const
type ItemRow = Pick<Payment, (typeof columns)[number]>
type Known = Pick<PaymentItem, 'store' | 'channel' | 'paymentId' | 'approvalNumber'>
export type PaymentRow = ItemRow & {
  readonly store: Store
  readonly channel: Channel
  readonly references: readonly Reference[]
}

/** What a list reads by one statement, where Prisma would ask once for each table: of "Payment", then beside it. */
export type ListedRow = ItemRow &
  Pick<Payment, 'storeId' | 'channelId'> &
  Pick<Known, 'paymentId' | 'approvalNumber'> & { readonly storeName: string; readonly channelName: string }
export const listedColumns = Prisma.raw([...columns, 'storeId', 'channelId'].map((name) => `"${name}"`).join(', '))
const numberOf = (kind: ReferenceKind) =>
  `(SELECT value FROM "Reference" WHERE "paymentId" = payment.id AND kind = '${kind}' LIMIT 1)`
export const listedNumbers = Prisma.raw(
  `${numberOf('PAYMENT_ID')} AS "paymentId", ${numberOf('APPROVAL_NUMBER')} AS "approvalNumber"`,
)

const source = z.enum(paymentSources)

export const methodFacts: z.ZodType<MethodFacts> = z.object({
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
  const { store, channel, references } = row
  const numberOfKind = (kind: ReferenceKind) => references.find((one) => one.kind === kind)?.value ?? null
  return item(row, {
    store: { id: store.id, name: store.name },
    channel: { id: channel.id, name: channel.name },
    paymentId: numberOfKind('PAYMENT_ID'),
    approvalNumber: numberOfKind('APPROVAL_NUMBER'),
  })
}

export const itemOfListed = (row: ListedRow): PaymentItem =>
  item(row, {
    store: { id: row.storeId, name: row.storeName },
    channel: { id: row.channelId, name: row.channelName },
    paymentId: row.paymentId,
    approvalNumber: row.approvalNumber,
  })

function item(row: ItemRow, known: Known): PaymentItem {
  if (!isCurrency(row.currency)) throw new Error(`unknown currency ${row.currency}`)
  const balance = balanceOf(row)
  return {
    id: row.id,
    ...known,
    environment: row.environment,
    testStore: row.testStore,
    source: source.parse(row.source),
    pg: row.pg,
    pgTxId: row.pgTxId,
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
