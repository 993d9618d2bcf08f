import 'server-only'
import { fromDate, HOUR_MS, MINUTE_MS, plus, SECOND_MS, toDate, type Instant } from '#lib/domain/kst.ts'
import type { ReceiptRecord } from '#lib/gateways/connector.ts'
import { ask } from '#lib/gateways/exchange.ts'
import type { Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { log } from '#lib/server/log.ts'
import type { CashReceiptOrder } from '#prisma/client/client.ts'
import { openAccount } from '../accounts/open-account.ts'
import { addressFor } from '../payments/address-of.ts'
import { withChannel } from '../cancellations/judge-cancellation.ts'
import { settlesAt } from './order-receipt.ts'
import { openOrders } from './receipt-facts.ts'
import { closeReceiptOrder, lockOrder, type ReceiptChange } from './send-receipt.ts'

const AT_ONCE = 8
/** The gateway's clock and ours may differ. */
const CLOCKS_MS = 5 * MINUTE_MS
/** Growing pauses between questions; the last one repeats. */
const PAUSES_MS = [2, 5, 15, 30]
  .map((s) => s * SECOND_MS)
  .concat(
    [1, 2, 5, 15, 30].map((m) => m * MINUTE_MS),
    [1, 3, 6].map((h) => h * HOUR_MS),
  )

/** Asks about every order whose result is not known and whose time has come. Nothing is ever sent again. */
export async function sweepReceipts(context: Context): Promise<number> {
  const due = await db.cashReceiptOrder.findMany({
    where: { state: { in: openOrders }, nextAskAt: { lte: toDate(context.now()) } },
    orderBy: { nextAskAt: 'asc' },
    take: AT_ONCE,
    select: { id: true },
  })
  for (const { id } of due) {
    try {
      await confirmReceipt(context, id)
    } catch (error) {
      log.error({ receiptOrder: id, error: error instanceof Error ? (error.stack ?? error.message) : '' }, 'broken')
    }
  }
  return due.length
}

async function confirmReceipt(context: Context, id: string): Promise<void> {
  const question = await claimQuestion(context, id)
  if (!question) return
  const { account, paymentId, askedAt } = question
  const { cashReceipt } = account.connector.operations
  if (!cashReceipt) return
  const { outcome } = await ask(account.connector, cashReceipt, { paymentId }, account.call)
  if (outcome.kind === 'done') return settle(context, id, outcome.value, askedAt)
  if (outcome.kind === 'declined' && outcome.reason === 'not_found') return settle(context, id, null, askedAt)
}

/** The next question is put off before this one is asked, so two replicas ask once. */
async function claimQuestion(context: Context, id: string) {
  return transaction(async (tx) => {
    const order = await lockOrder(tx, id)
    const now = context.now()
    if (!order || (order.nextAskAt !== null && fromDate(order.nextAskAt) > now)) return null
    const payment = await tx.payment.findUniqueOrThrow({ where: { id: order.paymentId }, include: withChannel })
    const account = openAccount(payment.channel.account)
    const canAsk = account.connector.operations.cashReceipt !== undefined
    const pauseMs = PAUSES_MS[Math.min(order.asked, PAUSES_MS.length - 1)] ?? HOUR_MS
    await tx.cashReceiptOrder.update({
      where: { id },
      data: {
        asked: { increment: 1 },
        // Where nobody can be asked, people look, or order it again.
        nextAskAt: canAsk ? toDate(plus(now, pauseMs)) : null,
        ...(order.state === 'SENDING' && { state: 'UNCONFIRMED', cause: 'no_answer_recorded' }),
      },
    })
    return { account, paymentId: await addressFor(tx, payment), askedAt: now }
  })
}

/** What the gateway's record says of an order: done, or, once no answer can come any more, not done. */
async function settle(context: Context, id: string, record: ReceiptRecord | null, askedAt: Instant): Promise<void> {
  await transaction(async (tx) => {
    const order = await lockOrder(tx, id)
    if (!order) return
    const change = changeIn(record)
    if (change && isDone(order, change)) return closeReceiptOrder(tx, context, order, { state: 'DONE', change })
    if (askedAt < settlesAt(fromDate(order.requestedAt))) return
    const code = order.kind === 'issue' && change?.status === 'ISSUED' ? 'CASH_RECEIPT_ALREADY_ISSUED' : 'NOT_IN_RECORD'
    return closeReceiptOrder(tx, context, order, { state: 'DECLINED', code })
  })
}

const changeIn = (record: ReceiptRecord | null): ReceiptChange | null =>
  record === null || record.status === 'ISSUE_FAILED' ? null : record

/** A receipt of the very amount, issued since it was asked for, is the one that was asked for. */
function isDone(order: CashReceiptOrder, change: ReceiptChange): boolean {
  if (order.kind === 'cancel') return change.status === 'CANCELLED'
  const since = plus(fromDate(order.requestedAt), -CLOCKS_MS)
  const { issuedAt = null, amount = null } = change
  return issuedAt !== null && issuedAt >= since && amount !== null && BigInt(amount) === order.amount
}
