import 'server-only'
import type { ChannelView, StoreView } from '#lib/domain/views.ts'
import type { Environment } from '#lib/domain/payment.ts'
import { isTestStore } from '#lib/policy/test-stores.ts'
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
  readonly may: { readonly audit: boolean; readonly accounts: boolean }
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
    may: {
      audit: person.owner || stores.some((store) => permitted(person, 'audit.view', store.id)),
      accounts: person.owner,
    },
  }
}
