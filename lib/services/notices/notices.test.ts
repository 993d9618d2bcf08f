import { createHmac, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, instant, plus } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { defaultWebhookSecret } from '#sandbox/portone/merchant.ts'
import {
  accountOf,
  contextOf,
  control,
  journalOf,
  newPayment,
  newWorld,
  sheetFor,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { requestCancellation } from '../cancellations/request-cancellation.ts'
import { claimSending, sendCancellation, talk } from '../cancellations/send-cancellation.ts'
import { recordOutcome } from '../cancellations/record-outcome.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { applyNotice, sweepNotices } from './apply-notice.ts'
import { receiveNotice } from './receive-notice.ts'

let world: World
beforeEach(async () => {
  await control('/reset', {})
  world = await newWorld()
})

type Change = { readonly secret?: string; readonly id?: string; readonly at?: number; readonly body?: string }

function notice(payment: Made, type: string, change: Change = {}) {
  const secret = change.secret ?? defaultWebhookSecret
  const id = change.id ?? `msg_${randomUUID()}`
  const timestamp = String(change.at ?? Math.floor(Date.now() / 1000))
  const body = JSON.stringify({
    type,
    timestamp: new Date().toISOString(),
    data: { storeId: 'store-00000000-0000-4000-8000-000000000001', paymentId: payment.paymentId, transactionId: 't' },
  })
  const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64')
  return {
    accountId: world.accountId,
    body: change.body ?? body,
    headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` },
  }
}
const refusal = async (run: Promise<void>) => {
  const error: unknown = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof DomainError ? error.code : error
}
const refundsOf = (payment: Made) =>
  db.payment.findUniqueOrThrow({ where: { id: payment.id }, include: { refunds: true } })

describe('a notice', () => {
  it('is refused and not stored when forged, stale, from the future, changed, or for nobody', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const second = Math.floor(Date.now() / 1000)
    const forged = [
      notice(payment, 'Transaction.Paid', { secret: 'whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBhY2NvdW50' }),
      notice(payment, 'Transaction.Paid', { at: second - 301 }),
      notice(payment, 'Transaction.Paid', { at: second + 320 }),
      notice(payment, 'Transaction.Paid', { body: '{"type":"Transaction.Cancelled"}' }),
      { accountId: world.accountId, body: '{}', headers: {} },
    ]
    for (const one of forged) expect(await refusal(receiveNotice(systemContext(), one))).toBe('notice.unverified')
    expect(await refusal(receiveNotice(systemContext(), { ...notice(payment, 'x'), accountId: randomUUID() }))).toBe(
      'account.not_found',
    )
    expect(await db.notice.count({ where: { accountId: world.accountId } })).toBe(0)
  })

  it('is stored sealed before it is understood, and a repeated one once', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const once = notice(payment, 'Transaction.SomethingNew')
    await Promise.all([receiveNotice(systemContext(), once), receiveNotice(systemContext(), once)])
    await receiveNotice(systemContext(), once)
    const rows = await db.notice.findMany({ where: { accountId: world.accountId } })
    expect(rows).toHaveLength(1)
    expect(rows[0]?.state).toBe('STORED')
    expect(rows[0]?.body).not.toContain(payment.paymentId)
  })

  it('moves nothing by itself: a false "cancelled" that is signed is only a reason to read', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await receiveNotice(systemContext(), notice(payment, 'Transaction.Cancelled'))
    await sweepNotices(systemContext())
    expect(await refundsOf(payment)).toMatchObject({ refunded: 0n, status: 'PAID' })
  })

  it('of our own cancel counts it once, arriving before, during and after its answer, late and reordered', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const wish = await sheetFor(payment, 1_000)
    await requestCancellation(contextOf(world.operator), wish)
    const during = notice(payment, 'Transaction.PartialCancelled')
    const claim = await claimSending(systemContext(), wish.id)
    if (!claim) throw new Error('no claim')
    await receiveNotice(systemContext(), during)
    await sweepNotices(systemContext())
    const heard = await talk(claim)
    await receiveNotice(systemContext(), notice(payment, 'Transaction.PartialCancelled'))
    await sweepNotices(systemContext())
    expect((await db.cancellation.findUniqueOrThrow({ where: { id: wish.id } })).state).toBe('DONE')
    await recordOutcome(systemContext(), claim, heard)
    await receiveNotice(systemContext(), notice(payment, 'Transaction.Paid'))
    await sweepNotices(systemContext())
    const row = await refundsOf(payment)
    expect([row.refunded, row.refunds.length, row.status]).toEqual([1_000n, 1, 'PARTIALLY_REFUNDED'])
    expect(await journalOf(payment.paymentId)).toEqual({ executed: 1, asked: 1 })
  })

  it('tells of an outside cancel, whose record is then ours once, however often it is told', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await control('/outside-cancel', { payment: payment.paymentId, amount: 2_000, where: 'portone-console' })
    for (let time = 0; time < 3; time += 1)
      await receiveNotice(systemContext(), notice(payment, 'Transaction.PartialCancelled'))
    await sweepNotices(systemContext())
    const row = await refundsOf(payment)
    expect(row.refunds.map((refund) => [refund.amount, refund.trigger, refund.cancellationId])).toEqual([
      [2_000n, 'CONSOLE', null],
    ])
  })

  it('whose payment cannot be read stays, and is taken up again', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await control('/faults', { gateway: 'portone', operation: 'inquire', fault: 'html-502', times: 1 })
    await receiveNotice(systemContext(), notice(payment, 'Transaction.Paid'))
    const { id } = await db.notice.findFirstOrThrow({ where: { accountId: world.accountId } })
    await applyNotice(systemContext(), id)
    expect((await db.notice.findUniqueOrThrow({ where: { id } })).state).toBe('STORED')
    await sweepNotices(systemContext())
    expect((await db.notice.findUniqueOrThrow({ where: { id } })).state).toBe('APPLIED')
  })
})

describe('a notice whose payment can never be read', () => {
  it('gives way to others after a day', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await control('/faults', { gateway: 'portone', operation: 'inquire', fault: 'html-502', times: 2 })
    await receiveNotice(systemContext(), notice(payment, 'Transaction.Paid'))
    const state = async () => (await db.notice.findFirstOrThrow({ where: { accountId: world.accountId } })).state
    await sweepNotices(systemContext())
    expect(await state()).toBe('STORED')
    await sweepNotices({ ...systemContext(), now: () => plus(instant(Date.now()), 2 * DAY_MS) })
    expect(await state()).toBe('IGNORED')
  })
})

describe('reading', () => {
  it('an older reading that arrives later changes nothing settled', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    const account = await accountOf(world)
    const wish = await sheetFor(payment, 5_000)
    await requestCancellation(contextOf(world.operator), wish)
    await sendCancellation(systemContext(), wish.id)
    await readAtGateway(systemContext(), account, payment.paymentId)
    const before = await refundsOf(payment)
    await readAtGateway({ ...systemContext(), now: () => instant(0) }, account, payment.paymentId)
    const after = await refundsOf(payment)
    expect(after.gatewayReadAt).toEqual(before.gatewayReadAt)
    expect([after.status, after.refunded]).toEqual(['REFUNDED', 5_000n])
  })
})
