import 'server-only'
import type { ChannelView, StoreView } from '#lib/domain/views.ts'
import { fromDate, toDate, type Instant } from '#lib/domain/kst.ts'
import type { Environment } from '#lib/domain/payment.ts'
import { isTestStore } from '#lib/policy/test-stores.ts'
import type { Store } from '#prisma/client/client.ts'
import { now } from './clock.ts'
import { permitted, visibleStores, type Person } from './context.ts'
import { db } from './db.ts'
import { env } from './env.ts'

export type Frame = {
  readonly stores: readonly StoreView[]
  readonly channels: readonly ChannelView[]
  readonly environments: readonly Environment[]
  readonly demo: boolean
  /** Cancellations whose result is not known. */
  readonly confirming: number
  /** Cancellations that wait for a second person. */
  readonly awaitingApproval: number
  /** Tasks whose time has come. */
  readonly tasksDue: number
  /** The stores for which nothing is sent now. */
  readonly stopped: readonly {
    readonly id: string
    readonly store: string
    readonly who: string
    readonly why: string
    readonly since: Instant
  }[]
  readonly may: {
    readonly audit: boolean
    readonly accounts: boolean
    readonly members: boolean
    readonly imports: boolean
    readonly comparisons: boolean
  }
}

/** What stands around every page. */
export async function frameOf(person: Person): Promise<Frame> {
  const visible = visibleStores(person)
  const inStores = visible ? { in: [...visible] } : undefined
  const stores = await db.store.findMany({ where: inStores ? { id: inStores } : {}, orderBy: { name: 'asc' } })
  const channels = await db.channel.findMany({
    where: inStores ? { account: { storeId: inStores } } : {},
    include: { account: true },
    orderBy: { name: 'asc' },
  })
  const confirming = await db.cancellation.count({
    where: { state: { in: ['UNCONFIRMED', 'ACCEPTED'] }, ...(inStores && { storeId: inStores }) },
  })
  const awaitingApproval = await db.cancellation.count({
    where: { state: 'AWAITING_APPROVAL', ...(inStores && { storeId: inStores }) },
  })
  const tasksDue = await db.task.count({
    where: { resolvedAt: null, dueAt: { lte: toDate(now()) }, ...(inStores && { storeId: inStores }) },
  })
  return {
    stores: stores.map(({ id, name }) => ({ id, name })),
    channels: channels.map((channel) => ({
      id: channel.id,
      name: channel.name,
      key: channel.key,
      pg: channel.pg,
      mid: channel.mid,
      storeId: channel.account.storeId,
      environment: channel.account.environment,
      gateway: channel.account.gateway,
      testStore: isTestStore(channel.pg, channel.mid),
    })),
    environments: [...new Set(channels.map((channel) => channel.account.environment))],
    demo: env.demo,
    confirming,
    awaitingApproval,
    tasksDue,
    stopped: await stoppedOf(stores),
    may: {
      audit: person.owner || stores.some((store) => permitted(person, 'audit.view', store.id)),
      accounts: person.owner,
      members: person.owner,
      imports: person.owner || stores.some((store) => permitted(person, 'payment.import', store.id)),
      comparisons: person.owner || stores.some((store) => permitted(person, 'comparison.run', store.id)),
    },
  }
}

async function stoppedOf(stores: readonly Store[]): Promise<Frame['stopped']> {
  const stopped = stores.flatMap(({ id, name, stoppedAt, stoppedById, stoppedWhy }) =>
    stoppedAt === null
      ? []
      : [{ id, store: name, byId: stoppedById, why: stoppedWhy ?? '', since: fromDate(stoppedAt) }],
  )
  if (stopped.length === 0) return []
  const ids = stopped.flatMap(({ byId }) => byId ?? [])
  const people = await db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  const names = new Map(people.map((person) => [person.id, person.name]))
  return stopped.map(({ byId, ...rest }) => ({ ...rest, who: names.get(byId ?? '') ?? '' }))
}
