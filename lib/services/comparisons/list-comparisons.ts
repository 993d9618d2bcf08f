import 'server-only'
import { z } from 'zod'
import { fromDate, parseKstDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { ComparisonsView, ComparisonView } from '#lib/domain/views.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { permitted, visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { Comparison } from '#prisma/client/client.ts'
import { namesOf } from '../people/names.ts'
import { openComparison } from './open-comparison.ts'
import { meaningOf, StoredUnread } from './stored-told.ts'

const LISTED_MAX = 20

/** What can be compared at the stores where this person may, and the last comparisons. Fails with: permission.missing. */
export async function listComparisons({ actor }: Context & { readonly actor: Person }): Promise<ComparisonsView> {
  const ids = await storesToCompare(actor)
  const channels = await db.channel.findMany({
    where: { mid: { not: '' }, account: { storeId: { in: [...ids] } } },
    include: { account: { include: { store: true } } },
    orderBy: [{ account: { createdAt: 'asc' } }, { name: 'asc' }],
  })
  const rows = await db.comparison.findMany({
    where: { storeId: { in: [...ids] }, state: { not: 'UPLOADING' } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: LISTED_MAX,
  })
  return {
    channels: channels.map(({ id, name, pg, mid, account }) => ({
      id,
      name,
      pg,
      mid,
      account: account.name,
      store: { id: account.store.id, name: account.store.name },
      environment: account.environment,
    })),
    comparisons: await viewsOf(rows),
  }
}

/** Fails with: permission.missing. */
export async function storesToCompare(actor: Person): Promise<readonly string[]> {
  const visible = visibleStores(actor)
  const stores = await db.store.findMany({
    where: visible === null ? {} : { id: { in: [...visible] } },
    select: { id: true },
  })
  const ids = stores.map(({ id }) => id).filter((id) => permitted(actor, 'comparison.run', id))
  if (ids.length === 0 && !actor.owner)
    throw new DomainError('permission.missing', {
      permission: 'comparison.run',
      who: whoMay('comparison.run').join(', '),
    })
  return ids
}

/** Fails with: comparison.not_found, permission.missing. */
export async function getComparison(context: Context, id: string): Promise<ComparisonView> {
  const missing = new DomainError('comparison.not_found')
  if (!z.uuid().safeParse(id).success) throw missing
  const { comparison } = await openComparison(context, id)
  const [view] = comparison.state === 'UPLOADING' ? [] : await viewsOf([comparison])
  if (!view) throw missing
  return view
}

async function viewsOf(rows: readonly Comparison[]): Promise<readonly ComparisonView[]> {
  const people = await namesOf(rows.map(({ byId }) => byId))
  const channels = await db.channel.findMany({
    where: { id: { in: rows.map(({ channelId }) => channelId) } },
    include: { account: { include: { store: true } } },
  })
  const found = new Map(channels.map((channel) => [channel.id, channel]))
  const open = await openIn(rows.map(({ id }) => id))
  return rows.flatMap((row) => {
    const channel = found.get(row.channelId)
    if (!channel) return []
    const [from, to] = [parseKstDate(row.fromDay ?? ''), parseKstDate(row.toDay ?? '')]
    return [
      {
        id: row.id,
        store: { id: channel.account.store.id, name: channel.account.store.name },
        channel: { name: channel.name, pg: channel.pg, mid: channel.mid },
        environment: channel.account.environment,
        fileName: row.fileName,
        days: from !== null && to !== null ? { from, to } : null,
        layout: meaningOf(row.columns)?.layout ?? null,
        state: row.state === 'DONE' ? 'DONE' : 'COMPARING',
        parts: row.parts,
        partsLeft: row.partsLeft,
        rows: row.rows,
        matched: row.matched,
        differs: row.differs,
        onlyHere: row.onlyHere,
        onlyThere: row.onlyThere,
        outside: row.outside,
        unread: row.unread,
        unreadOf: storedUnread.safeParse(row.unreadOf).data?.lines ?? [],
        open: open.get(row.id) ?? 0,
        by: people.get(row.byId) ?? '',
        at: fromDate(row.at),
      },
    ]
  })
}

const storedUnread = z.object({ lines: StoredUnread })

async function openIn(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db.comparisonFinding.groupBy({
    by: ['comparisonId'],
    where: { comparisonId: { in: [...ids] }, difference: { state: 'OPEN' } },
    _count: true,
  })
  return new Map(rows.map(({ comparisonId, _count }) => [comparisonId, _count]))
}
