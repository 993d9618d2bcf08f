import 'server-only'
import { fromDate } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { StorePolicyView } from '#lib/domain/views.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { permitted, visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { namesOf } from '../people/names.ts'

/** The rules of two people, the limits and the switch of each store a person may see. Fails with: permission.missing. */
export async function listStores(context: Context & { readonly actor: Person }): Promise<StorePolicyView[]> {
  const { actor } = context
  const visible = visibleStores(actor)
  if (visible?.length === 0)
    throw new DomainError('permission.missing', { permission: 'payment.view', who: whoMay('payment.view').join(', ') })
  const rows = await db.store.findMany({
    where: visible ? { id: { in: [...visible] } } : {},
    include: { accounts: { orderBy: { createdAt: 'asc' } } },
    orderBy: { name: 'asc' },
  })
  const names = await namesOf(rows.flatMap((row) => row.stoppedById ?? []))
  const money = (value: bigint | null) => (value === null ? null : minor(value))
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    approvalAbove: money(row.approvalAbove),
    approvalMethods: row.approvalMethods,
    approvalRoles: row.approvalRoles,
    stepUpAbove: money(row.stepUpAbove),
    personDayAmount: money(row.personDayAmount),
    personDayCount: row.personDayCount,
    oneAfterDay: row.oneAfterDay,
    stopped:
      row.stoppedAt === null
        ? null
        : {
            who: names.get(row.stoppedById ?? '') ?? '',
            why: row.stoppedWhy ?? '',
            at: fromDate(row.stoppedAt),
          },
    accounts: row.accounts.map(({ id, name, sendAtOnce }) => ({ id, name, sendAtOnce })),
    may: { edit: permitted(actor, 'store.manage', row.id), stop: permitted(actor, 'sending.stop', row.id) },
  }))
}
