import 'server-only'
import { toDate, type Instant } from '#lib/domain/kst.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { Transaction } from '#lib/server/db.ts'

export type TaskKind = 'outside_cancel' | 'over_refund_possible' | 'declined_but_done' | 'amount_differs'
type NewTask = {
  readonly storeId: string
  readonly paymentId: string
  readonly kind: TaskKind
  readonly key: string
  readonly dueAt: Instant
  readonly facts: Facts
}

/** The same thing to do stands on the list once. */
export async function openTask(tx: Transaction, task: NewTask): Promise<void> {
  const due = toDate(task.dueAt)
  await tx.task.createMany({ data: [{ ...task, dueAt: due, createdAt: due }], skipDuplicates: true })
}
