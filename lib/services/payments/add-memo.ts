import 'server-only'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import { keepableMemo } from '#lib/domain/memo.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'

/** Several lines are well; other control characters and half characters are not. */
const memoText = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^(?:\n|[^\p{Cc}\p{Cs}])*$/u)
export const AddMemo = z.object({ paymentId: z.uuid(), text: memoText })

/** A note beside a payment, for whoever takes the next call. Fails with: payment.not_found, permission.missing, memo.personal_number. */
export async function addMemo(context: Context, { paymentId, text }: z.infer<typeof AddMemo>): Promise<{ id: string }> {
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'payment.note' })
  const missing = new DomainError('payment.not_found')
  const payment = await db.payment.findUnique({ where: { id: paymentId }, include: { references: true } })
  if (!payment) throw missing
  const { storeId } = payment
  authorize(context, 'payment.note', storeId, missing)
  const own = payment.references.map((one) => one.value)
  const kept = keepableMemo(text, own)
  if (kept === null) throw new DomainError('memo.personal_number')
  return transaction(async (tx) => {
    const { id } = await tx.memo.create({
      data: { storeId, paymentId, text: kept, byId: actor.id, at: toDate(context.now()) },
    })
    await audit(tx, context, {
      action: 'payment.note',
      outcome: 'done',
      storeId,
      subject: { type: 'payment', id: paymentId },
    })
    return { id }
  })
}
