import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import type { GatewayCancellation } from '#lib/domain/payment.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import { openTask } from '../payments/open-task.ts'
import { appendRefund } from './close-cancellation.ts'

/** A payment, by the channel that tells of it. */
export type PaymentAt = { readonly paymentId: string; readonly storeId: string; readonly channelId: string }

/** A cancel made elsewhere: a fact, and somebody looks at it. */
export async function recordOutside(
  tx: Transaction,
  context: Context,
  view: PaymentAt,
  told: GatewayCancellation,
): Promise<void> {
  await appendRefund(tx, context, view, told, null)
  const at = toDate(told.cancelledAt ?? told.requestedAt)
  await audit(tx, context, {
    action: 'payment.outside_cancel',
    outcome: 'done',
    storeId: view.storeId,
    subject: { type: 'payment', id: view.paymentId },
    facts: {
      amount: told.amount,
      at: at.toISOString(),
      trigger: told.trigger ?? null,
      ...(told.source && { source: told.source }),
    },
  })
  await openTask(tx, {
    storeId: view.storeId,
    paymentId: view.paymentId,
    kind: 'outside_cancel',
    key: told.id,
    dueAt: context.now(),
    facts: { amount: told.amount, trigger: told.trigger ?? null },
  })
}
