import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, plus, toIso } from '#lib/domain/kst.ts'
import { paymentStatuses } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { shippingStages } from '#lib/domain/shipping.ts'
import { stageOf } from '#lib/policy/shipping.ts'
import { db } from '#lib/server/db.ts'
import {
  accountOf,
  contextOf,
  control,
  newPayment,
  newWorld,
  person,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { withChannel } from '../cancellations/judge-cancellation.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { confirmShipment } from './confirm-shipment.ts'
import { findEscrow, FindEscrow } from './find-escrow.ts'
import { markEscrow } from './mark-escrow.ts'
import { requestShipment, RequestShipment } from './request-shipment.ts'
import { claimSending, sendShipment, talk } from './send-shipment.ts'
import { shippingOf } from './shipping-view.ts'
import { sweepEscrow, sweepShipments } from './sweep-shipments.ts'

let world: World
let clock = instant(Date.now())
const system = () => ({ ...systemContext(), now: () => clock })
const clerk = () => ({ ...contextOf(world.operator), now: () => clock })
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('no problem')
}
/** The one clock of gateway and console runs on, and what has become due is done. */
async function later(ms: number) {
  clock = plus(clock, ms)
  await control('/clock', { now: toIso(clock) })
  while ((await sweepShipments(system())) > 0);
}
const fault = (kind: string, operation: string, times = 1) =>
  control('/faults', { gateway: 'portone', operation, fault: kind, times })

beforeEach(async () => {
  await control('/reset', {})
  clock = instant(Math.floor(Date.now() / 1_000) * 1_000)
  await control('/clock', { now: toIso(clock) })
  world = await newWorld()
  // The sweep looks at every payment there is; those of other tests are no longer at the gateway.
  await db.$executeRaw`UPDATE "Payment" SET escrow = NULL`
})

const EMAIL = { customer: { name: '홍길동', email: 'hong@example.com' } }
const escrowPayment = (wish: object = {}): Promise<Made> =>
  newPayment(world, { amount: 30_000, escrow: true, ...EMAIL, ...wish } as Parameters<typeof newPayment>[1])

const orderFor = (payment: Made, change: object = {}): RequestShipment =>
  RequestShipment.parse({
    id: randomUUID(),
    paymentId: payment.id,
    kind: 'register',
    courier: 'CJ',
    trackingNumber: '000123456789',
    sentAt: toIso(clock),
    sendEmail: true,
    ...change,
  })
async function order(payment: Made, change: object = {}): Promise<string> {
  const { id } = await requestShipment(clerk(), orderFor(payment, change))
  await sendShipment(system(), id)
  return id
}
const row = (id: string) => db.shipment.findUniqueOrThrow({ where: { id } })
const stateOf = async (id: string) => (await row(id)).state
const shippingOn = async (payment: Made) => {
  const found = await db.payment.findUniqueOrThrow({
    where: { id: payment.id },
    include: withChannel,
  })
  return shippingOf(clerk(), found)
}
const entries = z.array(z.object({ operation: z.string(), effect: z.string(), idempotencyKey: z.string().nullish() }))
async function journal(payment: Made, operation: 'escrow' | 'escrow-modify') {
  const all = entries.parse(await control(`/journal?gateway=portone&payment=${encodeURIComponent(payment.paymentId)}`))
  const of = all.filter((entry) => entry.operation === operation)
  return {
    asked: of.length,
    executed: of.filter((entry) => entry.effect === 'executed').length,
    keys: of.map((one) => one.idempotencyKey),
  }
}
const openTasks = (payment: Made) =>
  db.task.findMany({
    where: { paymentId: payment.id, resolvedAt: null },
    select: { kind: true, key: true, dueAt: true },
  })

describe('a delivery that goes well', () => {
  it('is registered once, with its zeros, and the screen shows what the record says', async () => {
    const payment = await escrowPayment()
    expect(await shippingOn(payment)).toMatchObject({
      stage: 'shipment_due',
      register: { kind: 'now', warnings: [] },
      change: { kind: 'never', reason: 'not_registered' },
    })
    const id = await order(payment)
    expect(await stateOf(id)).toBe('DONE')
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 1, executed: 1 })
    expect(await shippingOn(payment)).toMatchObject({
      stage: 'registered',
      delivery: { courier: 'CJ', trackingNumber: '000123456789', sentAt: clock },
      dueAt: null,
      register: { kind: 'never', reason: 'registered' },
      orders: [{ id, state: 'DONE', requestedBy: world.operator.name }],
    })
    const actions = await db.auditEntry.findMany({ where: { subjectId: payment.id }, orderBy: { id: 'asc' } })
    expect(actions.map((one) => one.action)).toEqual(['payment.recorded', 'shipment.register', 'shipment.outcome'])
  })

  it('says that the buyer has no e-mail', async () => {
    const payment = await escrowPayment()
    await db.payment.update({ where: { id: payment.id }, data: { personalSealed: null } })
    expect(await shippingOn(payment)).toMatchObject({ register: { kind: 'now', warnings: ['no_email'] } })
  })
})

describe('an order that is refused before anything is sent', () => {
  it('with the same id and input answers the same, with another input is refused', async () => {
    const payment = await escrowPayment()
    const wish = orderFor(payment)
    await requestShipment(clerk(), wish)
    expect(await requestShipment(clerk(), wish)).toEqual({ id: wish.id })
    expect((await problemOf(requestShipment(clerk(), { ...wish, courier: 'LOGEN' }))).code).toBe('request.reused_id')
    expect(await db.shipment.count({ where: { paymentId: payment.id } })).toBe(1)
  })

  it('of two clerks at once one is told, and the gateway is asked once', async () => {
    const payment = await escrowPayment()
    const [one, other] = [orderFor(payment), orderFor(payment, { trackingNumber: '999988887777' })]
    const results = await Promise.allSettled([requestShipment(clerk(), one), requestShipment(clerk(), other)])
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await later(1_000)
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 1, executed: 1 })
  })

  it('the database itself takes no second open order', async () => {
    const payment = await escrowPayment()
    const { id } = await requestShipment(clerk(), orderFor(payment))
    const { payment: _, ...copy } = { ...(await row(id)), payment: null }
    await expect(db.shipment.create({ data: { ...copy, id: randomUUID() } })).rejects.toThrow('Unique constraint')
    await expect(db.shipment.update({ where: { id }, data: { state: 'LOST' } })).rejects.toThrow('Shipment_state_check')
  })

  it('is missing for another store and forbidden for a viewer', async () => {
    const payment = await escrowPayment()
    const stranger = await person((await newWorld(1)).storeId, 'MANAGER')
    const viewer = await person(world.storeId, 'VIEWER')
    expect((await problemOf(requestShipment(contextOf(stranger), orderFor(payment)))).code).toBe('payment.not_found')
    expect((await problemOf(requestShipment(contextOf(viewer), orderFor(payment)))).code).toBe('permission.missing')
    expect(await db.shipment.count({ where: { paymentId: payment.id } })).toBe(0)
  })

  it.each([
    ['a plain payment', {}, { escrow: false }, 'not_escrow'],
    ['a change before the registration', { kind: 'change' }, {}, 'not_registered'],
    ['a time after tomorrow', { sentAt: toIso(plus(instant(Date.now()), 3 * DAY_MS)) }, {}, 'sent_in_future'],
    ['a time before the payment', { sentAt: '2020-01-01T00:00:00+09:00' }, {}, 'sent_before_paid'],
  ])('%s', async (_, change, wish, reason) => {
    const payment = await escrowPayment(wish)
    const problem = await problemOf(requestShipment(clerk(), orderFor(payment, change)))
    expect([problem.code, problem.facts['reason']]).toEqual(['shipment.not_allowed', reason])
  })

  it.each([
    ['a number that is no number of this courier', { trackingNumber: '12-34' }],
    ['a time without its offset', { sentAt: '2026-11-21T14:00:00' }],
    ['a courier nobody knows', { courier: 'PIGEON' }],
  ])('%s is not even read', async (_, change) => {
    const payment = await escrowPayment()
    expect(() => orderFor(payment, change)).toThrow(z.ZodError)
  })

  it('while the store is stopped', async () => {
    const payment = await escrowPayment()
    const { id } = await requestShipment(clerk(), orderFor(payment))
    await db.store.update({ where: { id: world.storeId }, data: { stoppedAt: new Date(), stoppedWhy: 'test' } })
    await sendShipment(system(), id)
    expect(await stateOf(id)).toBe('WAITING')
    const other = await escrowPayment()
    expect((await problemOf(requestShipment(clerk(), orderFor(other)))).code).toBe('sending.stopped')
    await db.store.update({ where: { id: world.storeId }, data: { stoppedAt: null } })
    await later(61_000)
    expect(await stateOf(id)).toBe('DONE')
  })
})

describe('a change that is too early', () => {
  it('before the clock waits and is sent by itself when the clock has moved', async () => {
    const payment = await escrowPayment()
    await order(payment)
    const id = await order(payment, { kind: 'change', trackingNumber: '111122223333' })
    expect(await row(id)).toMatchObject({ state: 'WAITING', sending: 0 })
    await later(29 * MINUTE_MS)
    expect(await journal(payment, 'escrow-modify')).toMatchObject({ asked: 0 })
    await later(2 * MINUTE_MS)
    expect(await stateOf(id)).toBe('DONE')
    expect(await shippingOn(payment)).toMatchObject({ delivery: { trackingNumber: '111122223333' } })
  })

  it('is tried every five minutes while the gateway says so, with a key of its own each time', async () => {
    await control('/settings', { escrowDelayMinutes: 47 })
    const payment = await escrowPayment()
    await order(payment)
    const id = await order(payment, { kind: 'change', courier: 'LOGEN', trackingNumber: '12345678901' })
    await later(30 * MINUTE_MS)
    expect(await row(id)).toMatchObject({ state: 'WAITING', cause: 'early', code: 'SBX-ESCROW-EARLY' })
    for (let step = 0; step < 4; step += 1) await later(5 * MINUTE_MS)
    expect(await stateOf(id)).toBe('DONE')
    const { asked, executed, keys } = await journal(payment, 'escrow-modify')
    expect([asked, executed, new Set(keys).size]).toEqual([5, 1, 5])
  })

  it('is declined ninety minutes after the payment, with a task that ends with the next change', async () => {
    await control('/settings', { escrowDelayMinutes: 600 })
    const payment = await escrowPayment()
    await order(payment)
    const id = await order(payment, { kind: 'change', trackingNumber: '111122223333' })
    for (let step = 0; step < 20; step += 1) await later(5 * MINUTE_MS)
    expect(await row(id)).toMatchObject({ state: 'DECLINED', code: 'SBX-ESCROW-EARLY' })
    expect(await openTasks(payment)).toMatchObject([{ kind: 'shipment_not_editable', key: id }])
    await control('/settings', { escrowDelayMinutes: 30 })
    expect(await stateOf(await order(payment, { kind: 'change', trackingNumber: '444455556666' }))).toBe('DONE')
    expect(await openTasks(payment)).toEqual([])
  })
})

describe('an answer that is lost', () => {
  it.each(['reply-lost', 'empty-body', 'error-though-done'])('%s: found in the record, sent once', async (kind) => {
    const payment = await escrowPayment()
    await fault(kind, 'escrow')
    const id = await order(payment)
    expect(await stateOf(id)).toBe('UNCONFIRMED')
    expect((await problemOf(requestShipment(clerk(), orderFor(payment)))).facts['reason']).toBe('open')
    await later(1_000)
    expect(await stateOf(id)).toBe('DONE')
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 1, executed: 1 })
  })

  it.each(['request-lost', 'html-502'])('%s: sent again only after two minutes, under the same key', async (kind) => {
    const payment = await escrowPayment()
    await fault(kind, 'escrow')
    const id = await order(payment)
    await later(110_000)
    expect(await stateOf(id)).toBe('UNCONFIRMED')
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 1, executed: 0 })
    await later(30_000)
    expect(await stateOf(id)).toBe('DONE')
    // What was lost on the way left no key behind.
    const { asked, executed, keys } = await journal(payment, 'escrow')
    expect([asked, executed, keys.at(-1)]).toEqual([2, 1, `${id}-1`])
  })

  it('is sent again three times, then given up as not in the record, and never called declined', async () => {
    const payment = await escrowPayment()
    await fault('request-lost', 'escrow', 9)
    const id = await order(payment)
    for (let step = 0; step < 12; step += 1) await later(MINUTE_MS)
    expect(await row(id)).toMatchObject({ state: 'WITHDRAWN', cause: 'not_in_record' })
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 4, executed: 0 })
    await control('/faults', undefined, 'DELETE')
    expect(await stateOf(await order(payment))).toBe('DONE')
  })

  it('while reading fails nothing is decided and nothing is sent', async () => {
    const payment = await escrowPayment()
    await fault('reply-lost', 'escrow')
    await fault('html-502', 'inquire', 3)
    const id = await order(payment)
    for (let step = 0; step < 3; step += 1) await later(2 * MINUTE_MS)
    expect(await stateOf(id)).toBe('UNCONFIRMED')
    await later(2 * MINUTE_MS)
    expect(await stateOf(id)).toBe('DONE')
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 1, executed: 1 })
  })

  it('of a change is told apart from what was registered before', async () => {
    const payment = await escrowPayment()
    await order(payment)
    await later(2 * HOUR_MS)
    await fault('request-lost', 'escrow-modify')
    const id = await order(payment, { kind: 'change', sentAt: toIso(plus(clock, -MINUTE_MS)) })
    await later(1_000)
    expect(await stateOf(id)).toBe('UNCONFIRMED')
    await later(150_000)
    expect(await stateOf(id)).toBe('DONE')
    expect(await journal(payment, 'escrow-modify')).toMatchObject({ executed: 1 })
  })

  it('ends declined where somebody registered other data meanwhile', async () => {
    const payment = await escrowPayment()
    await fault('request-lost', 'escrow')
    const id = await order(payment)
    const { call } = await accountOf(world)
    const made = await fetch(`${call.endpoint}/payments/${payment.paymentId}/escrow/logistics`, {
      method: 'POST',
      headers: { Authorization: `PortOne ${call.credentials['apiSecret']}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ logistics: { company: 'LOTTE', invoiceNumber: '9876543210', sentAt: toIso(clock) } }),
    })
    expect(made.status).toBe(200)
    await later(150_000)
    expect(await row(id)).toMatchObject({ state: 'DECLINED', code: 'OTHER_REGISTERED' })
    expect(await journal(payment, 'escrow')).toMatchObject({ executed: 1 })
  })

  it('is found again after the process that sent it has died', async () => {
    const payment = await escrowPayment()
    const { id } = await requestShipment(clerk(), orderFor(payment))
    await db.shipment.update({
      where: { id },
      data: { state: 'SENDING', sending: 1, sendingSince: new Date(clock), nextTryAt: new Date(plus(clock, 90_000)) },
    })
    await later(89_000)
    expect(await stateOf(id)).toBe('SENDING')
    await later(2_000)
    expect(await row(id)).toMatchObject({ state: 'UNCONFIRMED', cause: 'no_answer_recorded' })
    await later(60_000)
    expect(await stateOf(id)).toBe('DONE')
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 1, executed: 1 })
  })
})

describe('what the gateway refuses', () => {
  it('is declined with its code', async () => {
    const payment = await escrowPayment()
    const reading = await db.payment.findUniqueOrThrow({ where: { id: payment.id } })
    await order(payment)
    // Another console's page still shows it as not registered.
    await db.payment.update({ where: { id: payment.id }, data: { escrow: { status: 'BEFORE_REGISTERED' } } })
    const id = await order(payment, { trackingNumber: '111122223333' })
    expect(await row(id)).toMatchObject({ state: 'DECLINED', code: 'SBX-ESCROW-REGISTERED' })
    expect(reading.escrow).toEqual({ status: 'BEFORE_REGISTERED' })
  })

  it('what provably never left is tried three times, then withdrawn', async () => {
    const payment = await escrowPayment()
    const { id } = await requestShipment(clerk(), orderFor(payment))
    for (let time = 0; time < 3; time += 1) {
      const claim = await claimSending(system(), id)
      if (!claim) throw new Error('no claim')
      const call = { ...claim.account.call, endpoint: 'http://127.0.0.1:1' }
      await talk(system(), { ...claim, account: { ...claim.account, call } })
      expect(await row(id)).toMatchObject(
        time < 2 ? { state: 'WAITING', tries: time + 1 } : { state: 'WITHDRAWN', cause: 'not_sent' },
      )
      expect(await claimSending(system(), id)).toBeNull()
      clock = plus(clock, 10_000)
    }
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 0 })
  })
})

describe('a permission that was held too long', () => {
  it('is given back unused, and the order goes by another', async () => {
    const payment = await escrowPayment()
    const { id } = await requestShipment(clerk(), orderFor(payment))
    const claim = await claimSending(system(), id)
    if (!claim) throw new Error('no claim')
    clock = plus(clock, 30_000)
    await talk(system(), claim)
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 0 })
    await later(10_000)
    expect(await stateOf(id)).toBe('DONE')
  })
})

describe('two replicas', () => {
  it('send an order once, however often both are told to', async () => {
    const payments = await Promise.all(Array.from({ length: 5 }, () => escrowPayment()))
    const ids = await Promise.all(
      payments.map(async (payment) => (await requestShipment(clerk(), orderFor(payment))).id),
    )
    await Promise.all([
      sweepShipments(system()),
      sweepShipments(system()),
      ...ids.flatMap((id) => [sendShipment(system(), id), sendShipment(system(), id)]),
    ])
    for (const id of ids) expect(await stateOf(id)).toBe('DONE')
    for (const payment of payments) expect(await journal(payment, 'escrow')).toMatchObject({ asked: 1, executed: 1 })
  })

  it('ask once, and resend once', async () => {
    const payment = await escrowPayment()
    await fault('request-lost', 'escrow')
    const id = await order(payment)
    clock = plus(clock, 150_000)
    await control('/clock', { now: toIso(clock) })
    await Promise.all([confirmShipment(system(), id), confirmShipment(system(), id), confirmShipment(system(), id)])
    expect(await stateOf(id)).toBe('DONE')
    expect(await journal(payment, 'escrow')).toMatchObject({ asked: 2, executed: 1 })
  })
})

describe('a payment that was cancelled', () => {
  it('takes its waiting order back at once', async () => {
    const payment = await escrowPayment()
    await order(payment)
    const id = await order(payment, { kind: 'change', trackingNumber: '111122223333' })
    await control('/outside-cancel', { payment: payment.paymentId, amount: 30_000, where: 'portone-console' })
    await readAtGateway(system(), await accountOf(world), payment.paymentId)
    await later(1_000)
    expect(await row(id)).toMatchObject({ state: 'WITHDRAWN', cause: 'cancelled' })
    expect(await journal(payment, 'escrow-modify')).toMatchObject({ asked: 0 })
    expect(await openTasks(payment)).toMatchObject([{ kind: 'outside_cancel' }])
  })
})

describe('what the clock brings about', () => {
  it('a shipment not registered becomes a task on its last day, which ends when it is', async () => {
    const payment = await escrowPayment()
    const paidAt = clock
    clock = plus(clock, 2 * DAY_MS - MINUTE_MS)
    await sweepEscrow(system())
    expect(await openTasks(payment)).toEqual([])
    clock = plus(clock, MINUTE_MS)
    await control('/clock', { now: toIso(clock) })
    await sweepEscrow(system())
    await sweepEscrow(system())
    expect(await openTasks(payment)).toEqual([
      { kind: 'shipment_due', key: 'shipment', dueAt: new Date(plus(paidAt, 3 * DAY_MS)) },
    ])
    await order(payment)
    expect(await openTasks(payment)).toEqual([])
  })

  it('what the courier and the buyer did is seen without a notice', async () => {
    const payment = await escrowPayment()
    await order(payment)
    await control(`/payments/${encodeURIComponent(payment.paymentId)}/escrow`, { status: 'CONFIRMED' })
    await sweepEscrow(system())
    expect(await shippingOn(payment)).toMatchObject({ stage: 'registered' })
    clock = plus(clock, 6 * HOUR_MS + MINUTE_MS)
    await sweepEscrow(system())
    expect(await shippingOn(payment)).toMatchObject({ stage: 'confirmed', change: { kind: 'never', reason: 'ended' } })
  })

  it('a record that could not be read after a registration is read later', async () => {
    const payment = await escrowPayment()
    clock = plus(clock, 1_000)
    await control('/clock', { now: toIso(clock) })
    await fault('html-502', 'inquire')
    await order(payment)
    expect(await shippingOn(payment)).toMatchObject({ stage: 'shipment_due', unread: true })
    expect((await problemOf(requestShipment(clerk(), orderFor(payment)))).facts['reason']).toBe('open')
    clock = plus(clock, 1_000)
    await sweepEscrow(system())
    expect(await shippingOn(payment)).toMatchObject({ stage: 'registered' })
  })
})

describe('what was asked for as escrow but came as a plain payment', () => {
  it('is known only from a person, becomes a task, and goes when it is taken back', async () => {
    await control('/settings', { escrowContract: false })
    const payment = await escrowPayment()
    expect(await shippingOn(payment)).toBeNull()
    expect(await markEscrow(clerk(), { paymentId: payment.id, asked: true })).toEqual({ result: 'not_known_yet' })
    expect(await openTasks(payment)).toEqual([
      { kind: 'escrow_not_escrow', key: 'asked', dueAt: new Date(plus(clock, 60 * MINUTE_MS)) },
    ])
    clock = plus(clock, 60 * MINUTE_MS)
    await control('/clock', { now: toIso(clock) })
    await sweepEscrow(system())
    expect(await openTasks(payment)).toHaveLength(1)
    expect(await markEscrow(clerk(), { paymentId: payment.id, asked: true })).toEqual({ result: 'not_escrow' })
    await markEscrow(clerk(), { paymentId: payment.id, asked: false })
    expect(await openTasks(payment)).toEqual([])
    expect(await shippingOn(payment)).toBeNull()
  })

  it('is no task where the record knows it, and asks no viewer', async () => {
    const payment = await escrowPayment()
    expect(await markEscrow(clerk(), { paymentId: payment.id, asked: true })).toEqual({ result: 'escrow' })
    expect(await openTasks(payment)).toEqual([])
    const viewer = contextOf(await person(world.storeId, 'VIEWER'))
    expect((await problemOf(markEscrow(viewer, { paymentId: payment.id, asked: true }))).code).toBe(
      'permission.missing',
    )
  })
})

describe('the board', () => {
  it('puts every payment where the rules put it, and counts the same', async () => {
    const template = await escrowPayment()
    const { id: _, pgTxId: __, ...copy } = await db.payment.findUniqueOrThrow({ where: { id: template.id } })
    await db.payment.update({ where: { id: template.id }, data: { approvedAt: new Date(plus(clock, -DAY_MS)) } })
    const expected = new Map(shippingStages.map((stage): [string, string[]] => [stage, []]))
    expected.get('shipment_due')?.push(template.id)
    const escrows = [
      'BEFORE_REGISTERED',
      'REGISTERED',
      'DELIVERED',
      'CONFIRMED',
      'REJECTED',
      'REJECT_CONFIRMED',
      'CANCELLED',
      'NEW',
    ]
    for (const status of paymentStatuses) {
      for (const escrow of escrows) {
        const paid = status !== 'ISSUED' && status !== 'CLOSED'
        const received = paid ? 30_000n : 0n
        const made = await db.payment.create({
          data: {
            ...copy,
            methodFacts: {},
            cashReceipt: undefined,
            gatewayRecord: undefined,
            received,
            receivedTaxFree: 0n,
            paidAt: paid ? copy.paidAt : null,
            closedAt: status === 'CLOSED' ? copy.paidAt : null,
            escrow: { status: escrow },
          } as never,
        })
        if (status === 'REFUNDED' || status === 'PARTIALLY_REFUNDED')
          await db.refund.create({
            data: {
              paymentId: made.id,
              channelId: world.channelId,
              gatewayCancellationId: made.id,
              amount: status === 'REFUNDED' ? 30_000n : 1_000n,
              taxFree: 0n,
              partial: status !== 'REFUNDED',
              refundedAt: copy.approvedAt,
              seenAt: copy.approvedAt,
              ...(status !== 'REFUNDED' && { sequence: 1 }),
            },
          })
        const stored = await db.payment.findUniqueOrThrow({ where: { id: made.id } })
        expect(stored.status).toBe(status)
        expected.get(stageOf(status, escrow))?.push(made.id)
      }
    }
    const context = clerk()
    for (const stage of shippingStages) {
      const ids: string[] = []
      let cursor: string | undefined
      do {
        const page = await findEscrow(context, FindEscrow.parse({ stage, limit: 3, ...(cursor && { cursor }) }))
        ids.push(...page.items.map((item) => item.payment.id))
        expect(page.items.every((item) => item.stage === stage)).toBe(true)
        expect(page.counts[stage]).toBe(expected.get(stage)?.length)
        cursor = page.next ?? undefined
      } while (cursor)
      expect(ids.toSorted(), stage).toEqual(expected.get(stage)?.toSorted())
      expect(new Set(ids).size).toBe(ids.length)
    }
    const due = await findEscrow(context, FindEscrow.parse({}))
    expect(due.items[0]?.payment.id).toBe(template.id)
    expect(due.overdue).toBe(0)
    const late = await findEscrow({ ...context, now: () => plus(clock, 4 * DAY_MS) }, FindEscrow.parse({}))
    expect(late.overdue).toBe(expected.get('shipment_due')?.length)
    const stranger = contextOf(await person((await newWorld(1)).storeId, 'MANAGER'))
    expect(await findEscrow(stranger, FindEscrow.parse({}))).toMatchObject({ items: [], counts: { shipment_due: 0 } })
  })
})
