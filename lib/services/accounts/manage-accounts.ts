import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { toIso } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { contractFeatures } from '#lib/domain/contract.ts'
import type { Connector, Credentials } from '#lib/gateways/connector.ts'
import { connectorOf, connectors } from '#lib/gateways/registry.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, authorizeOwner, type Context } from '#lib/server/context.ts'
import { transaction, type Transaction } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { typedText } from '../typed-text.ts'
import { Fields, Hints, Settings, storeFields } from './account-fields.ts'

const name = typedText(60).min(1)

export const CreateStore = z.object({ name })
/** Fails with: permission.missing. */
export async function createStore(context: Context, input: z.infer<typeof CreateStore>): Promise<{ id: string }> {
  authorizeOwner(context, 'store.manage')
  return transaction(async (tx) => {
    const store = await tx.store.create({ data: { name: input.name } })
    await audit(tx, context, {
      action: 'store.create',
      outcome: 'done',
      storeId: store.id,
      subject: { type: 'store', id: store.id },
      facts: { name: input.name },
    })
    return { id: store.id }
  })
}

export const CreateAccount = z.object({
  storeId: z.uuid(),
  gateway: z.enum(['ksnet', 'kcp', 'portone']),
  mode: z.enum(['portone', 'page', 'socket', 'rest', 'module']),
  environment: z.enum(['sandbox', 'test', 'live']),
  name,
  fields: Fields,
})
/**
 * Gateway, way and environment are fixed here for ever; where the account is its one channel, that is made with it.
 * Fails with: store.not_found, permission.missing, session.step_up, request.invalid, account.secret_kind, account.site_taken.
 */
export async function createAccount(context: Context, input: z.infer<typeof CreateAccount>): Promise<{ id: string }> {
  authorizeOwner(context, 'account.manage')
  requireFreshSignIn(context)
  const connector = connectors.find((one) => one.gateway === input.gateway && one.mode === input.mode)
  if (!connector) throw new DomainError('request.invalid', { field: 'mode' })
  const possible = env.demo ? input.environment === 'sandbox' : input.environment !== 'sandbox'
  if (!possible || !connector.environments[input.environment])
    throw new DomainError('request.invalid', { field: 'environment' })
  const id = randomUUID()
  const empty = { settings: {}, secrets: {}, hints: {} }
  const stored = storeFields(connector, id, input.fields, empty, toIso(context.now()))
  return transaction(async (tx) => {
    if (!(await tx.store.findUnique({ where: { id: input.storeId } }))) throw new DomainError('store.not_found')
    await tx.gatewayAccount.create({
      data: {
        id,
        storeId: input.storeId,
        gateway: input.gateway,
        mode: input.mode,
        environment: input.environment,
        name: input.name,
        ...stored,
      },
    })
    const own = connector.channelOf?.(stored.settings)
    if (own) {
      if (input.environment === 'live') await refuseTaken(tx, own, input.storeId)
      await tx.channel.create({ data: { accountId: id, name: own.mid, ...own, contract: {} } })
    }
    await audit(tx, context, {
      action: 'account.create',
      outcome: 'done',
      storeId: input.storeId,
      subject: { type: 'account', id },
      facts: {
        name: input.name,
        gateway: input.gateway,
        mode: input.mode,
        environment: input.environment,
        fields: Object.keys(input.fields).join(', '),
      },
    })
    return { id }
  })
}

type Site = { readonly pg: string; readonly mid: string }

/** One live contract is one store's: its payments would otherwise be whoever's asked first. In order, so that two cannot both be first. */
export async function refuseTaken(tx: Transaction, { pg, mid }: Site, storeId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`site/${pg}/${mid}`}, 0))`
  const elsewhere = { environment: 'live', storeId: { not: storeId } } as const
  const taken = await tx.channel.findFirst({ where: { pg, mid, account: elsewhere } })
  if (taken) throw new DomainError('account.site_taken', { site: mid })
}

/** The payments here are those of the site the account was made for. */
function refuseOtherSite(connector: Connector, before: Credentials, after: Credentials): void {
  const own = connector.channelOf?.(before)
  if (own && own.key !== connector.channelOf?.(after).key)
    throw new DomainError('account.site_fixed', { site: own.mid })
}

export const UpdateAccount = z.object({ accountId: z.uuid(), name, fields: Fields })
/** Fails with: account.not_found, permission.missing, session.step_up, request.invalid, account.secret_kind, account.site_fixed. */
export async function updateAccount(context: Context, input: z.infer<typeof UpdateAccount>): Promise<{ id: string }> {
  const missing = new DomainError('account.not_found')
  return transaction(async (tx) => {
    const account = await tx.gatewayAccount.findUnique({ where: { id: input.accountId } })
    if (!account) throw missing
    authorize(context, 'account.manage', account.storeId, missing)
    requireFreshSignIn(context)
    const before = {
      settings: Settings.parse(account.settings),
      secrets: Settings.parse(account.secrets),
      hints: Hints.parse(account.hints),
    }
    const connector = connectorOf(account)
    const stored = storeFields(connector, account.id, input.fields, before, toIso(context.now()))
    refuseOtherSite(connector, before.settings, stored.settings)
    await tx.gatewayAccount.update({ where: { id: account.id }, data: { name: input.name, ...stored } })
    const changed = Object.entries(input.fields)
      .filter(([, value]) => value !== '')
      .map(([field]) => field)
    await audit(tx, context, {
      action: 'account.update',
      outcome: 'done',
      storeId: account.storeId,
      subject: { type: 'account', id: account.id },
      facts: { name: input.name, fields: changed.join(', ') },
    })
    return { id: account.id }
  })
}

const key = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[\x21-\x7e]+$/)
export const CreateChannel = z.object({ accountId: z.uuid(), name, key, mid: key })
/** Fails with: account.not_found, permission.missing, channel.by_account, channel.key_taken. */
export async function createChannel(context: Context, input: z.infer<typeof CreateChannel>): Promise<{ id: string }> {
  const missing = new DomainError('account.not_found')
  return transaction(async (tx) => {
    const account = await tx.gatewayAccount.findUnique({ where: { id: input.accountId } })
    if (!account) throw missing
    authorize(context, 'channel.manage', account.storeId, missing)
    if (connectorOf(account).channelOf) throw new DomainError('channel.by_account')
    const made = await tx.channel.createManyAndReturn({
      data: [{ accountId: account.id, name: input.name, key: input.key, pg: 'KSNET', mid: input.mid, contract: {} }],
      skipDuplicates: true,
    })
    const [channel] = made
    if (!channel) throw new DomainError('channel.key_taken', { key: input.key })
    await audit(tx, context, {
      action: 'channel.create',
      outcome: 'done',
      storeId: account.storeId,
      subject: { type: 'channel', id: channel.id },
      facts: { name: input.name, key: input.key, mid: input.mid },
    })
    return { id: channel.id }
  })
}

export const UpdateChannel = z.object({
  channelId: z.uuid(),
  name,
  contract: z.partialRecord(z.enum(contractFeatures), z.boolean()),
})
/** Fails with: channel.not_found, permission.missing. */
export async function updateChannel(context: Context, input: z.infer<typeof UpdateChannel>): Promise<{ id: string }> {
  const missing = new DomainError('channel.not_found')
  return transaction(async (tx) => {
    const channel = await tx.channel.findUnique({ where: { id: input.channelId }, include: { account: true } })
    if (!channel) throw missing
    authorize(context, 'channel.manage', channel.account.storeId, missing)
    await tx.channel.update({ where: { id: channel.id }, data: { name: input.name, contract: input.contract } })
    await audit(tx, context, {
      action: 'channel.update',
      outcome: 'done',
      storeId: channel.account.storeId,
      subject: { type: 'channel', id: channel.id },
      facts: { name: input.name, contract: input.contract },
    })
    return { id: channel.id }
  })
}
