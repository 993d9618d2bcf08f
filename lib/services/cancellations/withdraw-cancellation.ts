import 'server-only'
import { z } from 'zod'
import { isUnsent } from '#lib/domain/cancellation.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { closeCancellation } from './close-cancellation.ts'

export const WithdrawCancellation = z.object({ id: z.uuid() })

/** Takes back an intent of which nothing was sent. Fails with: cancellation.not_found, permission.missing, cancellation.not_withdrawable. */
export async function withdrawCancellation(
  context: Context,
  input: z.infer<typeof WithdrawCancellation>,
): Promise<{ id: string }> {
  const missing = new DomainError('cancellation.not_found')
  const seen = await db.cancellation.findUnique({ where: { id: input.id } })
  if (!seen) throw missing
  authorize(context, 'cancellation.withdraw', seen.storeId, missing)
  await transaction(async (tx) => {
    await lockPayment(tx, seen.paymentId)
    const cancellation = await tx.cancellation.findUniqueOrThrow({ where: { id: input.id } })
    if (!isUnsent(cancellation.state))
      throw new DomainError('cancellation.not_withdrawable', { state: cancellation.state })
    await closeCancellation(tx, context, cancellation, {
      state: 'WITHDRAWN',
      cause: 'person',
      evidence: { by: 'person' },
    })
  })
  return { id: input.id }
}
