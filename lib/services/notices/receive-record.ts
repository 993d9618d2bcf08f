import 'server-only'
import { DomainError } from '#lib/domain/problem.ts'
import type { UnsignedNotice } from '#lib/gateways/connector.ts'
import type { Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import { asFormField } from './read-form.ts'
import { mayTell, refuseNotice, takeNotice } from './receive-unsigned.ts'
import { understand, type Raw } from './stored-notice.ts'

/** Where records come by a bare connection, as KSNET sends them; no address says for which account. */
const GATEWAY = 'ksnet'

/** The accounts to which a record may be told, oldest first. */
async function listeners(): Promise<OpenAccount[]> {
  const rows = await db.gatewayAccount.findMany({
    where: { gateway: GATEWAY },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  return rows.map(openAccount).filter(({ connector }) => connector.noticeInBytes)
}

/** Whether any account takes what a machine sends: whoever is not among them is not listened to at all. */
export async function mayConnect(from: string): Promise<boolean> {
  return (await listeners()).some((account) => mayTell(account, from))
}

/**
 * Takes one record, kept like a notice over HTTP and under the same key. For the account of the merchant that the record names;
 * where several stores have one, for the store that knows the payment. Fails with: notice.unverified.
 */
export async function receiveRecord(
  context: Context,
  { from, record }: { readonly from: string; readonly record: Uint8Array },
): Promise<void> {
  const accounts = await listeners()
  const raw: Raw = { body: asFormField('data', record), contentType: null }
  const told = accounts[0] ? understand(accounts[0].connector, raw) : null
  if (!told) throw new DomainError('notice.unverified', { why: 'unreadable' })
  const merchants = accounts.filter(({ connector, call }) => connector.storeKeyOf(call.credentials) === told.storeKey)
  const [one] = merchants
  if (!one) throw new DomainError('notice.unverified', { why: 'other_store' })
  const account = await meant(
    merchants.filter((merchant) => mayTell(merchant, from)),
    told,
  )
  return account ? takeNotice(context, account, from, raw) : refuseNotice(context, one, 'source', from)
}

async function meant(accounts: readonly OpenAccount[], told: UnsignedNotice): Promise<OpenAccount | undefined> {
  const [first] = accounts
  if (!first || new Set(accounts.map(({ storeId }) => storeId)).size === 1) return first
  const channel = first.connector.channelOf?.(first.call.credentials)
  const { pg, mid } = channel ?? { pg: '', mid: '' }
  const known = await db.payment.findUnique({ where: { pg_mid_pgTxId: { pg, mid, pgTxId: told.paymentId } } })
  const own = accounts.find(({ storeId }) => storeId === known?.storeId)
  if (!own) throw new DomainError('notice.unverified', { why: 'other_store' })
  return own
}
