import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import type { TaskKind } from '#lib/policy/tasks.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'

type Which = { readonly paymentId: string; readonly kind: TaskKind; readonly key?: string }

/** Ends tasks that the console sees to be done: nobody ticks them. Answers how many. The payment is locked by the caller. */
export async function resolveTasks(
  tx: Transaction,
  context: Context,
  { paymentId, kind, key }: Which,
): Promise<number> {
  const open = { paymentId, kind, resolvedAt: null, ...(key !== undefined && { key }) }
  const tasks = await tx.task.findMany({ where: open, select: { id: true, storeId: true } })
  for (const { id, storeId } of tasks) {
    await tx.task.update({ where: { id }, data: { resolvedAt: toDate(context.now()) } })
    await audit(tx, context, {
      action: 'task.resolve',
      outcome: 'done',
      storeId,
      subject: { type: 'payment', id: paymentId },
      facts: { task: id, kind, by: 'record' },
    })
  }
  return tasks.length
}
