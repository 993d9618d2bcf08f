import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import { hideCardNumbers } from '#lib/domain/mask.ts'
import type { GatewayCancellation } from '#lib/domain/payment.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { toJson, type Transaction } from '#lib/server/db.ts'
import type { Cancellation } from '#prisma/client/client.ts'
import { raiseTasks } from '../tasks/raise-tasks.ts'
import { freeSequence } from './sequence.ts'

type Where = { readonly paymentId: string; readonly channelId: string }

/** Appends the fact that money went back. The payment's sums follow by trigger. */
export async function appendRefund(
  tx: Transaction,
  context: Context,
  where: Where,
  told: GatewayCancellation,
  cancellationId: string | null,
): Promise<void> {
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: where.paymentId } })
  const partial = BigInt(told.amount) < payment.received
  const outside = cancellationId === null && partial && payment.partialLimit !== null
  await tx.refund.create({
    data: {
      paymentId: where.paymentId,
      channelId: where.channelId,
      gatewayCancellationId: told.id,
      amount: BigInt(told.amount),
      taxFree: BigInt(told.taxFree),
      partial,
      sequence: outside ? await freeSequence(tx, where.paymentId, payment.partialLimit) : null,
      refundedAt: toDate(told.cancelledAt ?? context.now()),
      approvalNumber: told.approvalNumber ?? null,
      reason: cancellationId === null ? hideCardNumbers(told.reason).slice(0, 200) : null,
      trigger: told.trigger ?? null,
      seenAt: toDate(context.now()),
      cancellationId,
      source: told.source ?? 'gateway',
    },
  })
  await raiseTasks(tx, context, where.paymentId)
}

export type Ending =
  | {
      readonly state: 'DONE'
      readonly gatewayCancellationId: string
      readonly approvalNumber: string | null
      readonly evidence: object
    }
  | { readonly state: 'DECLINED'; readonly code: string; readonly message: string | null; readonly evidence: object }
  | { readonly state: 'WITHDRAWN'; readonly cause: string; readonly evidence: object }
  | { readonly state: 'REJECTED'; readonly evidence: object }

/** Ends an intent, with what proves it, in the transaction of its audit row. The payment is locked by the caller. */
export async function closeCancellation(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  ending: Ending,
): Promise<void> {
  const { state, evidence } = ending
  // An account that was closed: the payment's own state follows.
  if (state === 'DONE' && cancellation.kind === 'CLOSE') {
    await tx.payment.updateMany({
      where: { id: cancellation.paymentId, closedAt: null },
      data: { closedAt: toDate(context.now()) },
    })
    // Somebody may have paid into it before.
    await raiseTasks(tx, context, cancellation.paymentId)
  }
  await tx.cancellation.update({
    where: { id: cancellation.id },
    data: {
      state,
      evidence: toJson(evidence),
      closedAt: toDate(context.now()),
      nextAskAt: null,
      ...(state === 'DONE' && {
        gatewayCancellationId: ending.gatewayCancellationId,
        approvalNumber: ending.approvalNumber,
      }),
      ...(state === 'DECLINED' && {
        declineCode: ending.code,
        declineMessage: ending.message && hideCardNumbers(ending.message),
      }),
      ...(state === 'WITHDRAWN' && { cause: ending.cause }),
    },
  })
  await audit(tx, context, {
    action: state === 'WITHDRAWN' ? 'cancellation.withdraw' : 'cancellation.outcome',
    outcome: 'done',
    storeId: cancellation.storeId,
    subject: { type: 'payment', id: cancellation.paymentId },
    facts: { cancellation: cancellation.id, state, amount: Number(cancellation.amount), evidence },
  })
}
