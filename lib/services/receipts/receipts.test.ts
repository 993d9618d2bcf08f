import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, instant, plus } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { newKcpPayment, newKcpWorld } from '#lib/testing/kcp-world.ts'
import { accountOf, contextOf, control, newPayment, newWorld, person, type World } from '#lib/testing/world.ts'
import { findReceipt } from './find-receipt.ts'
import { openReceipt } from './open-receipt.ts'
import { readToken, receiptToken } from './receipt-link.ts'
import { revokeReceipt, shareReceipt } from './share-receipt.ts'

let world: World
let clock = instant(Date.now())
const clerk = () => ({ ...contextOf(world.operator), now: () => clock })
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
  throw new Error('no problem')
}
const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)

beforeEach(async () => {
  await control('/reset', {})
  clock = instant(Date.now())
  world = await newWorld()
})

describe('a buyer’s link', () => {
  it('shows masked facts and nothing that names a person or a row', async () => {
    const customer = { name: '홍길동', phoneNumber: '01012341234', email: 'buyer@example.com' }
    const wish = { amount: 12_000, customer }
    const payment = await newPayment(world, wish)
    const { id, url } = await shareReceipt(clerk(), { paymentId: payment.id, days: 7 })
    const shown = await openReceipt(tokenOf(url), clock)
    expect(shown).toMatchObject({ amount: 12_000, left: 12_000, store: 'store 0', refunds: [] })
    expect(shown?.card?.number).toMatch(/\*\*/)
    const text = JSON.stringify(shown)
    for (const hidden of ['홍길동', '01012341234', 'buyer@example.com', payment.id, world.storeId, world.channelId, id])
      expect(text).not.toContain(hidden)
    expect((await db.receiptLink.findUniqueOrThrow({ where: { id } })).opened).toBe(1)
  })

  it('of a KCP payment leads to the page of its method, which is no card slip and prints nothing by itself', async () => {
    world = await newKcpWorld('module')
    for (const method of ['CARD', 'TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE'] as const) {
      const payment = await newKcpPayment(world, { amount: 12_000, method })
      const { url } = await shareReceipt(clerk(), { paymentId: payment.id, days: 1 })
      // The sandbox has no pages for people.
      expect(await openReceipt(tokenOf(url), clock)).toMatchObject({ slip: null, gateway: 'kcp', slipPrints: false })
      const { connector } = await accountOf(world)
      const about = { method, reference: payment.paymentId, orderNumber: payment.orderNo, amount: minor(12_000) }
      const slip = connector.slip?.({ environment: 'test', ...about }) ?? ''
      await db.payment.update({ where: { id: payment.id }, data: { receiptUrl: slip } })
      expect(await openReceipt(tokenOf(url), clock)).toMatchObject({ slip })
    }
  })

  it('opens until its last second, and not after it was taken back', async () => {
    const payment = await newPayment(world, { amount: 12_000 })
    const { id, url } = await shareReceipt(clerk(), { paymentId: payment.id, days: 1 })
    const token = tokenOf(url)
    expect(await openReceipt(token, plus(clock, DAY_MS - 2_000))).not.toBeNull()
    expect(await openReceipt(token, plus(clock, DAY_MS))).toBeNull()
    await revokeReceipt(clerk(), { id })
    expect(await openReceipt(token, clock)).toBeNull()
    expect(await db.auditEntry.count({ where: { action: 'receipt.share', subjectId: payment.id } })).toBe(2)
  })

  it('opens for no other sign in it, no longer life, no other link, and nothing that is no token', async () => {
    const payment = await newPayment(world, { amount: 12_000 })
    const { id, url } = await shareReceipt(clerk(), { paymentId: payment.id, days: 1 })
    const token = tokenOf(url)
    const [packed = '', expiry = '', signature = ''] = token.split('.')
    const longer = (Number.parseInt(expiry, 36) + 86_400).toString(36)
    const flip = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`
    for (const forged of [
      `${packed}.${longer}.${signature}`,
      `${flip(packed)}.${expiry}.${signature}`,
      `${packed}.${expiry}.${flip(signature)}`,
      `${packed}.${expiry}`,
      '',
      '..',
      'x'.repeat(5_000),
    ])
      expect(await openReceipt(forged, clock), forged.slice(0, 80)).toBeNull()
    expect(readToken(token)?.id).toBe(id)
    // Well signed, but never made.
    const never = receiptToken('00000000-0000-4000-8000-000000000000', plus(clock, DAY_MS))
    expect(await openReceipt(never, clock)).toBeNull()
  })

  it('is missing for another store, forbidden for a viewer', async () => {
    const payment = await newPayment(world, { amount: 12_000 })
    const { id } = await shareReceipt(clerk(), { paymentId: payment.id, days: 1 })
    const stranger = contextOf(await person((await newWorld(1)).storeId, 'MANAGER'))
    const viewer = contextOf(await person(world.storeId, 'VIEWER'))
    const wish = { paymentId: payment.id, days: 1 }
    expect(await problemOf(shareReceipt(stranger, wish))).toBe('payment.not_found')
    expect(await problemOf(shareReceipt(viewer, wish))).toBe('permission.missing')
    expect(await problemOf(revokeReceipt(stranger, { id }))).toBe('receipt.not_found')
    expect(await problemOf(revokeReceipt(viewer, { id }))).toBe('permission.missing')
    expect(await db.receiptLink.count({ where: { revokedAt: null, paymentId: payment.id } })).toBe(1)
  })
})

it('a number finds the payment only for who may see it', async () => {
  const payment = await newPayment(world, { amount: 12_000 })
  const stranger = await person((await newWorld(1)).storeId, 'MANAGER')
  for (const number of [payment.paymentId, payment.pgTxId ?? '']) {
    expect((await findReceipt(world.operator, number)).map(({ id }) => id)).toEqual([payment.id])
    expect(await findReceipt(stranger, number)).toEqual([])
  }
  expect(await findReceipt(world.operator, 'nothing')).toEqual([])
})
