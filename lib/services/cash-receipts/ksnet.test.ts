// Cash receipts at KSNET by socket: cancelled by a number of their own, and nobody can be asked about them.
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { HOUR_MS, instant, plus } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { ksnetPaymentOf, newKsnetShop, tellKsnet, type KsnetShop } from '#lib/testing/ksnet-inbound.ts'
import { contextOf, control, nextNoon, systemContext } from '#lib/testing/world.ts'
import { getPayment } from '../payments/get-payment.ts'
import { cancelReceipt } from './order-receipt.ts'
import { sendReceipt } from './send-receipt.ts'
import { sweepReceipts } from './sweep-receipts.ts'

const MID = '2041700201'
let shop: KsnetShop
let clock = instant(0)
const system = () => ({ ...systemContext(), now: () => clock })
const owner = () => ({ ...contextOf(shop.owner), now: () => clock })
const orderOf = (id: string) => db.cashReceiptOrder.findUniqueOrThrow({ where: { id } })
const fault = (kind: string) => control('/faults', { gateway: 'ksnet', operation: 'cash-receipt-cancel', fault: kind })

const made = z.object({ trno: z.string(), approval: z.record(z.string(), z.string()) })
/** A transfer at KSNET of which the shop told, with or without its cash receipt. */
async function transferWith(cashReceipt: boolean) {
  const wish = { gateway: 'ksnet', mid: MID, method: 'TRANSFER', amount: 10_000, cashReceipt }
  const { trno, approval } = made.parse(await control('/payments', wish))
  await tellKsnet(shop, approval)
  return ksnetPaymentOf(MID, trno)
}
const entries = z.array(z.object({ operation: z.string(), effect: z.string() }))
async function doneAt(trno: string): Promise<number> {
  const all = entries.parse(await control(`/journal?gateway=ksnet&payment=${trno}`))
  return all.filter((one) => one.operation === 'cash-receipt-cancel' && one.effect === 'executed').length
}
async function cancel(paymentId: string): Promise<string> {
  const id = randomUUID()
  const { claim } = await cancelReceipt(owner(), { id, paymentId })
  if (claim) await sendReceipt(system(), claim)
  return id
}
const viewOf = async (id: string) => (await getPayment(owner(), id)).cashReceipts ?? expect.fail('no view')
const refused = { code: 'cash_receipt.not_allowed' }

beforeEach(async () => {
  await control('/reset', {})
  clock = await nextNoon()
  shop = await newKsnetShop(MID)
})

describe('a cash receipt issued in KSNET’s window', () => {
  it('is cancelled by its own number', async () => {
    const { id, pgTxId } = await transferWith(true)
    expect(await viewOf(id)).toMatchObject({
      receipt: { status: 'ISSUED' },
      cancelDenial: null,
      issueDenial: 'gateway',
    })
    const order = await cancel(id)
    expect(await orderOf(order)).toMatchObject({ state: 'DONE', code: null })
    expect(await viewOf(id)).toMatchObject({ receipt: { status: 'CANCELLED' } })
    expect(await doneAt(pgTxId ?? '')).toBe(1)
  })
  it('of which no answer came is left to people, who may order it again: it is cancelled once', async () => {
    const { id, pgTxId } = await transferWith(true)
    await fault('reply-lost')
    const lost = await cancel(id)
    expect(await orderOf(lost)).toMatchObject({ state: 'UNCONFIRMED' })
    await expect(cancelReceipt(owner(), { id: randomUUID(), paymentId: id })).rejects.toMatchObject(refused)
    clock = plus(clock, HOUR_MS)
    while ((await sweepReceipts(system())) > 0);
    expect(await orderOf(lost)).toMatchObject({ state: 'UNCONFIRMED', nextAskAt: null })
    expect(await viewOf(id)).toMatchObject({ receipt: { status: 'ISSUED' }, cancelDenial: null })
    const again = await cancel(id)
    expect([(await orderOf(again)).state, (await orderOf(lost)).state]).toEqual(['DONE', 'DONE'])
    expect(await viewOf(id)).toMatchObject({ receipt: { status: 'CANCELLED' } })
    expect(await doneAt(pgTxId ?? '')).toBe(1)
  })
  it('that was issued elsewhere has no number here, and so cannot be ordered', async () => {
    const { id } = await transferWith(false)
    await db.payment.update({ where: { id }, data: { cashReceipt: { status: 'ISSUED', issuedAt: clock } } })
    expect(await viewOf(id)).toMatchObject({ cancelDenial: 'gateway' })
    const run = cancelReceipt(owner(), { id: randomUUID(), paymentId: id })
    await expect(run).rejects.toThrow(DomainError)
    await expect(run).rejects.toMatchObject(refused)
  })
})
