import 'server-only'
import { z } from 'zod'
import { isOut } from '#lib/domain/cancellation.ts'
import { fromDate, toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { confirmCancellation } from './confirm-cancellation.ts'

export const AskNow = z.object({ id: z.uuid() })

/** Asks the gateway before the next automatic question. Fails with: cancellation.not_found, permission.missing, cancellation.not_closable. */
export async function askNow(context: Context, input: z.infer<typeof AskNow>): Promise<{ id: string }> {
  const missing = new DomainError('cancellation.not_found')
  const seen = await db.cancellation.findUnique({ where: { id: input.id } })
  if (!seen) throw missing
  authorize(context, 'payment.refresh', seen.storeId, missing)
  await transaction(async (tx) => {
    await lockPayment(tx, seen.paymentId)
    const { state, settleBy } = await tx.cancellation.findUniqueOrThrow({ where: { id: input.id } })
    const now = context.now()
    // What is being sent may still be answered: asking would make it unknown before its time.
    const sending = state === 'SENDING' && (settleBy === null || fromDate(settleBy) > now)
    if (!isOut(state) || sending) throw new DomainError('cancellation.not_closable', { state })
    await tx.cancellation.update({ where: { id: input.id }, data: { nextAskAt: toDate(now) } })
  })
  await confirmCancellation(context, input.id)
  return { id: input.id }
}
