import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DAY_MS, instant, kstDate, plus, toIso } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db, transaction } from '#lib/server/db.ts'
import {
  accountOf,
  contextOf,
  control,
  newPayment,
  newWorld,
  person,
  systemContext,
  type World,
} from '#lib/testing/world.ts'
import { findPayments, FindPayments } from './find-payments.ts'
import { getPayment } from './get-payment.ts'
import { lookUpPayment, refreshPayment } from './look-up-payment.ts'
import { pollFeed } from './poll-feed.ts'
import { readAtGateway } from './read-at-gateway.ts'
import { recordPayment } from './record-payment.ts'

let world: World
beforeEach(async () => {
  await control('/reset', {})
  world = await newWorld()
})
const refusal = async (run: Promise<unknown>) => {
  const error: unknown = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof DomainError) return error.code
  throw new Error(`no problem: ${String(error)}`)
}
const keysOf = async ({ accountId, channelId }: World) => {
  const account = await db.gatewayAccount.findUniqueOrThrow({ where: { id: accountId } })
  const { key } = await db.channel.findUniqueOrThrow({ where: { id: channelId } })
  return { storeId: z.object({ storeId: z.string() }).parse(account.settings).storeId, channelKey: key }
}
const search = (query: object) => findPayments(world.operator, FindPayments.parse(query))

describe('finding', () => {
  it('by trno, payment id, PortOne transaction and approval number, whatever the period', async () => {
    const payment = await newPayment(world, { amount: 5_000, paidAt: toIso(plus(instant(Date.now()), -100 * DAY_MS)) })
    const references = await db.reference.findMany({ where: { paymentId: payment.id } })
    expect(references.map((one) => one.kind).toSorted()).toEqual([
      'APPROVAL_NUMBER',
      'PAYMENT_ID',
      'TRANSACTION_ID',
      'TRNO',
    ])
    const today = kstDate(instant(Date.now()))
    for (const { value } of references)
      expect((await search({ q: value, from: today, to: today })).items.map((item) => item.id)).toEqual([payment.id])
    expect((await search({ q: 'nothing' })).items).toEqual([])
  })

  it('pages by key, newest first, each payment once', async () => {
    const at = instant(Date.now())
    for (let index = 0; index < 7; index += 1)
      await newPayment(world, { amount: 1_000 + index, paidAt: toIso(plus(at, -Math.floor(index / 2) * 60_000)) })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof search>> = await search({ limit: '2', ...(cursor !== null && { cursor }) })
      seen.push(...page.items.map((item) => item.id))
      cursor = page.next
    } while (cursor !== null)
    const all = await db.payment.findMany({
      where: { storeId: world.storeId },
      orderBy: [{ approvedAt: 'desc' }, { id: 'desc' }],
    })
    expect(seen).toEqual(all.map((row) => row.id))
  })

  it('filters by day in Seoul to the last millisecond, method, status and basis', async () => {
    const day = kstDate(plus(instant(Date.now()), -3 * DAY_MS))
    const first = await newPayment(world, { amount: 1_000, paidAt: `${day}T00:00:00.000+09:00` })
    const last = await newPayment(world, { amount: 1_000, paidAt: `${day}T23:59:59.999+09:00`, method: 'EASY_PAY' })
    expect((await search({ from: day, to: day })).items.map((item) => item.id)).toEqual([last.id, first.id])
    expect((await search({ from: day, to: day, method: 'EASY_PAY' })).items.map((item) => item.id)).toEqual([last.id])
    expect((await search({ basis: 'cancelled' })).items).toEqual([])
    await control('/outside-cancel', { payment: first.paymentId, amount: 100, where: 'portone-console' })
    await readAtGateway(systemContext(), await accountOf(world), first.paymentId)
    expect((await search({ basis: 'cancelled' })).items.map((item) => item.id)).toEqual([first.id])
    expect((await search({ status: 'PARTIALLY_REFUNDED' })).items.map((item) => item.id)).toEqual([first.id])
  })

  it('shows nothing of another store, by list, number or id', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const other = await newWorld(1)
    const stranger = await person(other.storeId, 'MANAGER')
    expect((await findPayments(stranger, FindPayments.parse({ q: payment.paymentId }))).items).toEqual([])
    expect((await findPayments(stranger, FindPayments.parse({ store: world.storeId }))).items).toEqual([])
    expect(await refusal(getPayment(contextOf(stranger), payment.id))).toBe('payment.not_found')
    expect(await refusal(getPayment(contextOf(stranger), 'not an id'))).toBe('payment.not_found')
    const nobody = { ...stranger, grants: new Map() }
    expect((await findPayments(nobody, FindPayments.parse({}))).items).toEqual([])
  })
})

describe('asking the gateway for what is not here', () => {
  const made = async (wish: object = {}) =>
    control('/payments', {
      gateway: 'portone',
      method: 'CARD',
      status: 'PAID',
      amount: 7_000,
      channelKey: 'channel-key-00000000-0000-4000-8000-000000000012',
      ...wish,
    })

  it('finds by payment id with any characters, by trno and by approval number, and records it once', async () => {
    const ids = await made({ paymentId: 'order/1 %2F?가' })
    const context = contextOf(world.operator)
    const view = Object(ids)
    const found = await lookUpPayment(context, { channelId: world.channelId, q: 'order/1 %2F?가' })
    for (const q of [view.pgTxId, view.approvalNumber])
      expect(await lookUpPayment(context, { channelId: world.channelId, q })).toEqual(found)
    expect(await db.payment.count({ where: { storeId: world.storeId } })).toBe(1)
  })

  it('says what is not there, what was never paid, and what is another channel', async () => {
    const context = contextOf(world.operator)
    expect(await refusal(lookUpPayment(context, { channelId: world.channelId, q: 'nothing' }))).toBe(
      'payment.not_found',
    )
    await made({ paymentId: 'ready', status: 'READY' })
    expect(await refusal(lookUpPayment(context, { channelId: world.channelId, q: 'ready' }))).toBe(
      'payment.not_recordable',
    )
    await made({
      paymentId: 'elsewhere',
      storeId: 'store-00000000-0000-4000-8000-000000000002',
      channelKey: 'channel-key-00000000-0000-4000-8000-000000000021',
    })
    expect(await refusal(lookUpPayment(context, { channelId: world.channelId, q: 'elsewhere' }))).toMatch(
      /payment.not_found|gateway.refused|payment.at_other_store/,
    )
    await db.channel.deleteMany({ where: { accountId: world.accountId, mid: '2999199999' } })
    await made({ paymentId: 'unknown channel', channelKey: 'channel-key-00000000-0000-4000-8000-000000000011' })
    expect(await refusal(lookUpPayment(context, { channelId: world.channelId, q: 'unknown channel' }))).toBe(
      'payment.channel_unknown',
    )
    expect(await db.payment.count({ where: { storeId: world.storeId } })).toBe(0)
  })

  it('is for those who may, at their own store', async () => {
    const viewer = contextOf(await person(world.storeId, 'VIEWER'))
    expect(await refusal(lookUpPayment(viewer, { channelId: world.channelId, q: 'x' }))).toBe('permission.missing')
    const stranger = contextOf(await person((await newWorld(1)).storeId, 'MANAGER'))
    expect(await refusal(lookUpPayment(stranger, { channelId: world.channelId, q: 'x' }))).toBe('channel.not_found')
    expect(await refusal(refreshPayment(viewer, { paymentId: randomUUID() }))).toBe('payment.not_found')
  })

  it('a gateway that does not answer is said to be so', async () => {
    await control('/faults', { gateway: 'portone', operation: 'inquire', fault: 'html-502', times: 1 })
    expect(await refusal(lookUpPayment(contextOf(world.operator), { channelId: world.channelId, q: 'x' }))).toBe(
      'gateway.unreachable',
    )
  })
})

describe('the feed', () => {
  it('takes over payments and outside cancels nobody told of, once', async () => {
    for (let index = 0; index < 3; index += 1)
      await control('/payments', {
        gateway: 'portone',
        method: 'CARD',
        status: 'PAID',
        amount: 7_000,
        paymentId: `feed-${index}`,
        channelKey: 'channel-key-00000000-0000-4000-8000-000000000012',
        skipWebhook: true,
      })
    await control('/outside-cancel', { payment: 'feed-1', amount: 2_000, where: 'portone-console' })
    for (let time = 0; time < 3; time += 1) await pollFeed(systemContext(), world.accountId)
    const rows = await db.payment.findMany({
      where: { storeId: world.storeId },
      include: { refunds: true, tasks: true },
    })
    expect(rows).toHaveLength(3)
    expect(rows.flatMap((row) => row.refunds.map((refund) => refund.amount))).toEqual([2_000n])
    expect(rows.flatMap((row) => row.tasks.map((task) => task.kind))).toEqual(['outside_cancel'])
  })

  it('says what kept it from reading and goes on where it stood', async () => {
    await control('/faults', { gateway: 'portone', operation: 'events', fault: 'html-502', times: 1 })
    await pollFeed(systemContext(), world.accountId)
    expect(await db.gatewayAccount.findUniqueOrThrow({ where: { id: world.accountId } })).toMatchObject({
      feedError: 'unknown',
      feedReadAt: null,
    })
    await pollFeed(systemContext(), world.accountId)
    expect((await db.gatewayAccount.findUniqueOrThrow({ where: { id: world.accountId } })).feedError).toBeNull()
  })
})

describe('the feed, where one payment cannot be read', () => {
  it('takes over the others, and comes back for that one', async () => {
    const of = { gateway: 'portone', method: 'CARD', status: 'PAID', amount: 1_000 }
    const { storeId, channelKey } = await keysOf(world)
    for (let count = 0; count < 3; count += 1) await control('/payments', { ...of, storeId, channelKey })
    await control('/faults', { gateway: 'portone', operation: 'inquire', fault: 'html-502' })
    const accounts = { where: { id: world.accountId } }
    await pollFeed(systemContext(), world.accountId)
    expect(await db.payment.count({ where: { storeId: world.storeId } })).toBe(2)
    expect(await db.gatewayAccount.findUnique(accounts)).toMatchObject({ feedReadAt: null, feedError: 'no_answer' })
    await pollFeed(systemContext(), world.accountId)
    expect(await db.payment.count({ where: { storeId: world.storeId } })).toBe(3)
    expect((await db.gatewayAccount.findUnique(accounts))?.feedError).toBeNull()
  })
})

describe('one payment at the gateway', () => {
  it('is one row, also when two see it first at once, one of them before it has a number at the PG', async () => {
    const seen = await newPayment(world, { amount: 1_000 })
    const account = await accountOf(world)
    const reading = await readAtGateway(systemContext(), account, seen.paymentId)
    if (reading.kind !== 'recorded') throw new Error(reading.kind)
    const at = instant(Date.now())
    for (let turn = 0; turn < 5; turn += 1) {
      const early = { ...reading.record, paymentId: `twice-${turn}`, pgTxId: null }
      const late = { ...early, pgTxId: `19999900000${turn}` }
      const record = (one: typeof late | typeof early) =>
        transaction((tx) => recordPayment(tx, systemContext(), account, one, at))
      const [one, other] = await Promise.all([record(early), record(late)])
      expect(one).toBe(other)
    }
  })
})

describe('what a page shows', () => {
  it('masks the person, and holds no personal data anywhere', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const view = await getPayment(contextOf(world.operator), payment.id)
    expect(view.buyerMasked).toMatch(/^.\*+.?$/)
    const text = JSON.stringify(view)
    expect(text).not.toMatch(/010\d{8}/)
    expect(text).not.toContain('buyer@example.com')
    const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id } })
    expect(row.personalSealed).toMatch(/^v1\./)
  })
})
