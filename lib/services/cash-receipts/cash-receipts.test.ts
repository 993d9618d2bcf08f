import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { instant, MINUTE_MS, plus } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { unseal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import {
  accountOf,
  contextOf,
  control,
  newPayment,
  newWorld,
  nextNoon,
  person,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { getPayment } from '../payments/get-payment.ts'
import { recordPayment } from '../payments/record-payment.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { cancelReceipt, issueReceipt, type Ordered } from './order-receipt.ts'
import { sendReceipt } from './send-receipt.ts'
import { sweepReceipts } from './sweep-receipts.ts'

let world: World
let clock = instant(Date.now())
const system = () => ({ ...systemContext(), now: () => clock })
const clerk = () => ({ ...contextOf(world.operator), now: () => clock })
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return [error.code, error.facts['reason'] ?? null]
    throw error
  }
  throw new Error('no problem')
}
const fault = (operation: string, kind: string, times = 1) =>
  control('/faults', { gateway: 'portone', operation, fault: kind, times })
const send = async ({ id, claim }: Ordered) => {
  if (claim) await sendReceipt(system(), claim)
  return db.cashReceiptOrder.findUniqueOrThrow({ where: { id } })
}
async function later(ms: number) {
  clock = plus(clock, ms)
  while ((await sweepReceipts(system())) > 0);
}
const orderOf = (id: string) => db.cashReceiptOrder.findUniqueOrThrow({ where: { id } })
const openTasks = async (payment: Made) =>
  (
    await db.task.findMany({
      where: { paymentId: payment.id, resolvedAt: null, kind: { startsWith: 'cash_receipt' } },
    })
  ).map(({ kind }) => kind)
const entry = z.object({ operation: z.string(), effect: z.string() })
/** How often the gateway was asked to do it, and did. */
async function doneAt(operation: string) {
  const all = z.array(entry).parse(await control(`/journal?gateway=portone`))
  const ours = all.filter((one) => one.operation === operation)
  return [ours.length, ours.filter((one) => one.effect === 'executed').length]
}
const receiptOf = async (payment: Made) => (await getPayment(clerk(), payment.id)).cashReceipts?.receipt

/** A mixed-tax virtual account with a receipt of the window, of which a part was refunded outside. */
async function refundedInPart(): Promise<Made> {
  const wish = {
    amount: 10_000,
    taxFree: 4_000,
    method: 'VIRTUAL_ACCOUNT',
    accountType: 'FIXED',
    cashReceipt: { type: 'PERSONAL', number: '01012341234' },
  }
  const payment = await newPayment(world, wish)
  await control('/outside-cancel', {
    payment: payment.paymentId,
    amount: 3_000,
    taxFree: 1_000,
    where: 'portone-console',
  })
  clock = plus(clock, 1_000)
  await readAtGateway(system(), await accountOf(world), payment.paymentId)
  return payment
}
const cancelOf = (payment: Made) => ({ id: randomUUID(), paymentId: payment.id })
const issueOf = (payment: Made, change: object = {}) => ({
  id: randomUUID(),
  paymentId: payment.id,
  type: 'PERSONAL' as const,
  identityNumber: '01098765432',
  amount: minor(7_000),
  taxFree: minor(3_000),
  ...change,
})

beforeEach(async () => {
  await control('/reset', {})
  clock = await nextNoon()
  world = await newWorld()
})

describe('after a partial refund', () => {
  it('cancel and issue again for the rest end the one task, and the number is nowhere in plain', async () => {
    const payment = await refundedInPart()
    expect(await openTasks(payment)).toEqual(['cash_receipt_reissue'])
    expect((await send(await cancelReceipt(clerk(), cancelOf(payment)))).state).toBe('DONE')
    expect((await receiptOf(payment))?.status).toBe('CANCELLED')
    expect(await openTasks(payment)).toEqual(['cash_receipt_reissue'])
    const order = await send(await issueReceipt(clerk(), issueOf(payment)))
    expect([order.state, order.identityMasked]).toEqual(['DONE', '****5432'])
    expect(JSON.stringify(order, (_, value) => (typeof value === 'bigint' ? Number(value) : value))).not.toContain(
      '01098765432',
    )
    expect(unseal(order.identityNumber ?? '', ['CashReceiptOrder', order.id, 'identityNumber'])).toBe('01098765432')
    expect(await receiptOf(payment)).toMatchObject({ status: 'ISSUED', amount: 7_000, taxFree: 3_000 })
    expect(await openTasks(payment)).toEqual([])
    const trail = await db.auditEntry.findMany({ where: { subjectId: payment.id } })
    expect(JSON.stringify(trail.map(({ facts }) => facts))).not.toContain('5432')
    // The gateway's own record says the same.
    clock = plus(clock, 1_000)
    await readAtGateway(system(), await accountOf(world), payment.paymentId)
    expect(await receiptOf(payment)).toMatchObject({ status: 'ISSUED', amount: 7_000, taxFree: 3_000 })
    expect(await openTasks(payment)).toEqual([])
  })
})

describe('an order whose answer is lost', () => {
  it.each(['reply-lost', 'empty-body', 'error-though-done'])(
    '%s: is asked about and found done, and never sent twice',
    async (kind) => {
      const payment = await refundedInPart()
      await fault('cash-receipt-cancel', kind)
      const cancelled = await send(await cancelReceipt(clerk(), cancelOf(payment)))
      expect(cancelled.state).toBe('UNCONFIRMED')
      expect(await problemOf(issueReceipt(clerk(), issueOf(payment)))).toEqual([
        'cash_receipt.not_allowed',
        'order_open',
      ])
      await later(3_000)
      expect((await orderOf(cancelled.id)).state).toBe('DONE')
      await fault('cash-receipt-issue', kind)
      const issued = await send(await issueReceipt(clerk(), issueOf(payment)))
      expect(issued.state).toBe('UNCONFIRMED')
      await later(3_000)
      expect((await orderOf(issued.id)).state).toBe('DONE')
      expect(await openTasks(payment)).toEqual([])
      expect([await doneAt('cash-receipt-cancel'), await doneAt('cash-receipt-issue')]).toEqual([
        [1, 1],
        [1, 1],
      ])
    },
  )

  it('request-lost: stays unknown until no answer can come, then is said not to be in the record', async () => {
    const payment = await refundedInPart()
    await fault('cash-receipt-cancel', 'request-lost')
    const order = await send(await cancelReceipt(clerk(), cancelOf(payment)))
    await later(30_000)
    expect((await orderOf(order.id)).state).toBe('UNCONFIRMED')
    await later(5 * MINUTE_MS)
    expect(await orderOf(order.id)).toMatchObject({ state: 'DECLINED', code: 'NOT_IN_RECORD' })
    expect(await doneAt('cash-receipt-cancel')).toEqual([1, 0])
    expect((await send(await cancelReceipt(clerk(), cancelOf(payment)))).state).toBe('DONE')
  })

  it('an error while asking changes nothing, and the pauses grow', async () => {
    const payment = await refundedInPart()
    await fault('cash-receipt-cancel', 'reply-lost')
    await fault('cash-receipt', 'html-502', 3)
    const order = await send(await cancelReceipt(clerk(), cancelOf(payment)))
    const pauses: number[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      const { nextAskAt } = await orderOf(order.id)
      clock = instant(nextAskAt?.getTime() ?? 0)
      await sweepReceipts(system())
      const asked = await orderOf(order.id)
      expect(asked.state).toBe('UNCONFIRMED')
      pauses.push((asked.nextAskAt?.getTime() ?? 0) - clock)
    }
    expect(pauses).toEqual([2_000, 5_000, 15_000])
    await later(MINUTE_MS)
    expect((await orderOf(order.id)).state).toBe('DONE')
  })

  it('a process that dies with the order in its hand leaves one that is asked about, not sent', async () => {
    const payment = await refundedInPart()
    const { id } = await cancelReceipt(clerk(), cancelOf(payment))
    await later(10 * MINUTE_MS)
    expect(await orderOf(id)).toMatchObject({ state: 'DECLINED', code: 'NOT_IN_RECORD' })
    expect(await doneAt('cash-receipt-cancel')).toEqual([0, 0])
  })
})

it('a reading that began before an order was done does not bring the old receipt back', async () => {
  const payment = await refundedInPart()
  const account = await accountOf(world)
  const early = clock
  const read = await readAtGateway(system(), account, payment.paymentId)
  clock = plus(clock, 1_000)
  await send(await cancelReceipt(clerk(), cancelOf(payment)))
  if (read.kind !== 'recorded') throw new Error(read.kind)
  await transaction((tx) => recordPayment(tx, system(), account, read.record, early))
  expect((await receiptOf(payment))?.status).toBe('CANCELLED')
})

describe('what is refused before anything is sent', () => {
  it('the same id with another input, a second receipt, too much, a wrong tax-free part, a number that is none', async () => {
    const payment = await refundedInPart()
    expect(await problemOf(issueReceipt(clerk(), issueOf(payment)))).toEqual([
      'cash_receipt.not_allowed',
      'already_issued',
    ])
    await send(await cancelReceipt(clerk(), cancelOf(payment)))
    for (const [change, reason] of [
      [{ amount: minor(7_001) }, 'amount'],
      [{ taxFree: minor(2_999) }, 'tax_free'],
      [{ identityNumber: '0212345678' }, 'number'],
    ] as const)
      expect(await problemOf(issueReceipt(clerk(), issueOf(payment, change)))).toEqual([
        'cash_receipt.not_allowed',
        reason,
      ])
    const wish = issueOf(payment)
    const first = await issueReceipt(clerk(), wish)
    expect(await issueReceipt(clerk(), wish)).toEqual({ id: first.id, claim: null })
    expect((await problemOf(issueReceipt(clerk(), { ...wish, amount: minor(6_000) })))[0]).toBe('request.reused_id')
    expect(await doneAt('cash-receipt-issue')).toEqual([0, 0])
  })

  it('for another store, a viewer, a card, and while sending is stopped', async () => {
    const payment = await refundedInPart()
    const stranger = contextOf(await person((await newWorld(1)).storeId, 'MANAGER'))
    const viewer = contextOf(await person(world.storeId, 'VIEWER'))
    expect((await problemOf(cancelReceipt(stranger, cancelOf(payment))))[0]).toBe('payment.not_found')
    expect((await problemOf(cancelReceipt(viewer, cancelOf(payment))))[0]).toBe('permission.missing')
    const card = await newPayment(world, { amount: 5_000 })
    const wish = issueOf(card, { amount: minor(5_000), taxFree: minor(0) })
    expect(await problemOf(issueReceipt(clerk(), wish))).toEqual(['cash_receipt.not_allowed', 'method'])
    await db.store.update({ where: { id: world.storeId }, data: { stoppedAt: new Date(clock), stoppedWhy: '점검' } })
    expect((await problemOf(cancelReceipt(clerk(), cancelOf(payment))))[0]).toBe('sending.stopped')
  })

  it('a refusal of the gateway ends the order, and lets a person end the task', async () => {
    const payment = await refundedInPart()
    const ordered = await cancelReceipt(clerk(), cancelOf(payment))
    await fetch(`${(await accountOf(world)).call.endpoint}/payments/${payment.paymentId}/cash-receipt/cancel`, {
      method: 'POST',
      headers: { Authorization: `PortOne ${(await accountOf(world)).call.credentials['apiSecret']}` },
    })
    // "Not issued" may speak of our own cancel, so it proves nothing by itself: the record does.
    expect((await send(ordered)).state).toBe('UNCONFIRMED')
    await later(3_000)
    expect((await orderOf(ordered.id)).state).toBe('DONE')
    const claim = (await issueReceipt(clerk(), issueOf(payment))).claim
    if (!claim) throw new Error('no claim')
    const bad = { ...claim, account: { ...claim.account, call: { ...claim.account.call, credentials: {} } } }
    await sendReceipt(system(), bad)
    expect(await orderOf(claim.orderId)).toMatchObject({ state: 'DECLINED', code: 'UNAUTHORIZED' })
    const task = await db.task.findFirstOrThrow({ where: { paymentId: payment.id, kind: 'cash_receipt_reissue' } })
    expect(task.facts).toMatchObject({ refused: 'UNAUTHORIZED' })
  })
})
