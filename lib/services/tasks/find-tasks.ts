import 'server-only'
import { z } from 'zod'
import { fromDate, parseIso, toDate, toIso } from '#lib/domain/kst.ts'
import type { TaskPage } from '#lib/domain/views.ts'
import { taskKinds } from '#lib/policy/tasks.ts'
import { permitted, visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { itemOf, withNames } from '../payments/payment-item.ts'
import { taskViewOf } from './task-view.ts'

const cursor = z.string().transform((text, context) => {
  const [at, id] = Buffer.from(text, 'base64url').toString('utf8').split('|')
  const read = parseIso(at ?? '')
  if (read !== null && id !== undefined && z.uuid().safeParse(id).success) return { at: toDate(read), id }
  context.addIssue('not a cursor')
  return z.NEVER
})

/** The query of `GET /api/tasks`: open ones only. */
export const FindTasks = z.object({
  store: z.uuid().optional(),
  kind: z.enum(taskKinds).optional(),
  due: z.enum(['now', 'later']).optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** What somebody must still do at the stores a person may see, the longest due first, by keyset. */
export async function findTasks(
  { actor, now }: Context & { readonly actor: Person },
  query: z.infer<typeof FindTasks>,
): Promise<TaskPage> {
  const stores = visibleStores(actor)
  const asOf = now()
  const after = query.cursor
  const rows = await db.task.findMany({
    where: {
      resolvedAt: null,
      ...(query.kind && { kind: query.kind }),
      AND: [
        query.store ? { storeId: query.store } : {},
        stores ? { storeId: { in: [...stores] } } : {},
        query.due === 'now' ? { dueAt: { lte: toDate(asOf) } } : {},
        query.due === 'later' ? { dueAt: { gt: toDate(asOf) } } : {},
        after ? { OR: [{ dueAt: { gt: after.at } }, { dueAt: after.at, id: { gt: after.id } }] } : {},
      ],
    },
    include: { payment: { include: withNames } },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: page.map((row) => ({
      ...taskViewOf(row, asOf),
      payment: itemOf(row.payment),
      may: permitted(actor, 'task.resolve', row.storeId),
    })),
    next:
      rows.length > query.limit && last
        ? Buffer.from(`${toIso(fromDate(last.dueAt))}|${last.id}`).toString('base64url')
        : null,
    asOf,
  }
}
