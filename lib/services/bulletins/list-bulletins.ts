import 'server-only'
import { kstDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { BulletinsView } from '#lib/domain/views.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { isTestStore } from '#lib/policy/test-stores.ts'
import { visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'

/** The channels a person may see, with how each is reached, so that a bulletin can be held against them. Fails with: permission.missing. */
export async function listBulletins(context: Context & { readonly actor: Person }): Promise<BulletinsView> {
  const visible = visibleStores(context.actor)
  if (visible?.length === 0)
    throw new DomainError('permission.missing', { permission: 'payment.view', who: whoMay('payment.view').join(', ') })
  const rows = await db.channel.findMany({
    where: visible ? { account: { storeId: { in: [...visible] } } } : {},
    include: { account: { include: { store: true } } },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  return {
    today: kstDate(context.now()),
    channels: rows.map(({ account, id, name, key, pg, mid }) => ({
      id,
      name,
      key,
      pg,
      mid,
      storeId: account.storeId,
      store: account.store.name,
      environment: account.environment,
      gateway: account.gateway,
      mode: account.mode,
      testStore: isTestStore(pg, mid),
    })),
  }
}
