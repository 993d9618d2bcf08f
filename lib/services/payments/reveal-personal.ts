import 'server-only'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { takeTurn } from '#lib/server/rate-limit.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { typedText } from '#lib/services/typed-text.ts'
import { personalOf } from './personal.ts'

export const RevealPersonal = z.object({
  paymentId: z.uuid(),
  field: z.enum(['name', 'phone', 'email', 'account']),
  reason: typedText(200).min(2),
})

/**
 * One field of one buyer, to one person, for a reason that stays on record. What is shown is written down before it is shown.
 * Fails with: payment.not_found, permission.missing, session.step_up, request.too_many, personal.absent.
 */
export async function revealPersonal(
  context: Context,
  { paymentId, field, reason }: z.infer<typeof RevealPersonal>,
): Promise<{ value: string }> {
  const missing = new DomainError('payment.not_found')
  const payment = await db.payment.findUnique({ where: { id: paymentId } })
  if (!payment) throw missing
  authorize(context, 'personal.reveal', payment.storeId, missing)
  requireFreshSignIn(context)
  if (context.actor.kind === 'person') await takeTurn('reveal', context.actor.id)
  const value = personalOf(payment)?.[field]
  if (!value) throw new DomainError('personal.absent')
  await transaction((tx) =>
    audit(tx, context, {
      action: 'personal.reveal',
      outcome: 'done',
      storeId: payment.storeId,
      subject: { type: 'payment', id: paymentId },
      facts: { field, reason },
    }),
  )
  return { value }
}
