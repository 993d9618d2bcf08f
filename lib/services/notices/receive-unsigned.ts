import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import type { Gateway } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { UnsignedNotice } from '#lib/gateways/connector.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { isAmong, maskAddress } from '#lib/server/addresses.ts'
import { audit } from '#lib/server/audit.ts'
import { bytesOf } from '#lib/server/body.ts'
import type { Context } from '#lib/server/context.ts'
import { db, transaction, type Transaction } from '#lib/server/db.ts'
import { enqueue, queueReady } from '#lib/server/queue.ts'
import { hasTurn } from '#lib/server/rate-limit.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import { isNoticeAddress } from './notice-address.ts'
import { readStored, sealNotice, tellSame, understand, type Raw } from './stored-notice.ts'

const BODY_BYTES_MAX = 64 * 1024

type Arrived = {
  readonly gateway: Gateway
  readonly accountId: string
  /** The part of the address that nobody can guess. */
  readonly address: string
  /** Of the machine that sent it, as the proxies say. */
  readonly from: string
  readonly request: Pick<Request, 'body' | 'headers'>
}

/**
 * Takes a notice that nobody signed: at the account's own address, from the gateway's own machines, about the account's own
 * merchant. Stored sealed before it is applied, once however often it comes. Answers what the sender must read, and only after
 * the commit. Fails with: account.not_found, notice.unverified, request.too_large.
 */
export async function receiveUnsigned(
  context: Context,
  { gateway, accountId, address, from, request }: Arrived,
): Promise<{ readonly contentType: string; readonly body: string }> {
  const row = await db.gatewayAccount.findUnique({ where: { id: accountId } })
  // Whoever does not know the address does not learn either whether there is such an account.
  if (row?.gateway !== gateway || !isNoticeAddress(row, address)) throw new DomainError('account.not_found')
  const account = openAccount(row)
  const { noticeReceipt } = account.connector
  if (!noticeReceipt) throw new DomainError('account.not_found')
  if (!mayTell(account, from)) return refuseNotice(context, account, 'source', from)
  await takeNotice(context, account, from, {
    body: await bytesOf(request, BODY_BYTES_MAX),
    contentType: request.headers.get('content-type')?.slice(0, 200) ?? null,
  })
  return noticeReceipt
}

/** Stores what an account that may be told of it was sent; ends once it is stored. Fails with: notice.unverified. */
export async function takeNotice(context: Context, account: OpenAccount, from: string, raw: Raw): Promise<void> {
  const { connector, call } = account
  const told = understand(connector, raw)
  if (!told) return refuseNotice(context, account, 'unreadable', from)
  if (told.storeKey !== connector.storeKeyOf(call.credentials))
    return refuseNotice(context, account, 'other_store', from)
  await queueReady()
  const first = await firstOfMerchant(account)
  const kept = await transaction((tx) => keep(tx, context, first, raw, told))
  if (kept === 'differs') return refuseNotice(context, account, 'differs', from)
}

const settings = z.record(z.string(), z.string())

/** A merchant whom a store reaches in two ways is one: what comes to either account is kept, and counts, once. */
async function firstOfMerchant(account: OpenAccount): Promise<OpenAccount> {
  const { storeId, environment, connector, call } = account
  const rows = await db.gatewayAccount.findMany({
    where: { storeId, environment, gateway: connector.gateway },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  const merchant = connector.storeKeyOf(call.credentials)
  const first = rows.find((row) => connectorOf(row).storeKeyOf(settings.parse(row.settings)) === merchant)
  return first ? openAccount(first) : account
}

const LOOPBACK = '127.0.0.0/8, ::1'

/** From the addresses that the account names, else the gateway's published ones; the sandbox stands on this machine. */
export function mayTell({ connector, call, environment }: OpenAccount, from: string): boolean {
  const usual = connector.credentials.find((field) => field.name === 'noticeFrom')?.usual
  const list = call.credentials['noticeFrom'] || (usual ?? '')
  return isAmong(list, from) || (environment === 'sandbox' && isAmong(LOOPBACK, from))
}

type Why = 'source' | 'unreadable' | 'other_store' | 'differs'

/** Kept, so that an owner sees why nothing arrives; only so many, since nothing is ever removed from there. */
export async function refuseNotice(context: Context, account: OpenAccount, why: Why, from: string): Promise<never> {
  if (await hasTurn('failure', account.id)) {
    await transaction((tx) =>
      audit(tx, context, {
        action: 'notice.rejected',
        outcome: 'failed',
        storeId: account.storeId,
        subject: { type: 'account', id: account.id },
        facts: { rejected: why, from: maskAddress(from) },
      }),
    )
  }
  throw new DomainError('notice.unverified', { why })
}

async function keep(
  tx: Transaction,
  context: Context,
  { id: accountId, storeId, connector }: OpenAccount,
  raw: Raw,
  told: UnsignedNotice,
): Promise<'kept' | 'differs'> {
  const messageId = told.key
  // The same notice may come twice at once: the second waits here until the first is stored.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`notice/${accountId}/${messageId}`}, 0))`
  const known = await tx.notice.findUnique({ where: { accountId_messageId: { accountId, messageId } } })
  if (known) {
    const before = readStored(connector, known)
    if (before && !tellSame(before, told)) return 'differs'
    await tx.notice.update({ where: { id: known.id }, data: { repeats: { increment: 1 } } })
    return 'kept'
  }
  const id = randomUUID()
  await tx.notice.create({
    data: {
      id,
      accountId,
      messageId,
      type: told.type,
      body: sealNotice(id, raw),
      receivedAt: toDate(context.now()),
    },
  })
  await audit(tx, context, {
    action: 'notice.received',
    outcome: 'done',
    storeId,
    subject: { type: 'account', id: accountId },
    facts: { type: told.type, messageId },
  })
  await enqueue(tx, 'notice.apply', { noticeId: id })
  return 'kept'
}
