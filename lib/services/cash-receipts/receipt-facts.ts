import 'server-only'
import { z } from 'zod'
import { instant, toDate, type Instant } from '#lib/domain/kst.ts'
import { isCurrency, minor } from '#lib/domain/money.ts'
import type { Connector } from '#lib/gateways/connector.ts'
import type { ReceiptFacts } from '#lib/policy/cash-receipts.ts'
import type { db, Transaction } from '#lib/server/db.ts'
import type { Payment } from '#prisma/client/client.ts'
import { balanceOf, left, leftTaxFree } from '../payments/balance.ts'

const amount = z.int().transform(minor)
/** A cash receipt as the payment's row keeps it. Rows of earlier releases hold less. */
export const StoredReceipt = z.object({
  status: z.enum(['ISSUED', 'CANCELLED']),
  type: z.string().nullish(),
  amount: amount.nullish(),
  taxFree: amount.nullish(),
  number: z.string().nullish(),
  reference: z.string().nullish(),
  url: z.string().nullish(),
  issuedAt: z.int().transform(instant).nullish(),
})
export type StoredReceipt = z.infer<typeof StoredReceipt>

export const receiptOf = (row: unknown): StoredReceipt | null => StoredReceipt.safeParse(row).data ?? null

export const openOrders = ['SENDING', 'UNCONFIRMED']

/** What can be ordered. A gateway that cannot be asked for the receipt knows it by a number of its own, which must be known here. */
export const receiptOrdersAt = ({ operations }: Connector, receipt: StoredReceipt | null) => ({
  issue: operations.issueCashReceipt !== undefined,
  cancel:
    operations.cancelCashReceipt !== undefined &&
    (operations.cashReceipt !== undefined || (receipt?.reference ?? null) !== null),
})

/** Nobody is asked about it any more. Cancelling again does no harm then; issuing again might. */
const isOver = { kind: 'cancel', state: 'UNCONFIRMED', nextAskAt: null } as const

/** What the rules may look at, as the rows stand. */
export async function receiptFacts(tx: Transaction | typeof db, payment: Payment): Promise<ReceiptFacts> {
  if (!isCurrency(payment.currency)) throw new Error(`unknown currency ${payment.currency}`)
  const balance = balanceOf(payment)
  const open = await tx.cashReceiptOrder.count({
    where: { paymentId: payment.id, state: { in: openOrders }, NOT: isOver },
  })
  return {
    method: payment.method,
    currency: payment.currency,
    receipt: receiptOf(payment.cashReceipt)?.status ?? null,
    orderOpen: open > 0,
    cancelOpen: payment.openCount > 0,
    left: left(balance),
    leftTaxFree: leftTaxFree(balance),
  }
}

/** An order was done since this reading began, so what it tells of the receipt may be from before. */
export async function hasNewerReceipt(tx: Transaction, paymentId: string, readAt: Instant): Promise<boolean> {
  const since = { gt: toDate(readAt) }
  return (await tx.cashReceiptOrder.count({ where: { paymentId, state: 'DONE', closedAt: since } })) > 0
}
