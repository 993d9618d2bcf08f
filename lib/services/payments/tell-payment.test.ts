import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseIso } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { contextOf, person, systemContext } from '#lib/testing/world.ts'
import type { Mode } from '#prisma/client/client.ts'
import { createToken } from '../tokens/manage-tokens.ts'
import { getPayment } from './get-payment.ts'
import { tellPayment } from './tell-payment.ts'

let numbers = 0
/** A site code and transaction numbers that no other test has. */
const newNumber = () => `26869${String((numbers += 1)).padStart(9, '0')}`
const newSite = () => `S${String((numbers += 1)).padStart(4, '0')}`

async function newShop(siteCd = newSite(), modes: readonly Mode[] = ['rest']) {
  const { id: storeId } = await db.store.create({ data: { name: 'shop' } })
  for (const mode of modes) await addAccount(storeId, siteCd, mode)
  const owner = await person(storeId, 'OWNER')
  const { id: tokenId } = await createToken(contextOf(owner), { storeId, name: 'server' })
  return { storeId, siteCd, owner, teller: { tokenId, storeId } }
}
type Shop = Awaited<ReturnType<typeof newShop>>

async function addAccount(storeId: string, siteCd: string, mode: Mode) {
  const id = randomUUID()
  const common = { gateway: 'kcp', mode, environment: 'sandbox', name: mode, settings: { siteCd } } as const
  await db.gatewayAccount.create({ data: { ...common, id, storeId, secrets: {}, hints: {} } })
  await db.channel.create({ data: { accountId: id, name: siteCd, key: siteCd, pg: 'KCP', mid: siteCd, contract: {} } })
}

const card = ({ siteCd }: Pick<Shop, 'siteCd'>, more: Readonly<Record<string, string>> = {}) => ({
  site_cd: siteCd,
  res_cd: '0000',
  pay_method: 'PACA',
  tno: newNumber(),
  amount: '11000',
  order_no: '000123',
  app_no: '00876543',
  app_time: '20261121140322',
  card_cd: 'CCLG',
  card_no: '451842******7654',
  good_name: '가을 외투',
  buyr_name: '홍길동',
  buyr_tel2: '01012345678',
  ...more,
})
const tell = (shop: Pick<Shop, 'teller'>, fields: Readonly<Record<string, string>>) =>
  tellPayment({ ...systemContext(), actor: { kind: 'system', name: 'shop' } }, shop.teller, () => fields)
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, ...error.facts }
    throw error
  }
  return null
}
const everything = async (storeId: string) => ({
  payments: await db.payment.findMany({ where: { storeId } }),
  references: await db.reference.findMany({ where: { storeId }, orderBy: [{ kind: 'asc' }, { value: 'asc' }] }),
  audit: await db.auditEntry.findMany({ where: { storeId } }),
  tasks: await db.task.findMany({ where: { storeId } }),
})

describe('what a shop tells of a payment', () => {
  it('is recorded as told by the shop, with the gateway not read', async () => {
    const shop = await newShop()
    const fields = card(shop, { res_tax_flag: 'TG03', res_free_mny: '3000' })
    const { id, tno, state } = await tell(shop, fields)
    expect({ tno, state }).toEqual({ tno: fields.tno, state: 'recorded' })
    const row = await db.payment.findUniqueOrThrow({ where: { id } })
    expect(row).toMatchObject({
      source: 'shop',
      status: 'PAID',
      pgTxId: fields.tno,
      mid: shop.siteCd,
      amount: 11_000n,
      received: 11_000n,
      taxFree: 3_000n,
      receivedTaxFree: 3_000n,
      orderName: '가을 외투',
      buyerMasked: '홍*동',
      gatewayReadAt: null,
      gatewayRecord: null,
    })
    expect(row.paidAt?.getTime()).toBe(parseIso('2026-11-21T14:03:22+09:00'))
    const view = await getPayment(contextOf(shop.owner), id)
    expect(view).toMatchObject({ source: 'shop', left: 11_000, gatewayRecord: null })
    expect(view.references).toEqual(
      expect.arrayContaining([
        { kind: 'TNO', value: fields.tno },
        { kind: 'ORDER_NUMBER', value: '000123' },
        { kind: 'APPROVAL_NUMBER', value: '00876543' },
      ]),
    )
    const entries = await db.auditEntry.findMany({
      where: { storeId: shop.storeId, subjectId: id },
      orderBy: { id: 'asc' },
    })
    expect(entries.map(({ action, actor }) => `${action} by ${actor}`)).toEqual([
      'payment.recorded by shop',
      'payment.told by shop',
    ])
    expect(JSON.stringify(entries.map(({ facts }) => facts))).not.toMatch(/홍길동|01012345678/)
  })
  it('the same again is known and changes nothing, though told many times at once', async () => {
    const shop = await newShop()
    const fields = card(shop)
    const all = await Promise.all(Array.from({ length: 6 }, () => tell(shop, fields)))
    expect(all.filter(({ state }) => state === 'recorded')).toHaveLength(1)
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
    const before = await everything(shop.storeId)
    expect(before.payments).toHaveLength(1)
    expect((await tell(shop, fields)).state).toBe('known')
    expect(await everything(shop.storeId)).toEqual(before)
  })
  it.each([
    ['another amount', { amount: '12000' }],
    ['another tax-free part', { res_free_mny: '1000' }],
    ['another method', { pay_method: 'PABK' }],
  ])('%s of a known number is refused, changes nothing, and becomes one task', async (_, other) => {
    const shop = await newShop()
    const fields = card(shop)
    const { id } = await tell(shop, fields)
    const before = await everything(shop.storeId)
    for (const _ of [1, 2]) {
      const problem = await problemOf(tell(shop, { ...fields, ...other }))
      expect(problem).toEqual({ code: 'payment.differs', ours: 11_000, told: Number({ ...fields, ...other }.amount) })
    }
    const after = await everything(shop.storeId)
    expect([after.payments, after.references]).toEqual([before.payments, before.references])
    expect(after.tasks).toMatchObject([{ paymentId: id, kind: 'amount_differs', resolvedAt: null }])
    expect(after.audit.filter(({ outcome }) => outcome === 'failed')).toHaveLength(2)
  })
  it('a card behind a wallet is no contradiction to a card', async () => {
    const shop = await newShop()
    const fields = card(shop)
    await tell(shop, fields)
    expect((await tell(shop, { ...fields, card_other_pay_type: 'OT13' })).state).toBe('known')
  })
  it('a virtual account is issued: nothing was received, and nothing can be given back', async () => {
    const shop = await newShop()
    const more = { pay_method: 'PAVC', res_cd: 'V000', account: '00012345678901', bankcode: 'BK04' }
    const { id } = await tell(shop, card(shop, more))
    expect(await db.payment.findUniqueOrThrow({ where: { id } })).toMatchObject({
      status: 'ISSUED',
      received: 0n,
      paidAt: null,
    })
    const kept = JSON.stringify(await db.payment.findUniqueOrThrow({ where: { id } }), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(kept).not.toContain('00012345678901')
  })
  it('another store is not there: by its site code or by its payment', async () => {
    const shop = await newShop()
    const other = await newShop()
    expect(await problemOf(tell(other, card(shop)))).toEqual({ code: 'account.not_found' })
    expect(await problemOf(tell({ teller: other.teller }, { ...card(shop), site_cd: 'NONE0' }))).toEqual({
      code: 'account.not_found',
    })
    const sharing = await newShop(shop.siteCd)
    const fields = card(shop)
    await tell(shop, fields)
    expect(await problemOf(tell(sharing, fields))).toMatchObject({ code: 'payment.at_other_store' })
    expect((await everything(sharing.storeId)).payments).toEqual([])
    expect((await everything(other.storeId)).payments).toEqual([])
  })
  it('is one payment where a store reaches one site both ways', async () => {
    const shop = await newShop(newSite(), ['module', 'rest'])
    const fields = card(shop)
    const { id } = await tell(shop, fields)
    expect(await tell(shop, fields)).toEqual({ id, tno: fields.tno, state: 'known' })
    expect((await everything(shop.storeId)).payments).toHaveLength(1)
  })
  it.each([
    ['no approval', { res_cd: '8129' }, { code: 'telling.not_approved', result: '8129' }],
    ['no number', { tno: '' }, { code: 'telling.unreadable', field: 'tno' }],
    ['no amount', { amount: 'x' }, { code: 'telling.unreadable', field: 'amount' }],
    ['a half of a character', { good_name: '\ud83d' }, { code: 'telling.unreadable', field: 'good_name' }],
    ['a NUL', { buyr_name: '홍\u0000' }, { code: 'telling.unreadable', field: 'buyr_name' }],
  ])('with %s records nothing but that it was refused', async (_, more, problem) => {
    const shop = await newShop()
    expect(await problemOf(tell(shop, card(shop, more)))).toMatchObject(problem)
    const { payments, audit } = await everything(shop.storeId)
    expect(payments).toEqual([])
    expect(audit.filter(({ action }) => action === 'payment.told')).toMatchObject([{ outcome: 'failed' }])
    expect(JSON.stringify(audit.map(({ facts }) => facts))).not.toContain('홍')
  })
  it('texts that mean something elsewhere stay texts', async () => {
    const shop = await newShop()
    const good_name = `'); DROP TABLE "Payment"; --<script>alert(1)</script>{{7*7}}=1+1`
    const { id } = await tell(shop, card(shop, { good_name, buyr_name: '=cmd|calc', order_no: "' OR 1=1 --" }))
    const view = await getPayment(contextOf(shop.owner), id)
    expect(view.orderName).toBe(good_name)
    expect(view.references).toEqual(expect.arrayContaining([{ kind: 'ORDER_NUMBER', value: "' OR 1=1 --" }]))
  })
  it('completes what only a notice told, and never makes less of what the gateway told', async () => {
    const shop = await newShop()
    const fields = card(shop)
    const { id } = await tell(shop, fields)
    const sourceOf = async () => (await db.payment.findUniqueOrThrow({ where: { id } })).source
    await db.payment.update({ where: { id }, data: { source: 'gateway' } })
    expect((await tell(shop, fields)).state).toBe('known')
    expect(await sourceOf()).toBe('gateway')
    const told = card(shop)
    const noticed = await db.payment.create({
      data: {
        ...(await db.payment.findUniqueOrThrow({
          where: { id },
          select: {
            storeId: true,
            channelId: true,
            environment: true,
            pg: true,
            mid: true,
            method: true,
            currency: true,
          },
        })),
        pgTxId: told.tno,
        amount: 5_000n,
        taxFree: 0n,
        discount: 0n,
        received: 5_000n,
        receivedTaxFree: 0n,
        orderName: '',
        requestedAt: new Date(),
        approvedAt: new Date(),
        paidAt: new Date(),
        methodFacts: {},
        testStore: false,
        source: 'notice',
      },
    })
    expect(await tell(shop, { ...told, amount: '5000' })).toMatchObject({ id: noticed.id, state: 'known' })
    expect(await db.payment.findUniqueOrThrow({ where: { id: noticed.id } })).toMatchObject({
      source: 'shop',
      orderName: '가을 외투',
      buyerMasked: '홍*동',
    })
  })
})
