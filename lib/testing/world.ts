// A store with a PortOne account, people in every role, and a sandbox that answers: for tests of services over real sockets.
import './database.ts'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { startSandbox, type Sandbox } from '#sandbox/sandbox.ts'
import { apiSecret, channels, defaultWebhookSecret, stores } from '#sandbox/portone/merchant.ts'
import { z } from 'zod'
import type { StoreRole } from '#lib/policy/permissions.ts'
import { DAY_MS, fromDate, HOUR_MS, kstDate, plus, startOfDay, toIso, type Instant } from '#lib/domain/kst.ts'
import { now } from '#lib/server/clock.ts'
import type { Context, Person } from '#lib/server/context.ts'
import { seal } from '#lib/server/crypto.ts'
import { db } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import { closeQueue } from '#lib/server/queue.ts'
import { openAccount } from '#lib/services/accounts/open-account.ts'
import { readAtGateway } from '#lib/services/payments/read-at-gateway.ts'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox({ ...env.sandbox, controlPort: 0, dataDir: env.dataDir })
})
afterAll(async () => {
  await sandbox.close()
  await closeQueue()
  await db.$disconnect()
})

export const systemContext = (): Context => ({
  actor: { kind: 'system', name: 'worker' },
  requestId: randomUUID(),
  now,
})
export const contextOf = (actor: Person): Context & { readonly actor: Person } => ({
  actor,
  requestId: randomUUID(),
  now,
})

/** The sandbox's control API. */
export async function control(
  path: string,
  input?: object,
  method = input === undefined ? 'GET' : 'POST',
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${sandbox.controlPort}${path}`, {
    method,
    ...(input && { body: JSON.stringify(input) }),
  })
  const body: unknown = await response.json()
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(body)}`)
  return body
}

/** The gateway's clock at the next noon in Seoul, for what it refuses at night. Answers that time. */
export async function nextNoon(): Promise<Instant> {
  const today = plus(startOfDay(kstDate(now())), 12 * HOUR_MS)
  const noon = today > now() ? today : plus(today, DAY_MS)
  await control('/clock', { now: toIso(noon) })
  return noon
}

const journalEntry = z.object({
  operation: z.string(),
  payment: z.string().nullable().optional(),
  effect: z.string(),
  idempotencyKey: z.string().nullable().optional(),
  amount: z.number().nullable().optional(),
})
/** How often money moved at the gateway, and how often it was asked to. */
export async function journalOf(paymentId: string): Promise<{ executed: number; asked: number }> {
  const entries = z
    .array(journalEntry)
    .parse(await control(`/journal?gateway=portone&payment=${encodeURIComponent(paymentId)}`))
  const cancels = entries.filter((entry) => entry.operation === 'cancel')
  return { executed: cancels.filter((entry) => entry.effect === 'executed').length, asked: cancels.length }
}

export async function person(storeId: string, role: StoreRole | 'OWNER'): Promise<Person> {
  const id = randomUUID()
  const name = `${role} ${id.slice(0, 4)}`
  await db.user.create({
    data: { id, email: `${id}@example.com`, name, passwordHash: 'none', owner: role === 'OWNER' },
  })
  if (role !== 'OWNER') await db.grant.create({ data: { userId: id, storeId, role } })
  return {
    kind: 'person',
    id,
    name,
    email: `${id}@example.com`,
    owner: role === 'OWNER',
    grants: new Map(role === 'OWNER' ? [] : [[storeId, role]]),
    sessionId: randomUUID(),
    freshUntil: plus(fromDate(new Date()), DAY_MS),
  }
}

export type World = {
  readonly storeId: string
  readonly accountId: string
  readonly channelId: string
  readonly operator: Person
}

/** A store of our own on the sandbox's first (or second) PortOne store. */
export async function newWorld(index: 0 | 1 = 0): Promise<World> {
  const store = await db.store.create({ data: { name: `store ${index}` } })
  const accountId = randomUUID()
  const sealed = (name: string, value: string) => ({ [name]: seal(value, ['GatewayAccount', accountId, name]) })
  await db.gatewayAccount.create({
    data: {
      id: accountId,
      storeId: store.id,
      gateway: 'portone',
      mode: 'portone',
      environment: 'sandbox',
      name: 'PortOne',
      settings: { storeId: stores[index]?.storeId ?? '' },
      secrets: { ...sealed('apiSecret', apiSecret), ...sealed('webhookSecret', defaultWebhookSecret) },
      hints: {},
    },
  })
  const own = channels.filter((channel) => channel.storeId === stores[index]?.storeId)
  for (const channel of own)
    await db.channel.create({
      data: { accountId, name: channel.name, key: channel.key, pg: 'KSNET', mid: channel.pgMerchantId, contract: {} },
    })
  const live = own.find((channel) => channel.type === 'LIVE')
  const channel = await db.channel.findUniqueOrThrow({ where: { accountId_key: { accountId, key: live?.key ?? '' } } })
  return { storeId: store.id, accountId, channelId: channel.id, operator: await person(store.id, 'OPERATOR') }
}

export async function accountOf(world: World) {
  return openAccount(await db.gatewayAccount.findUniqueOrThrow({ where: { id: world.accountId } }))
}

const made = z.object({ paymentId: z.string(), pgTxId: z.string().nullable() })
export type Made = { readonly id: string; readonly paymentId: string; readonly pgTxId: string | null }

type Customer = { readonly name: string; readonly phoneNumber?: string; readonly email?: string }
/** A payment at the sandbox, taken over into our database. */
export async function newPayment(
  world: World,
  wish: { amount: number; taxFree?: number; method?: string; status?: string; paidAt?: string; customer?: Customer },
): Promise<Made> {
  const channel = await db.channel.findUniqueOrThrow({ where: { id: world.channelId } })
  const account = await accountOf(world)
  const { paymentId, pgTxId } = made.parse(
    await control('/payments', {
      gateway: 'portone',
      method: 'CARD',
      status: 'PAID',
      storeId: account.call.credentials['storeId'],
      channelKey: channel.key,
      ...wish,
    }),
  )
  const reading = await readAtGateway(systemContext(), account, paymentId)
  if (reading.kind !== 'recorded') throw new Error(`not recorded: ${JSON.stringify(reading)}`)
  return { id: reading.paymentId, paymentId, pgTxId }
}

/** The wish of a sheet that shows the payment as it stands now. */
export async function sheetFor(payment: Made, amount: number, taxFree = 0) {
  const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id } })
  return {
    id: randomUUID(),
    paymentId: payment.id,
    amount,
    taxFree,
    reason: '고객 변심',
    remainder: Number(row.received - row.refunded - row.open),
    remainderTaxFree: Number(row.receivedTaxFree - row.refundedTaxFree - row.openTaxFree),
  }
}

/** What must hold after every step, whatever happened. */
export async function invariantsOf(paymentId: string): Promise<string[]> {
  const payment = await db.payment.findUniqueOrThrow({
    where: { id: paymentId },
    include: { refunds: true, cancellations: true },
  })
  const broken: string[] = []
  const sum = payment.refunds.reduce((total, refund) => total + refund.amount, 0n)
  const open = payment.cancellations.filter((one) => !['DONE', 'DECLINED', 'REJECTED', 'WITHDRAWN'].includes(one.state))
  if (sum !== payment.refunded) broken.push(`refunded ${payment.refunded}, facts ${sum}`)
  if (open.reduce((total, one) => total + one.amount, 0n) !== payment.open) broken.push(`open ${payment.open}`)
  if (open.length > 1) broken.push(`${open.length} open intents`)
  const sequences = payment.cancellations
    .filter((one) => one.sequence !== null && !['DECLINED', 'WITHDRAWN'].includes(one.state))
    .map((one) => one.sequence)
  if (new Set(sequences).size !== sequences.length) broken.push(`sequences ${sequences.join()}`)
  for (const one of payment.cancellations)
    if (
      one.state === 'DONE' &&
      one.kind === 'CANCEL' &&
      !payment.refunds.some((refund) => refund.cancellationId === one.id)
    )
      broken.push(`${one.id} done without a refund`)
  return broken
}
