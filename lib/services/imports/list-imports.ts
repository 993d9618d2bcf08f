import 'server-only'
import { fromDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { ImportsView } from '#lib/domain/views.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { permitted, visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import { namesOf } from '../people/names.ts'
import { tokensOf } from '../tokens/manage-tokens.ts'
import { takesFiles } from './imported-rows.ts'

const LISTED_MAX = 20

/** The ways by which payments come in beside the gateways: files, and what a shop's server tells. Fails with: permission.missing. */
export async function listImports(context: Context & { readonly actor: Person }): Promise<ImportsView> {
  const { actor } = context
  const visible = visibleStores(actor)
  const all = await db.store.findMany({
    where: visible === null ? {} : { id: { in: [...visible] } },
    orderBy: { name: 'asc' },
  })
  const stores = all.filter(({ id }) => permitted(actor, 'payment.import', id))
  if (stores.length === 0 && !actor.owner)
    throw new DomainError('permission.missing', {
      permission: 'payment.import',
      who: whoMay('payment.import').join(', '),
    })
  const ids = stores.map(({ id }) => id)
  const names = new Map(stores.map(({ id, name }) => [id, name] as const))
  const accounts = await db.gatewayAccount.findMany({ where: { storeId: { in: ids } }, orderBy: { createdAt: 'asc' } })
  const imports = await db.paymentImport.findMany({
    where: { storeId: { in: ids } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: LISTED_MAX,
  })
  const people = await namesOf(imports.map(({ byId }) => byId))
  const mayTokens = stores.filter(({ id }) => permitted(actor, 'account.manage', id)).map(({ id }) => id)
  return {
    accounts: accounts
      .filter((account) => takesFiles(connectorOf(account)))
      .map(({ id, name, storeId, gateway, environment }) => ({
        id,
        name,
        store: { id: storeId, name: names.get(storeId) ?? '' },
        gateway,
        environment,
      })),
    imports: imports.map((one) => ({
      id: one.id,
      store: names.get(one.storeId) ?? '',
      account: accounts.find(({ id }) => id === one.accountId)?.name ?? '',
      fileName: one.fileName,
      rows: one.rows,
      added: one.added,
      known: one.known,
      failed: one.failed,
      by: people.get(one.byId) ?? '',
      at: fromDate(one.at),
    })),
    tokens:
      mayTokens.length === 0
        ? null
        : {
            stores: stores.filter(({ id }) => mayTokens.includes(id)).map(({ id, name }) => ({ id, name })),
            tokens: await tokensOf(mayTokens),
          },
    address: `${env.publicUrl}/api/v1/payments`,
    whoMayTokens: whoMay('account.manage').join(', '),
  }
}
