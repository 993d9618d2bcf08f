import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { instant, plus, toDate, toIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { GatewayCancellation } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db, transaction } from '#lib/server/db.ts'
import { log } from '#lib/server/log.ts'
import {
  accountOf,
  contextOf,
  control,
  invariantsOf,
  journalOf,
  newPayment,
  newWorld,
  person,
  sheetFor,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { recordPayment } from '../payments/record-payment.ts'
import { requestCancellation } from './request-cancellation.ts'
import { claimSending, sendCancellation, talk, talkInTime } from './send-cancellation.ts'
import { recordOutcome } from './record-outcome.ts'
import { sweepCancellations } from './sweep-cancellations.ts'
import { withdrawCancellation } from './withdraw-cancellation.ts'

let world: World
let clock = instant(Date.now())
const system = () => ({ ...systemContext(), now: () => clock })
const clerk = () => ({ ...contextOf(world.operator), now: () => clock })
const stateOf = async (id: string) => (await db.cancellation.findUniqueOrThrow({ where: { id } })).state
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('no problem')
}
/** Lets the injected clock run on and does what has become due. */
async function later(ms: number) {
  clock = plus(clock, ms)
  while ((await sweepCancellations(system())) > 0);
}
const fault = (fault: string, times = 1, operation = 'cancel') =>
  control('/faults', { gateway: 'portone', operation, fault, times })

beforeEach(async () => {
  await control('/reset', {})
  clock = instant(Date.now())
  world = await newWorld()
})

async function cancelOf(payment: Made, amount: number, taxFree = 0): Promise<string> {
  const sheet = await sheetFor(payment, amount, taxFree)
  await requestCancellation(clerk(), sheet)
  await sendCancellation(system(), sheet.id)
  return sheet.id
}

describe('a cancellation that goes well', () => {
  it('ends DONE with its refund, its sequence and its sums', async () => {
    const payment = await newPayment(world, { amount: 12_000 })
    const first = await cancelOf(payment, 1_000)
    const second = await cancelOf(payment, 2_500)
    const rows = await db.cancellation.findMany({
      where: { id: { in: [first, second] } },
      orderBy: { requestedAt: 'asc' },
    })
    expect(rows.map((row) => [row.state, row.sequence])).toEqual([
      ['DONE', 1],
      ['DONE', 2],
    ])
    const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id } })
    expect([row.refunded, row.open, row.openCount, row.status]).toEqual([3_500n, 0n, 0, 'PARTIALLY_REFUNDED'])
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 2, asked: 2 })
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('takes the tax-free part exactly and ends with both at zero', async () => {
    const payment = await newPayment(world, { amount: 10_000, taxFree: 4_000 })
    await cancelOf(payment, 3_000, 1_000)
    await cancelOf(payment, 7_000, 3_000)
    const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id } })
    expect([row.refunded, row.refundedTaxFree, row.status]).toEqual([10_000n, 4_000n, 'REFUNDED'])
  })

  it('counts nine partial cancels and refuses the tenth', async () => {
    const payment = await newPayment(world, { amount: 10_000 })
    for (let number = 1; number <= 9; number += 1) await cancelOf(payment, 1_000)
    const problem = await problemOf(requestCancellation(clerk(), await sheetFor(payment, 1_000)))
    expect([problem.code, problem.facts['rule']]).toEqual(['cancellation.refused', 'CANCEL-COUNT'])
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 9, asked: 9 })
  })
})

describe('a wish that is refused before anything is sent', () => {
  it('with the same id and input answers the same, with another input is refused', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const sheet = await sheetFor(payment, 1_000)
    await requestCancellation(clerk(), sheet)
    expect(await requestCancellation(clerk(), sheet)).toEqual({ id: sheet.id })
    expect((await problemOf(requestCancellation(clerk(), { ...sheet, amount: 2_000 }))).code).toBe('request.reused_id')
    expect(await db.cancellation.count({ where: { paymentId: payment.id } })).toBe(1)
  })

  it('of two clerks with the same sheet the second is told, and one refund is made', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const colleague = { ...contextOf(await person(world.storeId, 'OPERATOR')), now: () => clock }
    const [one, other] = [await sheetFor(payment, 1_000), await sheetFor(payment, 1_000)]
    const results = await Promise.allSettled([requestCancellation(clerk(), one), requestCancellation(colleague, other)])
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await sendCancellation(system(), one.id)
    await sendCancellation(system(), other.id)
    const late = await problemOf(requestCancellation(colleague, { ...other, id: randomUUID() }))
    expect(late.code).toBe('cancellation.stale')
    expect(late.facts).toMatchObject({ shownAmount: 5_000, leftAmount: 4_000 })
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 1, asked: 1 })
  })

  it('is missing for another store and forbidden for a viewer', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const stranger = await person((await newWorld(1)).storeId, 'MANAGER')
    const viewer = await person(world.storeId, 'VIEWER')
    expect((await problemOf(requestCancellation(contextOf(stranger), await sheetFor(payment, 1_000)))).code).toBe(
      'payment.not_found',
    )
    expect((await problemOf(requestCancellation(contextOf(viewer), await sheetFor(payment, 1_000)))).code).toBe(
      'permission.missing',
    )
    expect(await db.cancellation.count({ where: { paymentId: payment.id } })).toBe(0)
  })

  it('can be withdrawn while nothing was sent, and is then never sent', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const sheet = await sheetFor(payment, 1_000)
    await requestCancellation(clerk(), sheet)
    await withdrawCancellation(clerk(), { id: sheet.id })
    await sendCancellation(system(), sheet.id)
    expect(await stateOf(sheet.id)).toBe('WITHDRAWN')
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 0, asked: 0 })
    const done = await cancelOf(payment, 1_000)
    expect((await problemOf(withdrawCancellation(clerk(), { id: done }))).code).toBe('cancellation.not_withdrawable')
  })
})

describe('an answer that is lost', () => {
  it.each(['reply-lost', 'empty-body', 'error-though-done'])(
    '%s: UNCONFIRMED, then DONE by reading, one refund',
    async (kind) => {
      const payment = await newPayment(world, { amount: 5_000 })
      await fault(kind)
      const id = await cancelOf(payment, 1_000)
      expect(await stateOf(id)).toBe('UNCONFIRMED')
      expect((await problemOf(requestCancellation(clerk(), await sheetFor(payment, 500)))).code).toBe(
        'cancellation.open',
      )
      await later(1_000)
      expect(await stateOf(id)).toBe('DONE')
      expect(await journalOf(payment.paymentId)).toEqual({ executed: 1, asked: 1 })
      expect(await invariantsOf(payment.id)).toEqual([])
    },
  )

  it.each(['request-lost', 'html-502'])(
    '%s: asked until no answer can come, then replayed once under its key',
    async (kind) => {
      const payment = await newPayment(world, { amount: 5_000 })
      await fault(kind)
      const id = await cancelOf(payment, 1_000)
      expect(await stateOf(id)).toBe('UNCONFIRMED')
      await later(60_000)
      expect(await stateOf(id)).toBe('UNCONFIRMED')
      expect((await journalOf(payment.paymentId)).asked).toBe(1)
      await later(5 * 60_000)
      expect(await stateOf(id)).toBe('DONE')
      expect(await journalOf(payment.paymentId)).toEqual({ executed: 1, asked: 2 })
    },
  )

  it('is replayed at most once, and not after two hours', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await fault('request-lost', 5)
    const id = await cancelOf(payment, 1_000)
    for (let step = 0; step < 20; step += 1) await later(10 * 60_000)
    expect(await stateOf(id)).toBe('UNCONFIRMED')
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 0, asked: 2 })
    await control('/faults', undefined, 'DELETE')
    const other = await newPayment(world, { amount: 5_000 })
    await fault('request-lost')
    const late = await cancelOf(other, 1_000)
    await later(2 * 3_600_000)
    expect(await stateOf(late)).toBe('UNCONFIRMED')
    expect((await journalOf(other.paymentId)).asked).toBe(1)
  })

  it('an error while asking changes nothing', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await fault('reply-lost')
    const id = await cancelOf(payment, 1_000)
    for (const kind of ['html-502', 'reply-lost', 'empty-body']) await fault(kind, 1, 'inquire')
    await later(1_000)
    await later(5_000)
    await later(30_000)
    expect(await stateOf(id)).toBe('UNCONFIRMED')
    await later(60_000)
    expect(await stateOf(id)).toBe('DONE')
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 1, asked: 1 })
  })

  it('a gateway that is not reached at all was sent nothing: three tries, then withdrawn', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const sheet = await sheetFor(payment, 1_000)
    await requestCancellation(clerk(), sheet)
    for (let time = 0; time < 3; time += 1) {
      const claim = await claimSending(system(), sheet.id)
      if (!claim) throw new Error('no claim')
      const nowhere = { ...claim, wire: { ...claim.wire, url: 'http://127.0.0.1:1/' } }
      const heard = await talk(nowhere)
      expect(heard.outcome.kind).toBe('not_sent')
      await recordOutcome(system(), claim, heard)
    }
    expect(await stateOf(sheet.id)).toBe('WITHDRAWN')
    expect((await db.payment.findUniqueOrThrow({ where: { id: payment.id } })).open).toBe(0n)
  })
})

describe('an answer that is recorded late', () => {
  async function claimed(payment: Made) {
    const sheet = await sheetFor(payment, 1_000)
    await requestCancellation(clerk(), sheet)
    const claim = await claimSending(system(), sheet.id)
    if (!claim) throw new Error('no claim')
    return claim
  }
  const unauthorized = { kind: 'declined', code: 'UNAUTHORIZED', reason: 'credentials' } as const

  it('a refusal of the first sending does not end an intent that was replayed, and made', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const claim = await claimed(payment)
    await fault('reply-lost')
    await later(95_000)
    const { transcript } = await talkInTime(system(), claim)
    await recordOutcome(system(), claim, { outcome: unauthorized, transcript })
    expect(await stateOf(claim.cancellationId)).toBe('UNCONFIRMED')
    await later(60_000)
    expect(await stateOf(claim.cancellationId)).toBe('DONE')
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 1, asked: 1 })
  })

  it('a permission that was held too long is given back unused', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const claim = await claimed(payment)
    clock = plus(clock, 30_000)
    const heard = await talkInTime(system(), claim)
    expect(heard.outcome.kind).toBe('not_sent')
    await recordOutcome(system(), claim, heard)
    expect(await stateOf(claim.cancellationId)).toBe('READY')
    await later(3_000)
    expect(await stateOf(claim.cancellationId)).toBe('DONE')
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 1, asked: 1 })
  })

  it('proof that nothing was sent ends an intent that was held for unknown, and frees the payment', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const claim = await claimed(payment)
    await fault('html-502', 1, 'inquire')
    await later(95_000)
    expect(await stateOf(claim.cancellationId)).toBe('UNCONFIRMED')
    await recordOutcome(system(), claim, await talkInTime(system(), claim))
    expect(await stateOf(claim.cancellationId)).toBe('DECLINED')
    expect((await journalOf(payment.paymentId)).asked).toBe(0)
    await cancelOf(payment, 5_000)
  })
})

describe('a record that tells more than was expected', () => {
  const told = (id: string, token: string, status: GatewayCancellation['status']): GatewayCancellation => ({
    id,
    status,
    amount: minor(1_000),
    taxFree: minor(0),
    requestedAt: clock,
    cancelledAt: clock,
    reason: `고객 변심 [${token}]`,
  })
  /** The payment's true record with these cancels in it instead, taken over as a reading would. */
  async function reading(payment: Made, cancellations: readonly GatewayCancellation[]) {
    const account = await accountOf(world)
    const read = await readAtGateway(system(), account, payment.paymentId)
    if (read.kind !== 'recorded') throw new Error(read.kind)
    const record = { ...read.record, cancellations }
    await transaction((tx) => recordPayment(tx, system(), account, record, clock))
  }
  const refundsOf = (payment: Made) =>
    db.refund.findMany({ where: { paymentId: payment.id }, orderBy: { gatewayCancellationId: 'asc' } })
  async function unknown(payment: Made) {
    await fault('request-lost')
    return db.cancellation.findUniqueOrThrow({ where: { id: await cancelOf(payment, 1_000) } })
  }

  it('two cancels under one mark: one ends the intent, the other is counted and shown to a person', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const { id, token } = await unknown(payment)
    await reading(payment, [told('a', token, 'succeeded'), told('b', token, 'succeeded')])
    expect((await refundsOf(payment)).map((refund) => refund.cancellationId)).toEqual([id, null])
    expect(await stateOf(id)).toBe('DONE')
    expect(await db.task.count({ where: { paymentId: payment.id, kind: 'declined_but_done' } })).toBe(1)
    expect((await db.payment.findUniqueOrThrow({ where: { id: payment.id } })).refunded).toBe(2_000n)
  })

  it('a cancel of ours that failed does not end the one that was taken for later', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const { id, token } = await unknown(payment)
    await reading(payment, [told('first', token, 'failed'), told('second', token, 'requested')])
    await reading(payment, [told('first', token, 'failed'), told('second', token, 'requested')])
    expect(await stateOf(id)).toBe('ACCEPTED')
    await reading(payment, [told('first', token, 'failed'), told('second', token, 'failed')])
    expect(await stateOf(id)).toBe('DECLINED')
  })

  it('a cancel under the mark of an intent that waits to be sent takes it back', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const sheet = await sheetFor(payment, 1_000)
    await requestCancellation(clerk(), sheet)
    const { token } = await db.cancellation.findUniqueOrThrow({ where: { id: sheet.id } })
    await reading(payment, [told('a', token, 'succeeded')])
    await sendCancellation(system(), sheet.id)
    expect(await stateOf(sheet.id)).toBe('WITHDRAWN')
    expect((await journalOf(payment.paymentId)).asked).toBe(0)
  })
})

describe('an intent that breaks whoever takes it up', () => {
  it('stands behind the others instead of before them', async () => {
    const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined)
    const broken = await newPayment(world, { amount: 5_000 })
    const sheet = await sheetFor(broken, 1_000)
    await requestCancellation(clerk(), sheet)
    await db.gatewayAccount.update({ where: { id: world.accountId }, data: { secrets: { apiSecret: 'not sealed' } } })
    world = await newWorld()
    const other = await newPayment(world, { amount: 5_000 })
    const wish = await sheetFor(other, 1_000)
    await requestCancellation(clerk(), wish)
    await later(0)
    expect(await stateOf(wish.id)).toBe('DONE')
    const stuck = await db.cancellation.findUniqueOrThrow({ where: { id: sheet.id } })
    expect([stuck.state, stuck.nextAskAt]).toEqual(['READY', toDate(plus(clock, 60_000))])
    expect(logged).toHaveBeenCalledOnce()
    await db.$executeRaw`UPDATE "Cancellation" SET "nextAskAt" = NULL WHERE id = ${sheet.id}::uuid`
    logged.mockRestore()
  })
})

describe('what others do meanwhile', () => {
  it('an outside cancel is counted once, and an intent it leaves too large is withdrawn', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const sheet = await sheetFor(payment, 4_000)
    await requestCancellation(clerk(), sheet)
    await control('/outside-cancel', { payment: payment.paymentId, amount: 2_000, where: 'portone-console' })
    for (let time = 0; time < 3; time += 1) await readAtGateway(system(), await accountOf(world), payment.paymentId)
    expect(await stateOf(sheet.id)).toBe('WITHDRAWN')
    const row = await db.payment.findUniqueOrThrow({
      where: { id: payment.id },
      include: { refunds: true, tasks: true },
    })
    expect([row.refunded, row.open, row.refunds.length]).toEqual([2_000n, 0n, 1])
    expect(row.refunds[0]?.sequence).toBe(1)
    expect(row.tasks.map((task) => task.kind)).toEqual(['outside_cancel'])
    const own = await cancelOf(payment, 1_000)
    expect((await db.cancellation.findUniqueOrThrow({ where: { id: own } })).sequence).toBe(2)
  })

  it('a cancel made there after the sheet was read is refused there, found by reading, and never retried', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await control('/outside-cancel', { payment: payment.paymentId, amount: 2_000, where: 'portone-console' })
    const id = await cancelOf(payment, 1_000)
    await later(1_000)
    expect(await stateOf(id)).toBe('DECLINED')
    const row = await db.payment.findUniqueOrThrow({ where: { id: payment.id } })
    expect([row.refunded, row.open]).toEqual([2_000n, 0n])
    expect((await journalOf(payment.paymentId)).asked).toBe(1)
  })

  it('our own cancel read before its answer is recorded is counted once', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const sheet = await sheetFor(payment, 1_000)
    await requestCancellation(clerk(), sheet)
    const claim = await claimSending(system(), sheet.id)
    if (!claim) throw new Error('no claim')
    const heard = await talk(claim)
    await readAtGateway(system(), await accountOf(world), payment.paymentId)
    expect(await stateOf(sheet.id)).toBe('DONE')
    await recordOutcome(system(), claim, heard)
    await recordOutcome(system(), claim, heard)
    await readAtGateway(system(), await accountOf(world), payment.paymentId)
    const row = await db.payment.findUniqueOrThrow({
      where: { id: payment.id },
      include: { refunds: true, tasks: true },
    })
    expect([row.refunded, row.refunds.length, row.tasks.length]).toEqual([1_000n, 1, 0])
  })

  it('two processes that want to send the same intent send it once', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const sheet = await sheetFor(payment, 1_000)
    await requestCancellation(clerk(), sheet)
    await Promise.all(Array.from({ length: 6 }, () => sendCancellation(system(), sheet.id)))
    expect(await stateOf(sheet.id)).toBe('DONE')
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 1, asked: 1 })
  })

  it('an asynchronous cancel waits as ACCEPTED until the gateway says its end', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await fault('async')
    const id = await cancelOf(payment, 1_000)
    expect(await stateOf(id)).toBe('ACCEPTED')
    expect((await problemOf(requestCancellation(clerk(), await sheetFor(payment, 500)))).code).toBe('cancellation.open')
  })
})

describe('a rule whose time passes between the wish and the sending', () => {
  it('is judged again: the window that closed withdraws the intent', async () => {
    const paidAt = toIso(plus(clock, -150 * 86_400_000))
    const payment = await newPayment(world, { amount: 5_000, paidAt })
    const sheet = await sheetFor(payment, 1_000)
    await requestCancellation(clerk(), sheet)
    clock = plus(clock, 60 * 86_400_000)
    await sendCancellation(system(), sheet.id)
    const row = await db.cancellation.findUniqueOrThrow({ where: { id: sheet.id } })
    expect([row.state, row.cause?.split(':')[1]]).toEqual(['WITHDRAWN', 'CANCEL-WINDOW'])
    expect((await journalOf(payment.paymentId)).asked).toBe(0)
  })
})
