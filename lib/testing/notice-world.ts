// A store with a KCP account that nobody asks anything: for what notices tell. Importing world.ts starts the sandbox.
import { randomUUID } from 'node:crypto'
import iconv from 'iconv-lite'
import type { Instant } from '#lib/domain/kst.ts'
import { kstDate, toDate } from '#lib/domain/kst.ts'
import { now } from '#lib/server/clock.ts'
import type { Context, Person } from '#lib/server/context.ts'
import { seal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import { applyNotice } from '#lib/services/notices/apply-notice.ts'
import { noticeUrl } from '#lib/services/notices/notice-address.ts'
import { receiveUnsigned } from '#lib/services/notices/receive-unsigned.ts'
import { recordPayment } from '#lib/services/payments/record-payment.ts'
import { accountOf, person, systemContext } from './world.ts'

export type NoticeWorld = {
  readonly storeId: string
  readonly accountId: string
  readonly channelId: string
  readonly operator: Person
  readonly manager: Person
  readonly owner: Person
  /** When everything happens, until a test says otherwise. */
  readonly clock: { now: Instant }
}

export const SITE = 'J9001'
/** From KCP's published list. */
export const FROM = '103.215.144.173'
export const ACCOUNT = '56219012345678'
export type Fields = Readonly<Record<string, string>>

export async function newNoticeWorld(settings: Fields = {}): Promise<NoticeWorld> {
  const store = await db.store.create({ data: { name: 'notices' } })
  const accountId = randomUUID()
  await db.gatewayAccount.create({
    data: {
      id: accountId,
      storeId: store.id,
      gateway: 'kcp',
      mode: 'module',
      environment: 'sandbox',
      name: 'KCP',
      settings: { siteCd: SITE, ...settings },
      secrets: { siteKey: seal('4Ho4YsuOZlLXUZUdOxM1Q7X__', ['GatewayAccount', accountId, 'siteKey']) },
      hints: {},
    },
  })
  const channel = await db.channel.create({
    data: { accountId, name: SITE, key: SITE, pg: 'KCP', mid: SITE, contract: {} },
  })
  return {
    storeId: store.id,
    accountId,
    channelId: channel.id,
    operator: await person(store.id, 'OPERATOR'),
    manager: await person(store.id, 'MANAGER'),
    owner: await person(store.id, 'OWNER'),
    clock: { now: now() },
  }
}

export const noticeContext = ({ clock }: NoticeWorld): Context => ({
  actor: { kind: 'system', name: 'notice' },
  requestId: randomUUID(),
  now: () => clock.now,
})
export const personContext = ({ clock }: NoticeWorld, actor: Person) => ({
  actor,
  requestId: randomUUID(),
  now: () => clock.now,
})

let made = 0
/** Of its form, and never the same twice in one database. */
export const newTno = (): string => `${kstDate(now()).replaceAll('-', '')}${String((made += 1)).padStart(6, '0')}`

/** As KCP writes a time: fourteen digits, in Seoul. */
export const clockText = (at: Instant): string =>
  toDate(at).toLocaleString('sv-SE', { timeZone: 'Asia/Seoul' }).replace(/\D/g, '')

/** A form as KCP's machines send it: every byte escaped that is no letter or digit. */
export function formOf(fields: Fields, encoding: 'cp949' | 'utf8' = 'cp949'): string {
  const escaped = (text: string) =>
    [...iconv.encode(text, encoding)]
      .map((byte) => {
        const sign = String.fromCharCode(byte)
        return /[\w.-]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
      })
      .join('')
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${escaped(value)}`)
    .join('&')
}

export const request = (body: string | Uint8Array<ArrayBuffer>, contentType = 'application/x-www-form-urlencoded') =>
  new Request('http://127.0.0.1/', { method: 'POST', body, headers: { 'Content-Type': contentType } })

/** The unguessable part of the account's own address as it is now. */
export async function addressNow({ accountId }: NoticeWorld): Promise<string> {
  const account = await db.gatewayAccount.findUniqueOrThrow({ where: { id: accountId } })
  return noticeUrl(account)?.split('/').at(-1) ?? ''
}

export async function receive(
  world: NoticeWorld,
  body: string | Uint8Array<ArrayBuffer>,
  change: { readonly address?: string; readonly from?: string; readonly contentType?: string } = {},
) {
  return receiveUnsigned(noticeContext(world), {
    gateway: 'kcp',
    accountId: world.accountId,
    address: change.address ?? (await addressNow(world)),
    from: change.from ?? FROM,
    request: request(body, change.contentType),
  })
}

/** What has arrived is applied, as the worker does. */
export async function applyAll(world: NoticeWorld): Promise<void> {
  const stored = await db.notice.findMany({ where: { accountId: world.accountId, state: 'STORED' } })
  for (const { id } of stored) await applyNotice(noticeContext(world), id)
}

export async function tell(world: NoticeWorld, fields: Fields): Promise<void> {
  await receive(world, formOf({ site_cd: SITE, tx_tm: clockText(world.clock.now), ...fields }))
  await applyAll(world)
}

/** A deposit as KCP tells it; what a test wants otherwise. */
export const depositFields = (world: NoticeWorld, tno: string, amount: number, change: Fields = {}): Fields => ({
  tx_cd: 'TX00',
  tno,
  order_no: `ORDER-${tno}`,
  ipgm_name: '홍길동',
  remitter: '홍길동',
  ipgm_mnyx: String(amount),
  totl_mnyx: String(amount),
  ipgm_time: clockText(world.clock.now),
  bank_code: '04',
  account: ACCOUNT,
  noti_id: randomUUID().replaceAll('-', '').slice(0, 20),
  op_cd: '00',
  ...change,
})

/** The shop tells that it issued a virtual account, as KCP answered it. */
export async function tellIssued(
  world: NoticeWorld,
  tno: string,
  amount: number,
  change: Fields = {},
): Promise<string> {
  const account = await accountOf({ ...world })
  const fields = {
    site_cd: SITE,
    res_cd: '0000',
    res_msg: '정상처리',
    tno,
    pay_method: 'PAVC',
    amount: String(amount),
    ordr_idxx: `ORDER-${tno}`,
    good_name: '핸드드립 원두',
    buyr_name: '홍길동',
    bankname: '국민은행',
    bankcode: 'BK04',
    account: ACCOUNT,
    app_time: clockText(world.clock.now),
    ...change,
  }
  const told = account.connector.readApproval?.(fields, account.call.credentials)
  if (told?.kind !== 'payment') throw new Error(`not read: ${JSON.stringify(told)}`)
  const context = { ...systemContext(), now: () => world.clock.now }
  return transaction((tx) => recordPayment(tx, context, account, told.payment, context.now(), 'shop'))
}

export const paymentOf = (tno: string) =>
  db.payment.findUniqueOrThrow({
    where: { pg_mid_pgTxId: { pg: 'KCP', mid: SITE, pgTxId: tno } },
    include: {
      deposits: { orderBy: { seenAt: 'asc' } },
      tasks: { where: { resolvedAt: null }, orderBy: { kind: 'asc' } },
    },
  })
