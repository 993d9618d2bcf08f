// A store with a KCP account on the sandbox, by its program or by REST. Importing world.ts starts the sandbox.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { escrowSite, type Site } from '#sandbox/kcp/merchant.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { now } from '#lib/server/clock.ts'
import { seal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import { recordPayment } from '#lib/services/payments/record-payment.ts'
import { accountOf, control, person, systemContext, type Made, type World } from './world.ts'

type KcpMode = 'module' | 'rest'

/**
 * A store of our own with a KCP account, its one channel and an operator, on a site of the sandbox (one with and without escrow
 * payments, unless another is named): `const world = await newKcpWorld('module')`, then `newKcpPayment(world, { amount: 5_000 })`.
 * The program is the stand-in that JEONPYO_KCP_MODULE names for tests.
 */
export async function newKcpWorld(mode: KcpMode, site: Site = escrowSite): Promise<World> {
  const store = await db.store.create({ data: { name: `store ${site.siteCd}` } })
  const made = await addKcpAccount(store.id, mode, site)
  return { ...made, storeId: store.id, operator: await person(store.id, 'OPERATOR') }
}

/** One more KCP account at a store, as where one site code is reached both ways. */
export async function addKcpAccount(storeId: string, mode: KcpMode, site: Site = escrowSite) {
  const accountId = randomUUID()
  const connector = connectorOf({ gateway: 'kcp', mode })
  const usual = connector.credentials.flatMap(({ name, usual }) =>
    usual === undefined ? [] : [[name, usual] as const],
  )
  const { siteCd, siteKey, certificate, privateKey, privateKeyPassword } = site
  const secrets = mode === 'module' ? { siteKey } : { certificate, privateKey, privateKeyPassword }
  await db.gatewayAccount.create({
    data: {
      id: accountId,
      storeId,
      gateway: 'kcp',
      mode,
      environment: 'sandbox',
      name: `KCP ${mode}`,
      settings: { ...Object.fromEntries(usual), siteCd },
      secrets: Object.fromEntries(
        Object.entries(secrets).map(([name, value]) => [name, seal(value, ['GatewayAccount', accountId, name])]),
      ),
      hints: {},
    },
  })
  const own = connector.channelOf?.({ siteCd })
  if (!own) throw new Error('a KCP account is its own channel')
  const channel = await db.channel.create({ data: { accountId, name: siteCd, ...own, contract: {} } })
  return { accountId, channelId: channel.id }
}

const madeAtKcp = z.object({
  tno: z.string(),
  orderNo: z.string(),
  received: z.number(),
  approval: z.record(z.string(), z.string()),
})
export type MadeAtKcp = Made & { readonly orderNo: string; readonly approval: Readonly<Record<string, string>> }

/**
 * A payment at the sandbox, told to us as the shop's server tells it: source `shop`, addressed by its tno (`paymentId`). A paid
 * virtual account (`status: 'PAID'`, the default) has its deposit; `VIRTUAL_ACCOUNT_ISSUED` waits for one.
 */
export async function newKcpPayment(
  world: World,
  wish: { amount: number; taxFree?: number; method?: string; status?: string; escrow?: boolean; paidAt?: string },
): Promise<MadeAtKcp> {
  const account = await accountOf(world)
  const siteCd = account.connector.storeKeyOf(account.call.credentials)
  const made = madeAtKcp.parse(
    await control('/payments', { gateway: 'kcp', method: 'CARD', status: 'PAID', siteCd, ...wish }),
  )
  const fields = { good_name: '데일리 후드티 외 1건', buyr_name: '홍길동', ...made.approval, site_cd: siteCd }
  const told = account.connector.readApproval?.(fields, account.call.credentials)
  if (told?.kind !== 'payment') throw new Error(`not read: ${JSON.stringify(told)}`)
  const id = await transaction((tx) =>
    recordPayment(tx, systemContext(), account, told.payment, systemContext().now(), 'shop'),
  )
  if (told.payment.method === 'VIRTUAL_ACCOUNT' && made.received > 0) await deposit(world, id, made.received)
  return { id, paymentId: made.tno, pgTxId: made.tno, orderNo: made.orderNo, approval: made.approval }
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
