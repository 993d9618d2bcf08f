import 'server-only'
import { z } from 'zod'
import { fromDate } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { CashReceiptsView, ReceiptOrderView } from '#lib/domain/views.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { denyReceiptCancel, denyReceiptIssue } from '#lib/policy/cash-receipts.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { permitted, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { CashReceiptOrder } from '#prisma/client/client.ts'
import type { PaymentWithChannel } from '../cancellations/judge-cancellation.ts'
import { namesOf } from '../people/names.ts'
import { receiptFacts, receiptOf, receiptOrdersAt } from './receipt-facts.ts'

const ORDERS_MAX = 5

/** Read before the payment's row, so that an order is never shown as done beside what was before it. */
export const receiptOrdersOf = (paymentId: string): Promise<CashReceiptOrder[]> =>
  db.cashReceiptOrder.findMany({
    where: { paymentId },
    orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
    take: ORDERS_MAX,
  })

/** The part of a payment's page about its cash receipt; null where a payment can have none. */
export async function cashReceiptsOf(
  context: Context,
  payment: PaymentWithChannel,
  rows: readonly CashReceiptOrder[],
): Promise<CashReceiptsView | null> {
  const receipt = receiptOf(payment.cashReceipt)
  const byAccount = payment.method === 'VIRTUAL_ACCOUNT' || payment.method === 'TRANSFER'
  if (receipt === null && (!byAccount || payment.paidAt === null)) return null
  const names = await namesOf(rows.map((row) => row.requestedById))
  const facts = await receiptFacts(db, payment)
  const can = receiptOrdersAt(connectorOf(payment.channel.account), receipt)
  return {
    receipt: receipt && {
      status: receipt.status,
      type: receipt.type ?? null,
      amount: receipt.amount ?? null,
      taxFree: receipt.taxFree ?? null,
      number: receipt.number ?? null,
      url: safeUrl(receipt.url),
      issuedAt: receipt.issuedAt ?? null,
    },
    orders: rows.map((row) => orderView(row, names)),
    left: facts.left,
    leftTaxFree: facts.leftTaxFree,
    cancelDenial: can.cancel ? denyReceiptCancel(facts) : 'gateway',
    issueDenial: can.issue ? denyReceiptIssue(facts) : 'gateway',
    may: permitted(context.actor, 'cash_receipt.manage', payment.storeId),
    whoMay: whoMay('cash_receipt.manage').join(', '),
  }
}

/** A link is shown only where it is one; the gateway's text is not trusted to be. */
const safeUrl = (text: string | null | undefined): string | null =>
  text && /^https?:\/\/[^\s"'<>]+$/.test(text) ? text : null

const OrderState = z.enum(['SENDING', 'UNCONFIRMED', 'DONE', 'DECLINED'])
const optional = (date: Date | null) => (date === null ? null : fromDate(date))

function orderView(row: CashReceiptOrder, names: ReadonlyMap<string, string>): ReceiptOrderView {
  return {
    id: row.id,
    kind: z.enum(['cancel', 'issue']).parse(row.kind),
    state: OrderState.parse(row.state),
    amount: row.amount === null ? null : minor(row.amount),
    taxFree: row.taxFree === null ? null : minor(row.taxFree),
    type: z.enum(['PERSONAL', 'CORPORATE']).nullable().parse(row.type),
    numberMasked: row.identityMasked,
    code: row.code,
    requestedBy: names.get(row.requestedById) ?? '',
    requestedAt: fromDate(row.requestedAt),
    closedAt: optional(row.closedAt),
    nextAskAt: optional(row.nextAskAt),
  }
}
