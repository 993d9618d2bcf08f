// Stores with KSNET accounts that nobody asks anything: for what shops and notices tell. Importing world.ts starts the sandbox.
import { randomUUID } from 'node:crypto'
import type { Mode } from '#lib/domain/payment.ts'
import { newNotice, oldNotice } from '#lib/gateways/ksnet/notice.ts'
import { writeRecord } from '#lib/gateways/wire/fixed-length.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { now } from '#lib/server/clock.ts'
import { seal } from '#lib/server/crypto.ts'
import { db } from '#lib/server/db.ts'
import { applyNotice } from '#lib/services/notices/apply-notice.ts'
import { noticeUrl } from '#lib/services/notices/notice-address.ts'
import { tellPayment } from '#lib/services/payments/tell-payment.ts'
import { createToken } from '#lib/services/tokens/manage-tokens.ts'
import { clockText } from './notice-world.ts'
import { contextOf, person, systemContext } from './world.ts'

export type Fields = Readonly<Record<string, string>>

let numbers = 0
const started = Math.floor(Math.random() * 1e6)
/** Ten digits that no other test has. */
export const newMid = (): string => `77${String(started).padStart(6, '0')}${String((numbers += 1)).padStart(2, '0')}`
/** Of today and of its form; the day is not looked at by anything. */
export const newTrno = (method = '1'): string => `${method}9821${String((numbers += 1)).padStart(7, '0')}`
export const VA = '79012345678901'

export async function addKsnetAccount(storeId: string, mid: string, mode: Extract<Mode, 'socket' | 'rest'> = 'socket') {
  const id = randomUUID()
  const connector = connectorOf({ gateway: 'ksnet', mode })
  const secrets = mode === 'rest' ? { apiKey: seal(`sandbox-key-of-${mid}__`, ['GatewayAccount', id, 'apiKey']) } : {}
  await db.gatewayAccount.create({
    data: {
      id,
      storeId,
      gateway: 'ksnet',
      mode,
      environment: 'sandbox',
      name: `KSNET ${mode}`,
      settings: { mid, ...(mode === 'socket' && { clientAddress: '127.0.0.1:29991' }) },
      secrets,
      hints: {},
    },
  })
  const own = connector.channelOf?.({ mid })
  if (!own) throw new Error('a KSNET account is its own channel')
  const channel = await db.channel.create({ data: { accountId: id, name: mid, ...own, contract: {} } })
  return { accountId: id, channelId: channel.id }
}

export async function newKsnetShop(mid = newMid(), storeId?: string) {
  const store = storeId ?? (await db.store.create({ data: { name: 'ksnet' } })).id
  const account = await addKsnetAccount(store, mid)
  return { ...account, ...(await tellerOf(store)), storeId: store, mid }
}
export type KsnetShop = Awaited<ReturnType<typeof newKsnetShop>>

export async function tellerOf(storeId: string) {
  const owner = await person(storeId, 'OWNER')
  const { id: tokenId } = await createToken(contextOf(owner), { storeId, name: 'server' })
  return { owner, teller: { tokenId, storeId } }
}

/** The shop's `kspay_wh_result` of a payment by card, just now. */
export const approvalOf = (trno: string, amount: number, more: Fields = {}): Fields => ({
  authyn: 'O',
  trno,
  trddt: clockText(now()).slice(0, 8),
  trdtm: clockText(now()).slice(8),
  amt: String(amount),
  authno: '15608820    ',
  msg1: '신한카드-체크   ',
  msg2: 'OK: 15608820    ',
  ordno: `ORD-${trno}`,
  isscd: '05    ',
  aqucd: '05    ',
  result: '1001',
  halbu: '00',
  cbtrno: '',
  cbauthno: '',
  cardno: '461954XXXXXX6970',
  ...more,
})
export const issueOf = (trno: string, amount: number, more: Fields = {}): Fields =>
  approvalOf(trno, amount, { authno: '04    ', msg1: '', msg2: '', isscd: VA, result: '6001', cardno: '', ...more })

export const tellKsnet = ({ teller }: Pick<KsnetShop, 'teller'>, fields: Fields) =>
  tellPayment({ ...systemContext(), actor: { kind: 'system', name: 'shop' } }, teller, () => fields)

type Wish = { readonly mid: string; readonly trno: string; readonly amount: number; readonly seqNo?: string }

/** Numbered by its payment: another payment's deposit is another notice. */
const recordFields = ({ mid, trno, amount, seqNo = trno.slice(-6) }: Wish, more: Fields): Fields => ({
  busiSele: 'VR',
  transactionNo: trno,
  dealCode: 'KSNETVR',
  accoCode: '04',
  messCode: '0200',
  jobDiff: '300',
  tranNumb: '1',
  seqNo,
  tranDate: clockText(now()).slice(0, 8),
  tranTime: clockText(now()).slice(8),
  stanRespCode: '0000',
  bankRespCode: '0000',
  dealSele: '20',
  inBankCd: '88',
  totalAmt: String(amount),
  receNm: '홍길동',
  cmsNo: VA,
  dealStarDate: clockText(now()).slice(0, 8),
  dealStarTime: '000100',
  storeId: mid,
  ...more,
})

/** The old record of a deposit. */
export function depositRecord(wish: Wish, more: Fields = {}): Buffer {
  const bytes = writeRecord<string>(oldNotice, recordFields(wish, more))
  if (!bytes) throw new Error('no record')
  return bytes
}

/** The newer one. */
export function newerRecord(wish: Wish, more: Fields = {}): Buffer {
  const head = { length: '620', encType: '0', version: '0603', type: '00', resend: '0', approvalType: '6100' }
  const bytes = writeRecord<string>(newNotice, { ...recordFields(wish, more), ...head })
  if (!bytes) throw new Error('no record')
  return Buffer.concat([bytes, Buffer.alloc(48, ' ')])
}

/** As KSNET's machines escape it. */
export const dataForm = (record: Uint8Array): string =>
  `data=${[...record]
    .map((byte) => {
      const sign = String.fromCharCode(byte)
      if (sign === ' ') return '+'
      return /[\w.*-]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')}`

export async function ksnetNoticePath({ accountId }: { readonly accountId: string }): Promise<string> {
  const account = await db.gatewayAccount.findUniqueOrThrow({ where: { id: accountId } })
  return new URL(noticeUrl(account) ?? '').pathname
}

/** What has arrived is applied, as the worker does. */
export async function applyArrived(storeId: string): Promise<void> {
  const stored = await db.notice.findMany({ where: { account: { storeId }, state: 'STORED' } })
  for (const { id } of stored) await applyNotice({ ...systemContext(), actor: { kind: 'system', name: 'notice' } }, id)
}

export const ksnetPaymentOf = (mid: string, trno: string) =>
  db.payment.findUniqueOrThrow({
    where: { pg_mid_pgTxId: { pg: 'KSNET', mid, pgTxId: trno } },
    include: {
      deposits: { orderBy: { seenAt: 'asc' } },
      tasks: { where: { resolvedAt: null }, orderBy: { kind: 'asc' } },
      references: { orderBy: [{ kind: 'asc' }, { value: 'asc' }] },
    },
  })
