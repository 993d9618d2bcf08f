// Deliveries and held settlements at KCP, whose record tells of neither: what is lost waits for a notice or a person, and is never
// sent again.
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DAY_MS, instant, MINUTE_MS, plus, toIso } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { newKcpPayment, newKcpWorld } from '#lib/testing/kcp-world.ts'
import {
  contextOf,
  control,
  nextNoon,
  person,
  sheetFor,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { judge, withChannel } from '../cancellations/judge-cancellation.ts'
import { requestCancellation } from '../cancellations/request-cancellation.ts'
import { sendCancellation } from '../cancellations/send-cancellation.ts'
import { xlsx, type Cell } from '../exports/xlsx.ts'
import { endShipment } from './end-shipment.ts'
import { findEscrow, FindEscrow } from './find-escrow.ts'
import { holdSettlement } from './hold-settlement.ts'
import { markEscrow } from './mark-escrow.ts'
import { dueSheet } from './due-sheet.ts'
import { previewSheet } from './preview-sheet.ts'
import { readSheet } from './read-sheet.ts'
import { requestShipment, RequestShipment } from './request-shipment.ts'
import { headOf } from './sheet-columns.ts'
import { claimSending, sendShipment, talk } from './send-shipment.ts'
import { shippingOf } from './shipping-view.ts'
import { sweepEscrow, sweepShipments } from './sweep-shipments.ts'

let world: World
let clock = instant(0)
const system = () => ({ ...systemContext(), now: () => clock })
const clerk = () => ({ ...contextOf(world.operator), now: () => clock })

beforeEach(async () => {
  await control('/reset', {})
  clock = await nextNoon()
  world = await newKcpWorld('module')
  await db.$executeRaw`UPDATE "Payment" SET escrow = NULL`
})

const escrowPayment = (wish: object = {}) => newKcpPayment(world, { amount: 30_000, escrow: true, ...wish })
async function later(ms: number): Promise<void> {
  clock = plus(clock, ms)
  await control('/clock', { now: toIso(clock) })
  while ((await sweepShipments(system())) > 0);
}
const fault = (kind: string, operation: string) =>
  control('/faults', { gateway: 'kcp', operation, fault: kind, times: 1 })
const wishOf = (payment: Made, change: object = {}) =>
  RequestShipment.parse({
    id: randomUUID(),
    paymentId: payment.id,
    kind: 'register',
    courier: 'CJ',
    trackingNumber: '000123456789',
    sentAt: toIso(clock),
    sendEmail: false,
    ...change,
  })
async function order(payment: Made, change: object = {}): Promise<string> {
  const { id } = await requestShipment(clerk(), wishOf(payment, change))
  await sendShipment(system(), id)
  return id
}
async function hold(payment: Made, reason = '반품 협의 중'): Promise<string> {
  const { id } = await holdSettlement(clerk(), { id: randomUUID(), paymentId: payment.id, reason })
  await sendShipment(system(), id)
  return id
}
const row = (id: string) => db.shipment.findUniqueOrThrow({ where: { id } })
const rowOf = ({ id }: Made) => db.payment.findUniqueOrThrow({ where: { id }, include: withChannel })
const shippingOn = async (payment: Made) => shippingOf(clerk(), await rowOf(payment))
const problem = async (run: Promise<unknown>) => {
  const error: unknown = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof DomainError) return error
  throw new Error(`no problem: ${String(error)}`)
}
const atKcp = z.object({
  escrow: z.object({
    stage: z.string(),
    held: z.boolean(),
    deliNumb: z.string().optional(),
    deliCorp: z.string().optional(),
  }),
})
const truth = async ({ paymentId }: Made) => atKcp.parse(await control(`/payments/${paymentId}`)).escrow
const asked = async ({ paymentId }: Made, operation: string) =>
  z
    .array(z.object({ operation: z.string() }))
    .parse(await control(`/journal?gateway=kcp&payment=${paymentId}`))
    .filter((entry) => entry.operation === operation).length
const openTasks = async (payment: Made) =>
  (await db.task.findMany({ where: { paymentId: payment.id, resolvedAt: null } })).map(({ kind }) => kind)

describe('STE1', () => {
  it('is taken by the courier’s name, and what was registered is what the screen shows', async () => {
    const payment = await escrowPayment()
    const before = await shippingOn(payment)
    expect(before).toMatchObject({ stage: 'shipment_due', register: { kind: 'now', warnings: [] }, silent: true })
    expect(before?.couriers).toContain('OWN')
    expect(before?.couriers).not.toContain('SLX')
    const id = await order(payment)
    expect(await row(id)).toMatchObject({ state: 'DONE' })
    expect(await truth(payment)).toMatchObject({ stage: 'shipped', deliNumb: '000123456789', deliCorp: 'CJ대한통운' })
    expect(await shippingOn(payment)).toMatchObject({
      stage: 'registered',
      unread: false,
      delivery: { courier: 'CJ', trackingNumber: '000123456789' },
      register: { kind: 'never', reason: 'registered' },
      change: { kind: 'never', reason: 'no_change' },
      hold: { kind: 'now' },
    })
    const { facts } = await judge(
      db,
      await rowOf(payment),
      { kind: 'CANCEL', amount: null, taxFree: null },
      clock,
      null,
    )
    expect(facts.escrow).toBe('shipped')
  })

  it('of the shop’s own delivery has its own number', async () => {
    const payment = await escrowPayment()
    expect(RequestShipment.safeParse({ ...wishOf(payment), courier: 'OWN', sentAt: toIso(clock) }).success).toBe(false)
    await order(payment, { courier: 'OWN', trackingNumber: '0000' })
    expect(await truth(payment)).toMatchObject({ deliNumb: '0000', deliCorp: '자가배송' })
  })

  it('is not taken for a courier that KCP has no name for, or a number that is too long', async () => {
    const payment = await escrowPayment()
    const refused = async (change: object) => (await problem(requestShipment(clerk(), wishOf(payment, change)))).facts
    expect(await refused({ courier: 'SLX', trackingNumber: '123456' })).toEqual({ reason: 'courier_not_taken' })
    expect(await refused({ courier: 'DHL', trackingNumber: '1'.repeat(26) })).toEqual({ reason: 'tracking_long' })
    expect(await refused({ kind: 'change' })).toEqual({ reason: 'no_change' })
    expect(await asked(payment, 'escrow')).toBe(0)
  })

  it('that KCP refuses is declined with its code: registered already, or this server is not registered', async () => {
    const payment = await escrowPayment()
    await order(payment)
    await db.payment.update({ where: { id: payment.id }, data: { escrow: { status: 'BEFORE_REGISTERED' } } })
    const twice = await order(payment, { trackingNumber: '111122223333' })
    expect(await row(twice)).toMatchObject({ state: 'DECLINED', code: '5002' })
    expect((await truth(payment)).deliNumb).toBe('000123456789')
    await control('/settings', { gateway: 'kcp', addressRegistered: false })
    expect(await row(await order(await escrowPayment()))).toMatchObject({ state: 'DECLINED', code: '8012' })
  })
})

describe('an answer that is lost', () => {
  const lost = ['reply-lost', 'request-lost', 'empty-body', 'html-502', 'error-though-done'] as const
  it.each(lost)('%s: is asked of nobody, sent to nobody, and told to people', async (kind) => {
    const payment = await escrowPayment()
    await fault(kind, 'escrow')
    const id = await order(payment)
    expect(await row(id)).toMatchObject({ state: 'UNCONFIRMED', nextTryAt: null })
    const seen = await asked(payment, 'escrow')
    await later(3 * DAY_MS)
    await sweepEscrow(system())
    expect(await asked(payment, 'escrow')).toBe(seen)
    expect(await asked(payment, 'inquire')).toBe(0)
    expect(await row(id)).toMatchObject({ state: 'UNCONFIRMED', tries: 0 })
    expect(await openTasks(payment)).toContain('shipment_unknown')
    expect(await shippingOn(payment)).toMatchObject({ register: { kind: 'never', reason: 'open' } })
  })

  it('with the process that sent it: the same', async () => {
    const payment = await escrowPayment()
    const { id } = await requestShipment(clerk(), wishOf(payment))
    await db.shipment.update({
      where: { id },
      data: {
        state: 'SENDING',
        sending: 1,
        sendingSince: new Date(clock),
        nextTryAt: new Date(plus(clock, MINUTE_MS)),
      },
    })
    await later(2 * MINUTE_MS)
    expect(await row(id)).toMatchObject({ state: 'UNCONFIRMED', cause: 'no_answer_recorded', nextTryAt: null })
    expect(await asked(payment, 'escrow')).toBe(0)
    expect(await openTasks(payment)).toEqual(['shipment_unknown'])
  })

  it('is ended by a person who looked, with a note that stays', async () => {
    const [done, not] = [await escrowPayment(), await escrowPayment()]
    await fault('reply-lost', 'escrow')
    const doneId = await order(done)
    await endShipment(clerk(), { id: doneId, happened: true, note: '관리자 화면에서 배송중 확인' })
    expect(await row(doneId)).toMatchObject({ state: 'DONE', endedById: world.operator.id })
    expect(await shippingOn(done)).toMatchObject({
      stage: 'registered',
      delivery: { courier: 'CJ', trackingNumber: '000123456789' },
      orders: [{ ended: { by: world.operator.name, note: '관리자 화면에서 배송중 확인' } }],
    })
    expect(await openTasks(done)).toEqual([])
    await fault('request-lost', 'escrow')
    const notId = await order(not)
    await endShipment(clerk(), { id: notId, happened: false, note: '관리자 화면에 없음' })
    expect(await row(notId)).toMatchObject({ state: 'WITHDRAWN', cause: 'person' })
    expect(await shippingOn(not)).toMatchObject({ stage: 'shipment_due', register: { kind: 'now' } })
    await order(not)
    expect((await truth(not)).stage).toBe('shipped')
  })

  it('is ended by nobody else: not twice, not for another store, not by a viewer, not before it is lost', async () => {
    const payment = await escrowPayment()
    const { id } = await requestShipment(clerk(), wishOf(payment))
    const end = { id, happened: true, note: 'x' }
    expect((await problem(endShipment(clerk(), end))).facts).toEqual({ reason: 'not_unknown' })
    await fault('reply-lost', 'escrow')
    await sendShipment(system(), id)
    const stranger = contextOf(await person((await newKcpWorld('rest')).storeId, 'MANAGER'))
    expect((await problem(endShipment(stranger, end))).code).toBe('shipment.not_found')
    const viewer = contextOf(await person(world.storeId, 'VIEWER'))
    expect((await problem(endShipment(viewer, end))).code).toBe('permission.missing')
    await endShipment(clerk(), end)
    expect((await problem(endShipment(clerk(), end))).facts).toEqual({ reason: 'not_unknown' })
  })

  it('ends by itself once all the money has gone back', async () => {
    const payment = await escrowPayment()
    await fault('request-lost', 'escrow')
    const id = await order(payment)
    const sheet = await sheetFor(payment, 30_000)
    await requestCancellation(clerk(), sheet)
    await sendCancellation(system(), sheet.id)
    await later(MINUTE_MS)
    expect(await row(id)).toMatchObject({ state: 'WITHDRAWN', cause: 'cancelled' })
    expect(await openTasks(payment)).toEqual([])
  })

  it('where provably nothing left is tried again, three times at most', async () => {
    const payment = await escrowPayment()
    const { id } = await requestShipment(clerk(), wishOf(payment))
    for (let time = 1; time <= 3; time += 1) {
      const claim = await claimSending(system(), id)
      if (!claim) throw new Error('no claim')
      const call = { ...claim.account.call, endpoint: 'http://127.0.0.1:1' }
      await talk(system(), { ...claim, account: { ...claim.account, call } })
      expect(await row(id)).toMatchObject(
        time < 3 ? { state: 'WAITING', tries: time } : { state: 'WITHDRAWN', cause: 'not_sent' },
      )
      clock = plus(clock, MINUTE_MS)
    }
    expect(await asked(payment, 'escrow')).toBe(0)
  })
})

describe('STE3', () => {
  it('holds the settlement of what was shipped, with its reason, once', async () => {
    const payment = await escrowPayment()
    expect(await shippingOn(payment)).toMatchObject({ hold: { kind: 'never', reason: 'not_shipped' } })
    await order(payment)
    await later(1_000)
    const id = await hold(payment)
    expect(await row(id)).toMatchObject({ state: 'DONE', kind: 'hold', company: '', reason: '반품 협의 중' })
    expect(await truth(payment)).toMatchObject({ stage: 'shipped', held: true })
    const shown = await shippingOn(payment)
    expect(shown).toMatchObject({ stage: 'registered', hold: { kind: 'never', reason: 'held' } })
    expect(shown?.orders[0]).toMatchObject({ kind: 'hold', courier: null, reason: '반품 협의 중', state: 'DONE' })
    expect((await problem(hold(payment))).facts).toEqual({ reason: 'held' })
    const board = await findEscrow(clerk(), FindEscrow.parse({ stage: 'registered' }))
    expect(board.items[0]).toMatchObject({ order: { kind: 'hold', courier: null } })
  })

  it('whose answer is lost waits for people, and is not sent again', async () => {
    const payment = await escrowPayment()
    await order(payment)
    await fault('reply-lost', 'hold')
    const id = await hold(payment)
    expect(await row(id)).toMatchObject({ state: 'UNCONFIRMED', nextTryAt: null })
    await later(DAY_MS)
    expect(await asked(payment, 'hold')).toBe(1)
    await endShipment(clerk(), { id, happened: true, note: '보류 확인' })
    expect(await shippingOn(payment)).toMatchObject({ hold: { kind: 'never', reason: 'held' }, stage: 'registered' })
  })

  it('is the same wish under the same id, and nothing for a viewer', async () => {
    const payment = await escrowPayment()
    await order(payment)
    const wish = { id: randomUUID(), paymentId: payment.id, reason: '분쟁' }
    expect(await holdSettlement(clerk(), wish)).toEqual(await holdSettlement(clerk(), wish))
    expect((await problem(holdSettlement(clerk(), { ...wish, reason: '다른 사유' }))).code).toBe('request.reused_id')
    const viewer = contextOf(await person(world.storeId, 'VIEWER'))
    expect((await problem(holdSettlement(viewer, wish))).code).toBe('permission.missing')
  })

  it('is not there by REST, where no delivery is taken at all', async () => {
    world = await newKcpWorld('rest')
    const payment = await escrowPayment()
    expect(await shippingOn(payment)).toMatchObject({
      register: { kind: 'never', reason: 'unsupported' },
      change: { kind: 'never', reason: 'unsupported' },
      hold: null,
      couriers: [],
    })
    expect(
      (await problem(holdSettlement(clerk(), { id: randomUUID(), paymentId: payment.id, reason: 'x' }))).facts,
    ).toEqual({
      reason: 'unsupported',
    })
  })
})

describe('the board and its file', () => {
  const text = (value: string): Cell => ({ text: value })
  async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
    const chunks: Uint8Array[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  const previewed = async (cells: readonly (readonly Cell[])[]) => {
    async function* rows() {
      yield* cells
    }
    const content = (await bytesOf(xlsx(headOf('ko'), rows()))).toString('base64')
    return (await previewSheet(clerk(), { content })).rows
  }

  it('go out by tno and come back by it; no other number finds the payment', async () => {
    const payment = await escrowPayment()
    const board = await findEscrow(clerk(), FindEscrow.parse({}))
    expect(board.items.map((item) => item.payment.id)).toEqual([payment.id])
    const [out] = await readSheet(await bytesOf(await dueSheet(clerk(), {}, 'ko')))
    expect(out?.cells.number).toBe(payment.paymentId)
    const line = (number: string, courier: string, tracking: string | null): readonly Cell[] => [
      text(number),
      null,
      null,
      null,
      null,
      text(courier),
      tracking === null ? null : text(tracking),
      null,
    ]
    const one = async (number: string, courier: string, tracking: string | null) =>
      (await previewed([line(number, courier, tracking)]))[0]
    expect(await one(payment.paymentId, 'CJ대한통운', '000123456789')).toMatchObject({
      verdict: { ok: true, kind: 'register', paymentId: payment.id },
    })
    expect(await one(payment.paymentId, '자가배송', null)).toMatchObject({
      trackingNumber: '0000',
      verdict: { ok: true, courier: 'OWN' },
    })
    expect(await one(payment.paymentId, 'SLX', '123456')).toMatchObject({ verdict: { reason: 'courier_not_taken' } })
    expect(await one(payment.orderNo, 'CJ대한통운', '000123456789')).toMatchObject({ verdict: { reason: 'not_found' } })
    await order(payment)
    expect(await one(payment.paymentId, 'CJ대한통운', '111122223333')).toMatchObject({
      verdict: { reason: 'no_change' },
    })
  })

  it('nobody says of a KCP payment that it was asked for as escrow: its approval told it', async () => {
    const payment = await newKcpPayment(world, { amount: 1_000 })
    expect(await shippingOn(payment)).toBeNull()
    expect((await problem(markEscrow(clerk(), { paymentId: payment.id, asked: true }))).facts).toEqual({
      reason: 'unsupported',
    })
  })
})
