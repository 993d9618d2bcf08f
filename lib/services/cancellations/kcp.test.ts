// Cancels at KCP, by its module and by REST: the gateway keeps no list of cancels, so what is not known is settled by what is left.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, plus, toIso } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { crashPoints } from '#lib/testing/crash.ts'
import { newKcpPayment, newKcpWorld } from '#lib/testing/kcp-world.ts'
import {
  contextOf,
  control,
  invariantsOf,
  nextNoon,
  person,
  sheetFor,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { requestCancellation } from './request-cancellation.ts'
import { claimSending, sendCancellation, talk } from './send-cancellation.ts'
import { recordOutcome } from './record-outcome.ts'
import { sweepCancellations } from './sweep-cancellations.ts'

const ways = ['module', 'rest'] as const
let world: World
let clock = instant(0)
const system = () => ({ ...systemContext(), now: () => clock })
const clerk = () => ({ ...contextOf(world.operator), now: () => clock })
const rowOf = (id: string) => db.cancellation.findUniqueOrThrow({ where: { id } })
const paymentOf = ({ id }: Made) => db.payment.findUniqueOrThrow({ where: { id } })
const fault = (kind: string, operation = 'cancel', times = 1) =>
  control('/faults', { gateway: 'kcp', operation, fault: kind, times })

const entries = z.array(z.object({ operation: z.string(), effect: z.string() }))
/** How often money went back at KCP through us, and how often it was asked to. */
async function journal({ paymentId }: Made): Promise<{ executed: number; asked: number }> {
  const all = entries.parse(await control(`/journal?gateway=kcp&payment=${paymentId}`))
  const cancels = all.filter((entry) => entry.operation === 'cancel')
  return { executed: cancels.filter((entry) => entry.effect === 'executed').length, asked: cancels.length }
}

/** Both clocks run on, and what has become due is done. */
async function later(ms: number): Promise<void> {
  clock = plus(clock, ms)
  await control('/clock', { now: toIso(clock) })
  while ((await sweepCancellations(system())) > 0);
}

async function cancelOf(payment: Made, amount: number, taxFree = 0): Promise<string> {
  const sheet = await sheetFor(payment, amount, taxFree)
  await requestCancellation(clerk(), sheet)
  await sendCancellation(system(), sheet.id)
  return sheet.id
}

const outside = (payment: Made, amount: number) => control('/outside-cancel', { payment: payment.paymentId, amount })
const tasksOf = async ({ id }: Made) =>
  (await db.task.findMany({ where: { paymentId: id }, orderBy: { kind: 'asc' } })).map(({ kind }) => kind)

describe.each(ways)('by %s', (way) => {
  beforeEach(async () => {
    await control('/reset', {})
    clock = await nextNoon()
    world = await newKcpWorld(way)
  })

  it('parts and the last of it are done, each known by what has gone', async () => {
    const payment = await newKcpPayment(world, { amount: 27_900 })
    const ids = [await cancelOf(payment, 22_500), await cancelOf(payment, 5_400)]
    const rows = await Promise.all(ids.map(rowOf))
    expect(rows.map((row) => [row.state, row.gatewayCancellationId])).toEqual([
      ['DONE', `${payment.paymentId}/22500`],
      ['DONE', `${payment.paymentId}/27900`],
    ])
    expect(await paymentOf(payment)).toMatchObject({ refunded: 27_900n, status: 'REFUNDED' })
    expect(await journal(payment)).toEqual({ executed: 2, asked: 2 })
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('the whole is done at once', async () => {
    const payment = await newKcpPayment(world, { amount: 12_000 })
    const id = await cancelOf(payment, 12_000)
    expect(await rowOf(id)).toMatchObject({ state: 'DONE', gatewayCancellationId: `${payment.paymentId}/12000` })
    expect(await journal(payment)).toEqual({ executed: 1, asked: 1 })
  })

  it('of two clerks with the same sheet one is told, and one refund is made', async () => {
    const payment = await newKcpPayment(world, { amount: 5_000 })
    const colleague = { ...contextOf(await person(world.storeId, 'OPERATOR')), now: () => clock }
    const [one, other] = [await sheetFor(payment, 1_000), await sheetFor(payment, 1_000)]
    const results = await Promise.allSettled([requestCancellation(clerk(), one), requestCancellation(colleague, other)])
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await sendCancellation(system(), one.id)
    await sendCancellation(system(), other.id)
    expect(await journal(payment)).toEqual({ executed: 1, asked: 1 })
  })

  it('a lost answer is unknown, then done by what is left, and never sent again', async () => {
    const payment = await newKcpPayment(world, { amount: 10_000 })
    await fault('reply-lost')
    const id = await cancelOf(payment, 10_000)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    const sheet = await sheetFor(payment, 10_000)
    await expect(requestCancellation(clerk(), sheet)).rejects.toBeInstanceOf(DomainError)
    await later(3 * MINUTE_MS)
    expect(await rowOf(id)).toMatchObject({ state: 'DONE', evidence: { by: 'balance', left: 0 } })
    await later(DAY_MS)
    expect(await journal(payment)).toEqual({ executed: 1, asked: 1 })
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('a lost request stays unknown until ten minutes after its last moment, then counts as not done', async () => {
    const payment = await newKcpPayment(world, { amount: 10_000 })
    await fault('request-lost')
    const id = await cancelOf(payment, 10_000)
    await later(8 * MINUTE_MS)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    for (let turn = 0; turn < 6; turn += 1) await later(5 * MINUTE_MS)
    expect(await rowOf(id)).toMatchObject({ state: 'DECLINED', declineCode: 'NOT_IN_RECORD' })
    expect(await journal(payment)).toMatchObject({ executed: 0 })
    await cancelOf(payment, 10_000)
    expect(await paymentOf(payment)).toMatchObject({ refunded: 10_000n, status: 'REFUNDED' })
    expect(await journal(payment)).toMatchObject({ executed: 1 })
  })

  it('refused as done before: what the record shows was another’s, and ours is refused', async () => {
    const payment = await newKcpPayment(world, { amount: 10_000 })
    await outside(payment, 10_000)
    const id = await cancelOf(payment, 10_000)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    await later(3 * MINUTE_MS)
    expect((await rowOf(id)).state).toBe('DECLINED')
    expect(await paymentOf(payment)).toMatchObject({ refunded: 10_000n, status: 'REFUNDED' })
    expect(await tasksOf(payment)).toEqual(['outside_cancel'])
    expect(await journal(payment)).toMatchObject({ executed: 0 })
  })

  it('nothing left this machine: sent again at most three times, then withdrawn', async () => {
    const account = await db.gatewayAccount.findFirstOrThrow({ where: { storeId: world.storeId } })
    expect(account.mode).toBe(way)
    const payment = await newKcpPayment(world, { amount: 3_000 })
    const sheet = await sheetFor(payment, 3_000)
    await requestCancellation(clerk(), sheet)
    const claim = await claimSending(system(), sheet.id)
    if (!claim) throw new Error('no claim')
    // To a port where nobody listens.
    const nowhere = 'http://127.0.0.1:1'
    const { connector, call } = claim.account
    const wire = connector.operations.cancel.request(claim.input, { ...call, endpoint: nowhere })
    const heard = await talk({ ...claim, wire })
    expect(heard.outcome.kind).toBe('not_sent')
    await recordOutcome(system(), claim, heard)
    expect(await rowOf(sheet.id)).toMatchObject({ state: 'READY', notSent: 1 })
    await later(MINUTE_MS)
    expect((await rowOf(sheet.id)).state).toBe('DONE')
    expect(await journal(payment)).toEqual({ executed: 1, asked: 1 })
  })

  it.each(crashPoints)('killed %s: one refund at most, and the end is known', { timeout: 90_000 }, async (point) => {
    const payment = await newKcpPayment(world, { amount: 5_000 })
    if (point === 'no answer yet')
      await control('/faults', { gateway: 'kcp', operation: 'cancel', fault: 'slow', times: 1, ms: 60_000 })
    const wish = await sheetFor(payment, 5_000)
    const input = JSON.stringify({ point, personId: world.operator.id, storeId: world.storeId, wish })
    const child = spawn(process.execPath, ['--conditions=react-server', 'lib/testing/crash.ts', input], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [, signal]: unknown[] = await once(child, 'exit')
    expect(signal).toBe('SIGKILL')
    await later(MINUTE_MS)
    await later(3 * MINUTE_MS)
    for (let turn = 0; turn < 6; turn += 1) await later(5 * MINUTE_MS)
    const { state } = await rowOf(wish.id)
    // What was claimed and never sent is not in the record and never sent: KCP promises no answer to the same message twice.
    expect(state).toBe(point === 'after commit 2' ? 'DECLINED' : 'DONE')
    expect(await journal(payment)).toMatchObject({ executed: state === 'DONE' ? 1 : 0 })
    expect(await invariantsOf(payment.id)).toEqual([])
  })
})

describe('what the balance says beside an intent that is out', () => {
  beforeEach(async () => {
    await control('/reset', {})
    clock = await nextNoon()
    world = await newKcpWorld('rest')
  })

  it('less than ours is another’s, and ours is still looked for', async () => {
    const payment = await newKcpPayment(world, { amount: 10_000 })
    await fault('request-lost')
    const id = await cancelOf(payment, 4_000)
    await outside(payment, 1_500)
    await later(3 * MINUTE_MS)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    expect(await paymentOf(payment)).toMatchObject({ refunded: 1_500n, open: 4_000n })
    for (let turn = 0; turn < 6; turn += 1) await later(5 * MINUTE_MS)
    expect(await rowOf(id)).toMatchObject({ state: 'DECLINED', declineCode: 'NOT_IN_RECORD' })
    expect(await tasksOf(payment)).toEqual(['outside_cancel'])
  })

  it('more than ours is held until ours has ended, and somebody is told', async () => {
    const payment = await newKcpPayment(world, { amount: 10_000 })
    await fault('reply-lost')
    const id = await cancelOf(payment, 4_000)
    await outside(payment, 1_500)
    await later(HOUR_MS)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    expect(await paymentOf(payment)).toMatchObject({ refunded: 0n, open: 4_000n })
    expect(await tasksOf(payment)).toEqual(['outside_cancel'])
    expect(await journal(payment)).toEqual({ executed: 1, asked: 1 })
  })

  it('refused beside a larger cancel of another’s: ours is refused, and the other is in the sums', async () => {
    const payment = await newKcpPayment(world, { amount: 10_000 })
    await outside(payment, 5_500)
    const id = await cancelOf(payment, 4_000)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    await later(3 * MINUTE_MS)
    expect(await rowOf(id)).toMatchObject({ state: 'DECLINED', declineCode: '8037' })
    expect(await paymentOf(payment)).toMatchObject({ refunded: 5_500n, open: 0n })
    expect(await tasksOf(payment)).toEqual(['outside_cancel'])
  })

  it('of the same amount, but from before ours was sent, is not taken for ours', async () => {
    const payment = await newKcpPayment(world, { amount: 10_000 })
    await outside(payment, 4_000)
    await later(HOUR_MS)
    await fault('request-lost')
    const id = await cancelOf(payment, 4_000)
    for (let turn = 0; turn < 7; turn += 1) await later(5 * MINUTE_MS)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    expect(await tasksOf(payment)).toEqual(['outside_cancel'])
    expect(await journal(payment)).toMatchObject({ executed: 0 })
  })

  it('one that was held for lost and is done after all is recorded, and somebody looks at it', async () => {
    const payment = await newKcpPayment(world, { amount: 10_000 })
    await fault('request-lost')
    const id = await cancelOf(payment, 4_000)
    for (let turn = 0; turn < 7; turn += 1) await later(5 * MINUTE_MS)
    expect((await rowOf(id)).state).toBe('DECLINED')
    await outside(payment, 4_000)
    const again = await cancelOf(payment, 10_000)
    expect((await rowOf(again)).state).not.toBe('DONE')
    await later(3 * MINUTE_MS)
    expect(await tasksOf(payment)).toContain('declined_but_done')
    expect(await paymentOf(payment)).toMatchObject({ refunded: 4_000n })
    expect(await invariantsOf(payment.id)).toEqual([])
  })
})
