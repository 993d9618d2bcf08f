// A store with a KSNET account on the sandbox, by socket or by REST. Importing world.ts starts the sandbox.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { plainMerchant, type Merchant } from '#sandbox/ksnet/merchant.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { now } from '#lib/server/clock.ts'
import { seal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import { recordPayment } from '#lib/services/payments/record-payment.ts'
import { accountOf, control, person, systemContext, type Made, type World } from './world.ts'

type KsnetMode = 'socket' | 'rest'

/**
 * A store of our own with a KSNET account, its one channel and an operator, on a merchant of the sandbox:
 * `const world = await newKsnetWorld('socket')`, then `newKsnetPayment(world, { amount: 5_000 })`.
 */
export async function newKsnetWorld(mode: KsnetMode, merchant: Merchant = plainMerchant): Promise<World> {
  const store = await db.store.create({ data: { name: `store ${merchant.mid}` } })
  const made = await addKsnetAccount(store.id, mode, merchant)
  return { ...made, storeId: store.id, operator: await person(store.id, 'OPERATOR') }
}

/** One more KSNET account at a store, as where one store id is reached both ways, and through PortOne. */
export async function addKsnetAccount(storeId: string, mode: KsnetMode, { mid, apiKey }: Merchant = plainMerchant) {
  const accountId = randomUUID()
  const connector = connectorOf({ gateway: 'ksnet', mode })
  const usual = connector.credentials.flatMap(({ name, usual }) =>
    usual === undefined ? [] : [[name, usual] as const],
  )
  const address = mode === 'socket' ? { clientAddress: `127.0.0.1:${env.sandbox.ksnetTcpPort}` } : {}
  await db.gatewayAccount.create({
    data: {
      id: accountId,
      storeId,
      gateway: 'ksnet',
      mode,
      environment: 'sandbox',
      name: `KSNET ${mode}`,
      settings: { ...Object.fromEntries(usual), ...address, mid, noticeFrom: '127.0.0.1' },
      secrets: mode === 'rest' ? { apiKey: seal(apiKey, ['GatewayAccount', accountId, 'apiKey']) } : {},
      hints: {},
    },
  })
  const own = connector.channelOf?.({ mid })
  if (!own) throw new Error('a KSNET account is its own channel')
  const channel = await db.channel.create({ data: { accountId, name: mid, ...own, contract: {} } })
  return { accountId, channelId: channel.id }
}

const madeAtKsnet = z.object({
  trno: z.string(),
  orderNo: z.string(),
  received: z.number(),
  approval: z.record(z.string(), z.string()),
})
export type MadeAtKsnet = Made & { readonly orderNo: string; readonly approval: Readonly<Record<string, string>> }

type Wish = {
  amount: number
  taxFree?: number
  method?: string
  status?: string
  escrow?: boolean
  paidAt?: string
  trno?: string
}

/**
 * A payment at the sandbox, told to us as the shop's server tells it: source `shop`, addressed by its trno (`paymentId`). A paid
 * virtual account (`status: 'PAID'`, the default) has its deposit; `VIRTUAL_ACCOUNT_ISSUED` waits for one.
 */
export async function newKsnetPayment(world: World, { status = 'PAID', ...wish }: Wish): Promise<MadeAtKsnet> {
  const account = await accountOf(world)
  const mid = account.connector.storeKeyOf(account.call.credentials)
  const method = wish.method ?? 'CARD'
  const made = madeAtKsnet.parse(await control('/payments', { gateway: 'ksnet', ...wish, method, status, mid }))
  const ordered = {
    sndStoreid: mid,
    sndGoodname: '데일리 후드티 외 1건',
    sndOrdername: '홍길동',
    ...(wish.escrow === true && { sndEscrow: '1' }),
    ...(wish.taxFree !== undefined && { taxFreeAmount: String(wish.taxFree) }),
  }
  const told = account.connector.readApproval?.({ ...ordered, ...made.approval }, account.call.credentials)
  if (told?.kind !== 'payment') throw new Error(`not read: ${JSON.stringify(told)}`)
  const id = await transaction((tx) =>
    recordPayment(tx, systemContext(), account, told.payment, systemContext().now(), 'shop'),
  )
  if (told.payment.method === 'VIRTUAL_ACCOUNT' && made.received > 0) await deposit(world, id, made.received)
  return { id, paymentId: made.trno, pgTxId: made.trno, orderNo: made.orderNo, approval: made.approval }
}

/** As a notice that matched leaves it. */
async function deposit({ storeId, accountId }: World, paymentId: string, amount: number): Promise<void> {
  const at = new Date(now())
  await db.deposit.create({
    data: {
      storeId,
      accountId,
      paymentId,
      key: `test ${paymentId}`,
      kind: 'deposit',
      amount: BigInt(amount),
      at,
      state: 'APPLIED',
      seenAt: at,
      decidedBy: 'notice',
      decidedAt: at,
    },
  })
}
