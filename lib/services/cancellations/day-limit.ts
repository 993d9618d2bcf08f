import 'server-only'
import { kstDate, startOfDay, toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { Context, Person } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import type { PaymentWithChannel } from './judge-cancellation.ts'

/**
 * What one person may request at a store in a day in Seoul. What was refused or withdrawn does not count. Two requests of
 * one person wait for each other, so that both are counted. Fails with: cancellation.day_limit.
 */
export async function refuseOverDayLimit(
  tx: Transaction,
  context: Context,
  actor: Person,
  payment: PaymentWithChannel,
  amount: number,
): Promise<void> {
  const { personDayAmount, personDayCount } = payment.store
  if (personDayAmount === null && personDayCount === null) return
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`day/${payment.storeId}/${actor.id}`}, 0))`
  const used = await tx.cancellation.aggregate({
    where: {
      storeId: payment.storeId,
      requestedById: actor.id,
      kind: 'CANCEL',
      requestedAt: { gte: toDate(startOfDay(kstDate(context.now()))) },
      state: { notIn: ['DECLINED', 'REJECTED', 'WITHDRAWN'] },
      payment: { currency: payment.currency },
    },
    _sum: { amount: true },
    _count: true,
  })
  const usedAmount = Number(used._sum.amount ?? 0n)
  if (personDayCount !== null && used._count + 1 > personDayCount)
    throw new DomainError('cancellation.day_limit', { limitCount: personDayCount, usedCount: used._count })
  if (personDayAmount !== null && usedAmount + amount > Number(personDayAmount)) {
    const { currency } = payment
    throw new DomainError('cancellation.day_limit', { limitAmount: Number(personDayAmount), usedAmount, currency })
  }
}
