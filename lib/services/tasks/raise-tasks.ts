import 'server-only'
import { z } from 'zod'
import { fromDate } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { taskDueAt, tasksOf, type ReceiptState, type TaskFacts } from '#lib/policy/tasks.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import type { Payment } from '#prisma/client/client.ts'
import { openTask } from '../payments/open-task.ts'
import { resolveTasks } from './resolve-tasks.ts'

/** Opens what now calls for somebody and ends what has ended by itself. After every change of a payment's facts, in its transaction. */
export async function raiseTasks(tx: Transaction, context: Context, paymentId: string): Promise<void> {
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  const { opens, over } = tasksOf(taskFactsOf(payment))
  for (const kind of over) await resolveTasks(tx, context, { paymentId, kind })
  const now = context.now()
  for (const { kind, key, facts } of opens) {
    // One at a time of a kind: a second refund changes what the open one is about, not that there is one.
    const open = await tx.task.findFirst({ where: { paymentId, kind, resolvedAt: null } })
    if (open && open.key !== key) await tx.task.update({ where: { id: open.id }, data: { key, facts } })
    if (open) continue
    const dueAt = taskDueAt(kind, now)
    await openTask(tx, { storeId: payment.storeId, paymentId, kind, key, facts, dueAt, foundAt: now })
  }
}

const stored = z.object({ status: z.enum(['ISSUED', 'CANCELLED']), amount: z.int().transform(minor).nullish() })

export function receiptStateOf(row: unknown): ReceiptState | null {
  const { data } = stored.safeParse(row)
  return data ? { status: data.status, amount: data.amount ?? null } : null
}

const taskFactsOf = (payment: Payment): TaskFacts => ({
  method: payment.method,
  testStore: payment.testStore,
  paidAt: payment.paidAt === null ? null : fromDate(payment.paidAt),
  closedAt: payment.closedAt === null ? null : fromDate(payment.closedAt),
  received: minor(payment.received),
  receivedTaxFree: minor(payment.receivedTaxFree),
  refunded: minor(payment.refunded),
  cashReceipt: receiptStateOf(payment.cashReceipt),
})

/** The gateway refused to do it here, so its end may never be seen: from now on a person may end it with a note. */
export async function markRefused(tx: Transaction, paymentId: string, code: string): Promise<void> {
  const open = await tx.task.findMany({
    where: { paymentId, resolvedAt: null, kind: { in: ['cash_receipt_alive', 'cash_receipt_reissue'] } },
  })
  for (const task of open) {
    const facts = z.record(z.string(), z.json()).parse(task.facts)
    await tx.task.update({ where: { id: task.id }, data: { facts: { ...facts, refused: code } } })
  }
}
