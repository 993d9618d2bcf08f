import 'server-only'
import { toDate, type Instant } from '#lib/domain/kst.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { TaskKind } from '#lib/policy/tasks.ts'
import type { Transaction } from '#lib/server/db.ts'

type NewTask = {
  readonly storeId: string
  readonly paymentId: string
  readonly kind: TaskKind
  readonly key: string
  readonly dueAt: Instant
  /** When it was found, where that is not when it is due. */
  readonly foundAt?: Instant
  readonly facts: Facts
}

/** The same thing to do stands on the list once. */
export async function openTask(tx: Transaction, { foundAt, ...task }: NewTask): Promise<void> {
  const createdAt = toDate(foundAt ?? task.dueAt)
  await tx.task.createMany({ data: [{ ...task, dueAt: toDate(task.dueAt), createdAt }], skipDuplicates: true })
}
