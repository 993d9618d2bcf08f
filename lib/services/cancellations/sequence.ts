import 'server-only'
import type { Transaction } from '#lib/server/db.ts'

/** The lowest partial-cancel number that no open, done or outside partial uses; null where all are used. */
export async function freeSequence(tx: Transaction, paymentId: string, limit: number | null): Promise<number | null> {
  const used = new Set(await usedSequences(tx, paymentId))
  for (let number = 1; number <= (limit ?? 0); number += 1) if (!used.has(number)) return number
  return null
}

async function usedSequences(tx: Transaction, paymentId: string): Promise<(number | null)[]> {
  const ours = await tx.cancellation.findMany({
    where: { paymentId, sequence: { not: null }, state: { notIn: ['DECLINED', 'WITHDRAWN', 'REJECTED'] } },
  })
  const outside = await tx.refund.findMany({ where: { paymentId, cancellationId: null, sequence: { not: null } } })
  return [...ours, ...outside].map((row) => row.sequence)
}

/** Partial cancels that count towards the limit: open or done here, or made elsewhere; `except` is not counted. */
export async function countPartials(tx: Transaction, paymentId: string, except: string | null): Promise<number> {
  const ours = await tx.cancellation.count({
    where: {
      paymentId,
      partial: true,
      state: { notIn: ['DECLINED', 'WITHDRAWN', 'REJECTED'] },
      ...(except !== null && { id: { not: except } }),
    },
  })
  const outside = await tx.refund.count({ where: { paymentId, partial: true, cancellationId: null } })
  return ours + outside
}
