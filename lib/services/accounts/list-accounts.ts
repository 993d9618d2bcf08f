import 'server-only'
import { z } from 'zod'
import { parseIso, type Instant } from '#lib/domain/kst.ts'
import { fromDate } from '#lib/domain/kst.ts'
import type { Environment } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { AccountView, CredentialFieldView, GatewayView, StoreView } from '#lib/domain/views.ts'
import type { CredentialField } from '#lib/gateways/connector.ts'
import { connectorOf, connectors } from '#lib/gateways/registry.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { isTestStore } from '#lib/policy/test-stores.ts'
import { permitted, visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import { noticeUrl } from '../notices/notice-address.ts'
import { Hints, Settings } from './account-fields.ts'
import { needsProgram } from './readiness.ts'

type Listed = {
  readonly accounts: AccountView[]
  readonly gateways: GatewayView[]
  readonly stores: StoreView[]
  readonly mayManage: boolean
  /** The roles to name where it is missing. */
  readonly whoMayManage: string
}

/** Accounts and channels of the stores a person may see; secrets only as when they were set and how they end. Fails with: permission.missing. */
export async function listAccounts(context: Context & { readonly actor: Person }): Promise<Listed> {
  const visible = visibleStores(context.actor)
  if (visible?.length === 0)
    throw new DomainError('permission.missing', { permission: 'payment.view', who: whoMay('payment.view').join(', ') })
  const inStores = visible ? { in: [...visible] } : undefined
  const stores = await db.store.findMany({ where: inStores ? { id: inStores } : {}, orderBy: { name: 'asc' } })
  const rows = await db.gatewayAccount.findMany({
    where: inStores ? { storeId: inStores } : {},
    include: { store: true, channels: { orderBy: { name: 'asc' } } },
    orderBy: { createdAt: 'asc' },
  })
  return {
    stores: stores.map(({ id, name }) => ({ id, name })),
    accounts: rows.map((row) => viewOf(row, permitted(context.actor, 'account.manage', row.storeId))),
    gateways: connectors.map((connector) => ({
      gateway: connector.gateway,
      mode: connector.mode,
      ownChannel: connector.channelOf !== undefined,
      programMissing: needsProgram(connector) && env.kcpModule === null,
      feed: connector.operations.feed !== undefined,
      environments: environmentsHere(Object.keys(connector.environments)),
      fields: connector.credentials.map(fieldView),
    })),
    mayManage: permitted(context.actor, 'account.manage', stores[0]?.id ?? ''),
    whoMayManage: whoMay('account.manage').join(', '),
  }
}

const environment = z.enum(['sandbox', 'test', 'live'])
const environmentsHere = (all: readonly string[]): Environment[] =>
  all.map((one) => environment.parse(one)).filter((one) => (one === 'sandbox') === env.demo)

const fieldView = ({
  name,
  secret,
  required,
  example,
  usual,
  long,
  assumed,
}: CredentialField): CredentialFieldView => ({
  name,
  secret,
  required,
  example,
  usual: usual ?? null,
  long: long === true,
  assumed: assumed === true,
})

const contract = z.record(z.string(), z.boolean())
type Row = Awaited<ReturnType<typeof db.gatewayAccount.findMany<{ include: { store: true; channels: true } }>>>[number]

function viewOf(row: Row, mayManage: boolean): AccountView {
  const hints = Object.entries(Hints.parse(row.hints)).flatMap(([name, { setAt, endsIn }]) => {
    const at: Instant | null = parseIso(setAt)
    return at === null ? [] : [[name, { setAt: at, endsIn }] as const]
  })
  return {
    id: row.id,
    store: { id: row.store.id, name: row.store.name },
    gateway: row.gateway,
    mode: row.mode,
    environment: row.environment,
    name: row.name,
    settings: Settings.parse(row.settings),
    hints: Object.fromEntries(hints),
    webhookUrl: connectorOf(row).verifyNotice ? `${env.publicUrl}/gateways/${row.gateway}/${row.id}/webhook` : null,
    noticeUrl: mayManage ? noticeUrl(row) : null,
    program: needsProgram(row) ? (env.kcpModule === null ? 'missing' : 'set') : null,
    feedReadAt: row.feedReadAt === null ? null : fromDate(row.feedReadAt),
    feedError: row.feedError,
    channels: row.channels.map((channel) => ({
      id: channel.id,
      name: channel.name,
      key: channel.key,
      pg: channel.pg,
      mid: channel.mid,
      storeId: row.storeId,
      environment: row.environment,
      gateway: row.gateway,
      testStore: isTestStore(channel.pg, channel.mid),
      contract: contract.parse(channel.contract),
    })),
  }
}
