import 'server-only'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import { keepableMemo } from '#lib/domain/memo.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { isTaskKind, isTicked } from '#lib/policy/tasks.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { plainFacts } from '../plain-facts.ts'
import { typedText } from '../typed-text.ts'

export const ResolveTask = z.object({ id: z.uuid(), note: typedText(200).min(1) })

/**
 * A person says that it is done, and what they did. What is done already stays as it was said first.
 * Fails with: task.not_found, permission.missing, memo.personal_number, task.by_itself.
 */
export async function resolveTask(context: Context, input: z.infer<typeof ResolveTask>): Promise<{ id: string }> {
  const missing = new DomainError('task.not_found')
  const seen = await db.task.findUnique({ where: { id: input.id }, select: { storeId: true, paymentId: true } })
  if (!seen) throw missing
  authorize(context, 'task.resolve', seen.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'task.resolve' })
  const references = await db.reference.findMany({ where: { paymentId: seen.paymentId }, select: { value: true } })
  const resolution = keepableMemo(
    input.note,
    references.map((one) => one.value),
  )
  if (resolution === null) throw new DomainError('memo.personal_number')
  return transaction(async (tx) => {
    await lockPayment(tx, seen.paymentId)
    const task = await tx.task.findUniqueOrThrow({ where: { id: input.id } })
    if (task.resolvedAt !== null) return { id: task.id }
    if (!isTaskKind(task.kind) || !isTicked(task.kind, plainFacts(task.facts)))
      throw new DomainError('task.by_itself', { kind: task.kind })
    const data = { resolvedAt: toDate(context.now()), resolvedById: actor.id, resolution }
    await tx.task.update({ where: { id: task.id }, data })
    await audit(tx, context, {
      action: 'task.resolve',
      outcome: 'done',
      storeId: task.storeId,
      subject: { type: 'payment', id: task.paymentId },
      facts: { task: task.id, kind: task.kind, note: resolution },
    })
    return { id: task.id }
  })
}
