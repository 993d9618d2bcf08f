// What the first page says of the day, and what the list's title says of its payments.
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { addDays, DAY_MS, endOfDay, kstDate, plus, startOfDay, toDate, toIso, type Instant } from '#lib/domain/kst.ts'
import { now } from '#lib/server/clock.ts'
import type { Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { contextOf, newPayment, newWorld, person, type World } from '#lib/testing/world.ts'
import { FindPayments } from '../payments/find-payments.ts'
import { paymentTotals, SUMMED_MAX } from './payment-totals.ts'
import { today } from './today.ts'

let world: World
let viewer: Person
const morning = startOfDay(kstDate(now()))
/** Nine in the evening, so that the day has room on both sides. */
const at = plus(morning, 0.9 * DAY_MS)
const context = (actor: Person) => ({ ...contextOf(actor), now: () => at })

const raw = (wish: {
  amount: number
  at: Instant
  currency?: string
  testStore?: boolean
  method?: string
  paid?: boolean
}) => {
  const id = randomUUID()
  const time = toDate(wish.at)
  const paid = wish.paid ?? true
  return db.$executeRaw`
    INSERT INTO "Payment" (id, "storeId", "channelId", environment, "testStore", pg, mid, method, currency, amount, "taxFree", received, "orderName", "requestedAt", "approvedAt", "paidAt", "methodFacts")
    VALUES (${id}::uuid, ${world.storeId}::uuid, ${world.channelId}::uuid, 'sandbox', ${wish.testStore ?? false}, 'KSNET', 'raw', ${wish.method ?? 'CARD'}::"Method", ${wish.currency ?? 'KRW'}, ${wish.amount}, 0, ${paid ? wish.amount : 0}, '', ${time}, ${time}, ${paid ? time : null}, '{}')`.then(
    () => id,
  )
}
const refund = (paymentId: string, amount: number, when: Instant) =>
  db.refund.create({
    data: {
      paymentId,
      channelId: world.channelId,
      gatewayCancellationId: randomUUID(),
      amount: BigInt(amount),
      taxFree: 0n,
      partial: true,
      refundedAt: toDate(when),
      seenAt: toDate(when),
    },
  })

beforeAll(async () => {
  world = await newWorld()
  viewer = await person(world.storeId, 'VIEWER')
  const yesterday = plus(morning, -1)
  // One on each side of midnight in Seoul, and one that is cancelled on another day than it was approved.
  await raw({ amount: 10_000, at: morning })
  const before = await raw({ amount: 4_000, at: yesterday })
  await refund(before, 1_500, plus(morning, 1_000))
  await raw({ amount: 555, at: morning, currency: 'USD' })
  await raw({ amount: 77_777, at: morning, testStore: true })
  await raw({ amount: 66_666, at: morning, method: 'VIRTUAL_ACCOUNT', paid: false })
})

describe('today', () => {
  it('approved on the day of approval, cancelled on the day of the cancel, each currency for itself, tests in none', async () => {
    const view = await today(context(viewer), {})
    expect(view.today).toEqual([
      {
        day: kstDate(at),
        currency: 'KRW',
        approvedCount: 1,
        approved: 10_000,
        cancelledCount: 1,
        cancelled: 1_500,
        net: 8_500,
      },
      { day: kstDate(at), currency: 'USD', approvedCount: 1, approved: 555, cancelledCount: 0, cancelled: 0, net: 555 },
    ])
    expect(view.yesterday).toMatchObject([{ currency: 'KRW', approved: 4_000, cancelled: 0, net: 4_000 }])
    expect(view.trend.map(({ currency, days }) => [currency, days.length, days[0]?.day, days.at(-1)?.day])).toEqual([
      ['KRW', 30, addDays(kstDate(at), -29), kstDate(at)],
      ['USD', 30, addDays(kstDate(at), -29), kstDate(at)],
    ])
    expect(view.trend[0]?.days.reduce((sum, day) => sum + day.approved, 0)).toBe(14_000)
    expect(view).toMatchObject({ any: true, channels: true })
  })

  it('at the last moment of a day it is still that day, at the next another', async () => {
    const last = await today({ ...contextOf(viewer), now: () => plus(endOfDay(kstDate(at)), -1) }, {})
    expect(last.today[0]?.approved).toBe(10_000)
    const next = await today({ ...contextOf(viewer), now: () => endOfDay(kstDate(at)) }, {})
    expect(next.today).toEqual([])
    expect(next.yesterday[0]?.approved).toBe(10_000)
  })

  it('what waits is counted as its lists show it', async () => {
    const payment = await newPayment(world, { amount: 5_000, paidAt: toIso(plus(at, -40 * DAY_MS)) })
    const states = ['AWAITING_APPROVAL', 'SCHEDULED'] as const
    for (const state of states)
      await db.cancellation.create({
        data: {
          id: randomUUID(),
          paymentId:
            state === 'SCHEDULED'
              ? payment.id
              : (await newPayment(world, { amount: 5_000, paidAt: toIso(plus(at, -40 * DAY_MS)) })).id,
          storeId: world.storeId,
          channelId: world.channelId,
          kind: 'CANCEL',
          state,
          amount: 100n,
          taxFree: 0n,
          partial: true,
          remainderShown: 5_000n,
          remainderTaxFreeShown: 0n,
          reason: 'x',
          token: randomUUID(),
          inputHash: '',
          requestedById: viewer.id,
          requestedAt: toDate(at),
          ...(state === 'SCHEDULED' && { dueAt: toDate(plus(at, DAY_MS)) }),
        },
      })
    const task = {
      storeId: world.storeId,
      paymentId: payment.id,
      kind: 'outside_cancel',
      facts: {},
      createdAt: toDate(at),
    }
    await db.task.createMany({
      data: [
        { ...task, key: 'late', dueAt: toDate(plus(at, -1)) },
        { ...task, key: 'later', dueAt: toDate(plus(at, DAY_MS)) },
        { ...task, key: 'done', dueAt: toDate(plus(at, -1)), resolvedAt: toDate(at) },
      ],
    })
    expect((await today(context(viewer), {})).desk).toEqual({
      confirming: 0,
      approvals: 1,
      scheduled: 1,
      overdue: 1,
      shipments: 0,
    })
  })

  it('another store is missing, and its money in no sum; where nothing came yet, that is said', async () => {
    const other = await newWorld(1)
    await expect(today(context(viewer), { store: other.storeId })).rejects.toMatchObject({ code: 'store.not_found' })
    const stranger = await person(other.storeId, 'VIEWER')
    expect(await today(context(stranger), {})).toMatchObject({
      any: false,
      channels: true,
      today: [],
      yesterday: [],
      trend: [],
      desk: { confirming: 0, approvals: 0, scheduled: 0, overdue: 0, shipments: 0 },
    })
  })
})

const totals = (query: Record<string, string>) => paymentTotals(context(viewer), FindPayments.parse(query))

describe('the totals above a list', () => {
  it('come from the counters where only store, channel, method and period are chosen', async () => {
    const day = kstDate(at)
    expect(await totals({ from: day, to: day })).toMatchObject({
      basis: 'days',
      totals: [
        { currency: 'KRW', approvedCount: 1, approved: 10_000, cancelled: 1_500 },
        { currency: 'USD', approvedCount: 1, approved: 555 },
      ],
    })
    expect(await totals({ from: day, to: day, method: 'MOBILE' })).toEqual({ basis: 'days', totals: [] })
    expect(await totals({ from: day, to: day, store: randomUUID() })).toEqual({ basis: 'days', totals: [] })
  })

  it('are added up of the payments found with any other filter', async () => {
    const day = kstDate(plus(morning, -1))
    expect(await totals({ from: day, to: day, status: 'PARTIALLY_REFUNDED' })).toMatchObject({
      basis: 'rows',
      totals: [{ currency: 'KRW', approvedCount: 1, approved: 4_000, cancelledCount: 1, cancelled: 1_500, net: 2_500 }],
    })
    const [payment] = await db.reference.findMany({ where: { kind: 'PAYMENT_ID', storeId: world.storeId }, take: 1 })
    expect(await totals({ q: payment?.value ?? '' })).toMatchObject({ basis: 'rows', totals: [{ approved: 5_000 }] })
  })

  it('of a person are not said, and more than can be added up are only said to be more', async () => {
    expect(await totals({ q: '이름:홍길동' })).toEqual({ basis: 'none', totals: [] })
    await db.$executeRaw`
      INSERT INTO "Payment" (id, "storeId", "channelId", environment, pg, mid, method, currency, amount, "taxFree", "orderName", "requestedAt", "approvedAt", "methodFacts")
      SELECT gen_random_uuid(), ${world.storeId}::uuid, ${world.channelId}::uuid, 'sandbox', 'KSNET', 'raw', 'MOBILE', 'KRW', 1, 0, '', t, t, '{}'
      FROM generate_series(1, ${SUMMED_MAX + 1}::int), LATERAL (SELECT ${toDate(plus(morning, -90 * DAY_MS))}::timestamptz AS t) at`
    expect(await totals({ status: 'ISSUED' })).toEqual({ basis: 'many', totals: [] })
  })
})
