import 'server-only'
import { z } from 'zod'
import { differenceKinds } from '#lib/domain/comparison.ts'
import { fromDate, parseIso, toDate, toIso } from '#lib/domain/kst.ts'
import type { DifferenceItem, DifferencePage } from '#lib/domain/views.ts'
import type { Context, Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { Difference } from '#prisma/client/client.ts'
import { namesOf } from '../people/names.ts'
import { storesToCompare } from './list-comparisons.ts'
import { DifferenceFacts } from './stored-told.ts'

const cursor = z.string().transform((text, context) => {
  const [at, id] = Buffer.from(text, 'base64url').toString('utf8').split('|')
  const read = parseIso(at ?? '')
  if (read !== null && id !== undefined && z.uuid().safeParse(id).success) return { at: toDate(read), id }
  context.addIssue('not a cursor')
  return z.NEVER
})

/** The query of `GET /api/comparisons/differences`. */
export const FindDifferences = z.object({
  store: z.uuid().optional(),
  comparison: z.uuid().optional(),
  state: z.enum(['open', 'closed', 'all']).default('open'),
  kind: z.enum(differenceKinds).optional(),
  /** The reader's own. */
  mine: z.enum(['1']).optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** Where files and our record say otherwise at the stores a person may compare, newest first, by keyset. Fails with: permission.missing. */
export async function findDifferences(
  { actor }: Context & { readonly actor: Person },
  query: z.infer<typeof FindDifferences>,
): Promise<DifferencePage> {
  const stores = await storesToCompare(actor)
  const after = query.cursor
  const rows = await db.difference.findMany({
    where: {
      storeId: { in: stores.filter((id) => query.store === undefined || id === query.store) },
      ...(query.comparison && { findings: { some: { comparisonId: query.comparison } } }),
      ...(query.state !== 'all' && { state: query.state === 'open' ? 'OPEN' : 'CLOSED' }),
      ...(query.kind && { kind: query.kind }),
      ...(query.mine && { assigneeId: actor.id }),
      ...(after && { OR: [{ foundAt: { lt: after.at } }, { foundAt: after.at, id: { lt: after.id } }] }),
    },
    orderBy: [{ foundAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: await itemsOf(page),
    next:
      rows.length > query.limit && last
        ? Buffer.from(`${toIso(fromDate(last.foundAt))}|${last.id}`).toString('base64url')
        : null,
  }
}

export async function itemsOf(rows: readonly Difference[]): Promise<readonly DifferenceItem[]> {
  const people = await namesOf(
    rows.flatMap(({ assigneeId, closedById }) => [assigneeId ?? [], closedById ?? []].flat()),
  )
  const channels = await db.channel.findMany({
    where: { id: { in: [...new Set(rows.map(({ channelId }) => channelId))] } },
    include: { account: { include: { store: true } } },
  })
  const found = new Map(channels.map(({ id, account }) => [id, account]))
  return rows.flatMap((row) => {
    const account = found.get(row.channelId)
    if (!account) return []
    const { told, ours, layout, from, to } = DifferenceFacts.parse(row.facts)
    const { data: kind } = z.enum(differenceKinds).safeParse(row.kind)
    return [
      {
        id: row.id,
        store: { id: account.store.id, name: account.store.name },
        pg: row.pg,
        mid: row.mid,
        environment: account.environment,
        number: row.number,
        kind: kind ?? 'differs',
        whys: Whys.parse(row.whys),
        paymentId: row.paymentId,
        told,
        ours,
        layout,
        days: { from, to },
        foundAt: fromDate(row.foundAt),
        state: row.state === 'OPEN' ? 'OPEN' : 'CLOSED',
        closedBy: row.closedBy,
        closedAt: row.closedAt === null ? null : fromDate(row.closedAt),
        closedByName: row.closedById === null ? null : (people.get(row.closedById) ?? ''),
        assignee: row.assigneeId === null ? null : { id: row.assigneeId, name: people.get(row.assigneeId) ?? '' },
      },
    ]
  })
}

const Whys = z.array(
  z.enum(['amount', 'cancelled_more', 'cancelled_less', 'status', 'method', 'other_store', 'no_number']),
)
