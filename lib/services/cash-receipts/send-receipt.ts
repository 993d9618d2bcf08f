import 'server-only'
import { plus, SECOND_MS, toDate, type Instant } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import { ask } from '#lib/gateways/exchange.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { lockPayment, toJson, transaction, type Transaction } from '#lib/server/db.ts'
import type { CashReceiptOrder } from '#prisma/client/client.ts'
import { markRefused, raiseTasks } from '../tasks/raise-tasks.ts'
import { receiptOf, type StoredReceipt } from './receipt-facts.ts'
import type { ReceiptClaim } from './order-receipt.ts'

const FIRST_ASK_MS = 2 * SECOND_MS
const HELD_MS = 30 * SECOND_MS

/** What became of the receipt: how it now stands. */
export type ReceiptChange = Partial<StoredReceipt> & { readonly status: 'ISSUED' | 'CANCELLED' }

/** Sends a committed order, once. */
export async function sendReceipt(context: Context, claim: ReceiptClaim): Promise<void> {
  await recordReceiptOutcome(context, claim.orderId, await talk(context, claim))
}

async function talk(context: Context, claim: ReceiptClaim): Promise<Outcome<ReceiptChange>> {
  const { account, orderId, gatewayPaymentId: paymentId, wish } = claim
  const { cancelCashReceipt, issueCashReceipt } = account.connector.operations
  if (context.now() >= plus(claim.startedAt, HELD_MS))
    return { kind: 'not_sent', cause: 'the permission to send was held too long' }
  if (wish.kind === 'cancel') {
    if (!cancelCashReceipt) return { kind: 'not_sent', cause: 'no such operation' }
    const { kind: _, ...of } = wish
    const input = { orderId, paymentId, at: context.now(), ...of }
    const { outcome } = await ask(account.connector, cancelCashReceipt, input, account.call)
    return outcome.kind === 'done' ? { ...outcome, value: { status: 'CANCELLED' } } : outcome
  }
  if (!issueCashReceipt) return { kind: 'not_sent', cause: 'no such operation' }
  const { outcome } = await ask(account.connector, issueCashReceipt, { orderId, paymentId, ...wish }, account.call)
  if (outcome.kind !== 'done') return outcome
  const { type, amount, taxFree } = wish
  const value = { status: 'ISSUED', type, amount, taxFree, issuedAt: context.now(), ...outcome.value } as const
  return { ...outcome, value }
}

/** What was heard. An answer that comes when a reading has settled the order already changes nothing. */
export async function recordReceiptOutcome(
  context: Context,
  orderId: string,
  outcome: Outcome<ReceiptChange>,
): Promise<void> {
  await transaction(async (tx) => {
    const locked = await lockOrder(tx, orderId)
    if (!locked) return
    switch (outcome.kind) {
      case 'done':
        return closeReceiptOrder(tx, context, locked, { state: 'DONE', change: outcome.value })
      case 'declined':
        return closeReceiptOrder(tx, context, locked, { state: 'DECLINED', code: outcome.code })
      case 'not_sent':
        return closeReceiptOrder(tx, context, locked, { state: 'DECLINED', code: 'NOT_SENT' })
      case 'pending':
      case 'unknown':
        return unconfirmed(tx, context, locked, outcome.kind === 'unknown' ? outcome.cause : 'no_answer_recorded')
    }
  })
}

/** The order, with its payment locked; null where its end is known already. */
export async function lockOrder(tx: Transaction, id: string): Promise<CashReceiptOrder | null> {
  const { paymentId } = await tx.cashReceiptOrder.findUniqueOrThrow({ where: { id }, select: { paymentId: true } })
  await lockPayment(tx, paymentId)
  const order = await tx.cashReceiptOrder.findUniqueOrThrow({ where: { id } })
  return order.state === 'SENDING' || order.state === 'UNCONFIRMED' ? order : null
}

async function unconfirmed(tx: Transaction, context: Context, order: CashReceiptOrder, cause: string): Promise<void> {
  if (order.state !== 'SENDING') return
  const nextAskAt: Instant = plus(context.now(), FIRST_ASK_MS)
  await tx.cashReceiptOrder.update({
    where: { id: order.id },
    data: { state: 'UNCONFIRMED', cause, nextAskAt: toDate(nextAskAt) },
  })
  await auditOutcome(tx, context, order, { state: 'UNCONFIRMED', cause })
}

type Ending =
  | { readonly state: 'DONE'; readonly change: ReceiptChange }
  | { readonly state: 'DECLINED'; readonly code: string }

/** Ends an order and brings the payment's receipt and the tasks about it up to date. */
export async function closeReceiptOrder(
  tx: Transaction,
  context: Context,
  order: CashReceiptOrder,
  ending: Ending,
): Promise<void> {
  const { id, paymentId } = order
  const code = ending.state === 'DECLINED' ? ending.code : null
  await tx.cashReceiptOrder.update({
    where: { id },
    data: { state: ending.state, code, closedAt: toDate(context.now()), nextAskAt: null },
  })
  await auditOutcome(tx, context, order, { state: ending.state, code })
  if (ending.state === 'DECLINED') return markRefused(tx, paymentId, ending.code)
  if (ending.change.status === 'CANCELLED') await closeEarlierCancels(tx, context, order)
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  const before = ending.change.status === 'CANCELLED' ? receiptOf(payment.cashReceipt) : null
  await tx.payment.update({ where: { id: paymentId }, data: { cashReceipt: toJson({ ...before, ...ending.change }) } })
  await raiseTasks(tx, context, paymentId)
}

/** What earlier orders wanted is so now; which of them did it, nobody can tell. */
async function closeEarlierCancels(tx: Transaction, context: Context, { paymentId }: CashReceiptOrder): Promise<void> {
  await tx.cashReceiptOrder.updateMany({
    where: { paymentId, kind: 'cancel', state: 'UNCONFIRMED' },
    data: { state: 'DONE', closedAt: toDate(context.now()), nextAskAt: null },
  })
}

const auditOutcome = (tx: Transaction, context: Context, order: CashReceiptOrder, facts: object) =>
  audit(tx, context, {
    action: 'cash_receipt.outcome',
    outcome: 'done',
    storeId: order.storeId,
    subject: { type: 'payment', id: order.paymentId },
    facts: { order: order.id, kind: order.kind, ...facts },
  })
