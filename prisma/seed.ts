// The demo's merchant: two stores on the sandbox, people in every role, six months of payments. Run at every start; makes nothing twice.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus, startOfDay, kstDate, toIso, type Instant } from '#lib/domain/kst.ts'
import { now } from '#lib/server/clock.ts'
import { contextOf } from '#lib/server/context.ts'
import { seal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import { DEMO_PASSWORD, demoLogins } from '#lib/server/demo.ts'
import { env } from '#lib/server/env.ts'
import { hashPassword } from '#lib/server/password.ts'
import type { Connector } from '#lib/gateways/connector.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { storeFields } from '#lib/services/accounts/account-fields.ts'
import { openAccount } from '#lib/services/accounts/open-account.ts'
import { noticeUrl } from '#lib/services/notices/notice-address.ts'
import { recordPayment } from '#lib/services/payments/record-payment.ts'
import { readAtGateway } from '#lib/services/payments/read-at-gateway.ts'

const API_SECRET = 'sandbox-api-secret'
const WEBHOOK_SECRET = 'whsec_c2FuZGJveC13ZWJob29rLXNlY3JldC0wMDAxMjM0NTY='
/** High enough for an afternoon's trying, low enough to be met. */
const APPROVAL_ABOVE = 200_000n
const shops = [
  {
    name: '본점',
    portone: 'store-00000000-0000-4000-8000-000000000001',
    channels: [
      { name: 'KSNET 운영', key: 'channel-key-00000000-0000-4000-8000-000000000012', mid: '2041700123' },
      { name: 'KSNET 테스트', key: 'channel-key-00000000-0000-4000-8000-000000000011', mid: '2999199999' },
    ],
  },
  {
    name: '2호점',
    portone: 'store-00000000-0000-4000-8000-000000000002',
    channels: [{ name: 'KSNET 2호', key: 'channel-key-00000000-0000-4000-8000-000000000021', mid: '2041700456' }],
  },
] as const
/** At the first store: KCP by its program, with escrow, and by REST. */
const kcpAccounts = [
  { mode: 'module', siteCd: 'J1002', name: 'KCP 모듈 (에스크로)' },
  { mode: 'rest', siteCd: 'J1001', name: 'KCP REST' },
] as const
/** The sandbox's own keys for a site: they open nothing anywhere else. */
const kcpKeys = (siteCd: string) => {
  const pem = (file: string) =>
    readFileSync(join(import.meta.dirname, '..', 'sandbox', 'kcp', 'sandbox-only', `${siteCd}.${file}.pem`), 'utf8')
  return {
    siteCd,
    siteKey: `sandbox-key-of-${siteCd}__`,
    certificate: pem('certificate'),
    privateKey: pem('private-key'),
    privateKeyPassword: 'sandbox-key-password',
    noticeFrom: '127.0.0.1',
  }
}
/** At the first store too: KSNET by socket, and by REST. */
const ksnetAccounts = [
  { mode: 'socket', mid: '2041700201', name: 'KSNET 소켓' },
  { mode: 'rest', mid: '2041700202', name: 'KSNET REST' },
] as const
const ksnetKeys = (mid: string) => ({
  mid,
  apiKey: `sandbox-key-of-${mid}__`,
  clientAddress: `127.0.0.1:${env.sandbox.ksnetTcpPort}`,
  noticeFrom: '127.0.0.1',
})
const roleNames = { owner: '소유자', manager: '매니저', operator: '담당자', viewer: '조회자' } as const
const roles = { manager: 'MANAGER', operator: 'OPERATOR', viewer: 'VIEWER' } as const

async function control(path: string, input: object): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${env.sandbox.controlPort}${path}`, {
    method: 'POST',
    body: JSON.stringify(input),
  })
  if (!response.ok) throw new Error(`the sandbox refused ${path}: ${await response.text()}`)
  return response.json()
}

async function seedStores(): Promise<void> {
  // The product with the holder look-up, so that a refund into an account can be tried.
  await control('/settings', { platform: true })
  for (const shop of shops) {
    const store = await db.store.create({ data: { name: shop.name, approvalAbove: APPROVAL_ABOVE } })
    const accountId = randomUUID()
    const setAt = toIso(now())
    const secret = (name: string, value: string) => seal(value, ['GatewayAccount', accountId, name])
    await db.gatewayAccount.create({
      data: {
        id: accountId,
        storeId: store.id,
        gateway: 'portone',
        mode: 'portone',
        environment: 'sandbox',
        name: `포트원 ${shop.name}`,
        settings: { storeId: shop.portone },
        secrets: { apiSecret: secret('apiSecret', API_SECRET), webhookSecret: secret('webhookSecret', WEBHOOK_SECRET) },
        hints: {
          apiSecret: { setAt, endsIn: API_SECRET.slice(-4) },
          webhookSecret: { setAt, endsIn: WEBHOOK_SECRET.slice(-4) },
        },
        channels: {
          create: shop.channels.map((channel) => ({
            ...channel,
            pg: 'KSNET',
            contract: { vaRefund: true, easyPay: true, instalments: true, escrowDelivery: true, mobile: true },
          })),
        },
      },
    })
  }
}

async function seedKcpAccounts(): Promise<void> {
  const store = await db.store.findFirstOrThrow({ where: { name: shops[0].name } })
  const setAt = toIso(now())
  for (const { mode, siteCd, name } of kcpAccounts) {
    const accountId = randomUUID()
    const connector = connectorOf({ gateway: 'kcp', mode })
    const empty = { settings: {}, secrets: {}, hints: {} }
    const stored = storeFields(connector, accountId, fieldsOf(connector, kcpKeys(siteCd)), empty, setAt)
    const channel = connector.channelOf?.({ siteCd })
    if (!channel) throw new Error('a KCP account is its own channel')
    const contract = {
      serverAddress: true,
      partialCancel: true,
      vaRefund: true,
      accountCheck: mode === 'module',
      escrowDelivery: mode === 'module',
    }
    await db.gatewayAccount.create({
      data: {
        id: accountId,
        storeId: store.id,
        gateway: 'kcp',
        mode,
        environment: 'sandbox',
        name,
        ...stored,
        channels: { create: [{ ...channel, name, contract }] },
      },
    })
  }
}

async function seedKsnetAccounts(): Promise<void> {
  const store = await db.store.findFirstOrThrow({ where: { name: shops[0].name } })
  const setAt = toIso(now())
  for (const { mode, mid, name } of ksnetAccounts) {
    const accountId = randomUUID()
    const connector = connectorOf({ gateway: 'ksnet', mode })
    const empty = { settings: {}, secrets: {}, hints: {} }
    const stored = storeFields(connector, accountId, fieldsOf(connector, ksnetKeys(mid)), empty, setAt)
    const channel = connector.channelOf?.({ mid })
    if (!channel) throw new Error('a KSNET account is its own channel')
    const contract = { easyPay: true, instalments: true, mobile: true }
    await db.gatewayAccount.create({
      data: {
        id: accountId,
        storeId: store.id,
        gateway: 'ksnet',
        mode,
        environment: 'sandbox',
        name,
        ...stored,
        channels: { create: [{ ...channel, name, contract }] },
      },
    })
  }
}

/** Of what is known, what the account's form has. */
const fieldsOf = ({ credentials }: Connector, known: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    credentials.flatMap(({ name, usual }) => {
      const value = known[name] ?? usual
      return value === undefined ? [] : [[name, value]]
    }),
  )

async function seedPeople(): Promise<void> {
  // Whoever tries the demo has no app at hand; the owner can switch it on.
  await db.installation.update({ where: { id: 1 }, data: { secondFactor: false } })
  const passwordHash = await hashPassword(DEMO_PASSWORD)
  const first = await db.store.findFirstOrThrow({ where: { name: shops[0].name } })
  for (const { role, email } of demoLogins() ?? []) {
    const user = await db.user.create({ data: { email, name: roleNames[role], passwordHash, owner: role === 'owner' } })
    if (role !== 'owner') await db.grant.create({ data: { userId: user.id, storeId: first.id, role: roles[role] } })
  }
}

type Wish = {
  readonly shop: 0 | 1
  readonly channel: 0 | 1
  readonly at: Instant
  readonly method: string
  readonly amount: number
} & Record<string, unknown>
const goods = [
  '데일리 후드티 외 1건',
  '핸드드립 원두 500g',
  '무선 키보드',
  '등산 양말 5켤레',
  '유기농 현미 4kg',
  '아크릴 물감 세트',
  '캠핑 의자',
  '겨울 이불',
]
const amounts = [12_000, 35_000, 8_900, 128_000, 54_500, 19_800, 230_000, 67_000, 4_500, 99_000]

/** Days back, more of them lately; a few of each method, none by chance. */
function wishes(): Wish[] {
  const today = startOfDay(kstDate(now()))
  const ages = [
    0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 20, 24, 28, 33, 40, 47, 55, 64, 75, 88, 100, 115, 130,
    150, 170, 178,
  ]
  const methods = ['CARD', 'CARD', 'EASY_PAY', 'VIRTUAL_ACCOUNT', 'CARD', 'TRANSFER', 'CARD', 'MOBILE']
  return ages.map((age, index) => {
    const daily = plus(today, -age * DAY_MS + 9 * HOUR_MS + ((index * 47) % 720) * MINUTE_MS)
    const at = daily > now() ? plus(now(), -(index + 1) * 7 * MINUTE_MS) : daily
    const amount = amounts[index % amounts.length] ?? 10_000
    const method = methods[index % methods.length] ?? 'CARD'
    return {
      shop: index % 7 === 6 ? 1 : 0,
      channel: index % 17 === 16 ? 1 : 0,
      at,
      method,
      amount,
      orderName: goods[index % goods.length],
      ...(index % 5 === 1 && { taxFree: Math.floor(amount / 3) }),
      ...(method === 'VIRTUAL_ACCOUNT' && { status: index % 16 === 3 ? 'VIRTUAL_ACCOUNT_ISSUED' : 'PAID' }),
      ...(method === 'CARD' && amount >= 50_000 && { installmentMonths: 3 }),
      ...(method === 'CARD' && index % 3 === 0 && { escrow: true }),
    }
  })
}

const made = z.object({ paymentId: z.string() })

const kcpWishes = [
  { way: 0, method: 'CARD', amount: 42_000, escrow: true },
  { way: 0, method: 'TRANSFER', amount: 18_500 },
  { way: 0, method: 'VIRTUAL_ACCOUNT', status: 'VIRTUAL_ACCOUNT_ISSUED', amount: 31_000 },
  { way: 1, method: 'CARD', amount: 27_900 },
  { way: 1, method: 'CARD', amount: 64_000, taxFree: 14_000 },
] as const
const told = z.object({ approval: z.record(z.string(), z.string()) })

/** As the shop's own server tells of them. */
async function seedKcpPayments(): Promise<void> {
  const context = contextOf({ kind: 'system', name: 'setup' })
  for (const [index, { way, ...wish }] of kcpWishes.entries()) {
    const { siteCd, mode } = kcpAccounts[way]
    const account = openAccount(await db.gatewayAccount.findFirstOrThrow({ where: { gateway: 'kcp', mode } }))
    const paidAt = toIso(plus(now(), -(index + 1) * 5 * HOUR_MS))
    const made = told.parse(await control('/payments', { gateway: 'kcp', status: 'PAID', siteCd, ...wish, paidAt }))
    const fields = {
      good_name: goods[index % goods.length] ?? '',
      buyr_name: '김구매',
      ...made.approval,
      site_cd: siteCd,
    }
    const read = account.connector.readApproval?.(fields, account.call.credentials)
    if (read?.kind !== 'payment') throw new Error('the sandbox approval was not read')
    await transaction((tx) => recordPayment(tx, context, account, read.payment, now(), 'shop'))
  }
}

const ksnetWishes = [
  { way: 0, method: 'CARD', amount: 58_000 },
  { way: 0, method: 'TRANSFER', amount: 23_500 },
  { way: 0, method: 'VIRTUAL_ACCOUNT', status: 'VIRTUAL_ACCOUNT_ISSUED', amount: 36_000 },
  { way: 0, method: 'MOBILE', amount: 9_900 },
  { way: 1, method: 'CARD', amount: 47_200 },
  { way: 1, method: 'EASY_PAY', amount: 15_800 },
] as const

/** As the shop's own server tells of them: KSNET's answer, and what of its own order the shop sends along. */
async function seedKsnetPayments(): Promise<void> {
  const context = contextOf({ kind: 'system', name: 'setup' })
  for (const [index, { way, ...wish }] of ksnetWishes.entries()) {
    const { mid, mode } = ksnetAccounts[way]
    const account = openAccount(await db.gatewayAccount.findFirstOrThrow({ where: { gateway: 'ksnet', mode } }))
    const paidAt = toIso(plus(now(), -(index + 1) * 3 * HOUR_MS))
    const made = told.parse(await control('/payments', { gateway: 'ksnet', status: 'PAID', mid, ...wish, paidAt }))
    const ordered = { sndStoreid: mid, sndGoodname: goods[index % goods.length] ?? '', sndOrdername: '이주문' }
    const read = account.connector.readApproval?.({ ...ordered, ...made.approval }, account.call.credentials)
    if (read?.kind !== 'payment') throw new Error('the sandbox approval was not read')
    await transaction((tx) => recordPayment(tx, context, account, read.payment, now(), 'shop'))
  }
}

async function seedPayments(): Promise<void> {
  const context = contextOf({ kind: 'system', name: 'setup' })
  const accounts = await db.gatewayAccount.findMany({ where: { gateway: 'portone' }, orderBy: { createdAt: 'asc' } })
  for (const [index, wish] of wishes().entries()) {
    const { shop, channel, at, ...rest } = wish
    const of = shops[shop]
    const { paymentId } = made.parse(
      await control('/payments', {
        gateway: 'portone',
        status: 'PAID',
        ...rest,
        storeId: of.portone,
        channelKey: (of.channels[channel] ?? of.channels[0]).key,
        paidAt: toIso(at),
        skipWebhook: true,
      }),
    )
    if (index === 9 || index === 17)
      await control('/outside-cancel', {
        payment: paymentId,
        amount: Math.floor(wish.amount / 4),
        where: 'portone-console',
      })
    const account = accounts[shop]
    if (!account) throw new Error('no account')
    const reading = await readAtGateway(context, openAccount(account), paymentId)
    if (reading.kind !== 'recorded') throw new Error(`the sandbox's payment was not recorded: ${reading.kind}`)
  }
}

/** The sandbox outlives the ports the console ran on, so it is told at every start where the notices go. */
async function aimNotices(): Promise<void> {
  for (const account of await db.gatewayAccount.findMany({ where: { environment: 'sandbox' } })) {
    if (account.gateway === 'kcp') {
      const { siteCd } = z.object({ siteCd: z.string() }).parse(account.settings)
      const url = `http://127.0.0.1:${env.port}${new URL(noticeUrl(account) ?? '').pathname}`
      await control('/webhook-target', { gateway: 'kcp', siteCd, url })
      continue
    }
    if (account.gateway === 'ksnet') {
      const { mid } = z.object({ mid: z.string() }).parse(account.settings)
      const url = `http://127.0.0.1:${env.port}${new URL(noticeUrl(account) ?? '').pathname}`
      await control('/webhook-target', { gateway: 'ksnet', mid, url })
      continue
    }
    const { storeId } = z.object({ storeId: z.string() }).parse(account.settings)
    await control('/webhook-target', {
      storeId,
      url: `http://127.0.0.1:${env.port}/gateways/portone/${account.id}/webhook`,
    })
  }
}

if (!env.demo) throw new Error('only the demo is seeded')
// The people come last: a start that was killed half-way is taken up again by the next.
if ((await db.user.count()) === 0) {
  if ((await db.store.count()) === 0) await seedStores()
  if ((await db.gatewayAccount.count({ where: { gateway: 'kcp' } })) === 0) await seedKcpAccounts()
  if ((await db.gatewayAccount.count({ where: { gateway: 'ksnet' } })) === 0) await seedKsnetAccounts()
  await seedPayments()
  await seedKcpPayments()
  await seedKsnetPayments()
  await seedPeople()
}
await aimNotices()
await db.$disconnect()
