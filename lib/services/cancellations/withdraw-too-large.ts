import 'server-only'
import { isOut, isUnsent } from '#lib/domain/cancellation.ts'
import { kstDate } from '#lib/domain/kst.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import { openTask } from '../payments/open-task.ts'
import { closeCancellation } from './close-cancellation.ts'

/** An outside cancel or a reversed deposit may leave less than an intent asks: what was not sent is taken back, what was sent becomes a task. */
export async function withdrawTooLarge(
  tx: Transaction,
  context: Context,
  paymentId: string,
  cause: 'outside_cancel' | 'deposit_reversed' = 'outside_cancel',
): Promise<void> {
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId }, include: { cancellations: true } })
  const tooLarge =
    payment.refunded + payment.open > payment.received ||
    payment.refundedTaxFree + payment.openTaxFree > payment.receivedTaxFree ||
    payment.refunded + payment.open - payment.refundedTaxFree - payment.openTaxFree >
      payment.received - payment.receivedTaxFree
  if (!tooLarge) return
  for (const cancellation of payment.cancellations) {
    if (isUnsent(cancellation.state)) {
      const evidence = { by: 'record', refunded: Number(payment.refunded) }
      await closeCancellation(tx, context, cancellation, { state: 'WITHDRAWN', cause, evidence })
    } else if (isOut(cancellation.state)) {
      await openTask(tx, {
        storeId: payment.storeId,
        paymentId,
        kind: 'over_refund_possible',
        key: cancellation.id,
        dueAt: context.now(),
        facts: { amount: Number(cancellation.amount), day: kstDate(context.now()) },
      })
    }
  }
}
