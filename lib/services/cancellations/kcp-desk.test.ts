// The desk's work at KCP by its module: refunds into checked accounts, escrow by stage, tax, and what only people can close.
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { HOUR_MS, instant, MINUTE_MS, plus, SECOND_MS, toIso } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { newKcpPayment, newKcpWorld } from '#lib/testing/kcp-world.ts'
import {
  accountOf,
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
import { checkAccount } from '../account-checks/check-account.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { requestCancellation, type RequestCancellation } from './request-cancellation.ts'
import { decideResolution, proposeResolution } from './resolve-cancellation.ts'
import { sendCancellation } from './send-cancellation.ts'
import { sweepCancellations } from './sweep-cancellations.ts'

let world: World
let clock = instant(0)
const system = () => ({ ...systemContext(), now: () => clock })
const clerk = () => ({ ...contextOf(world.operator), now: () => clock })
const rowOf = (id: string) => db.cancellation.findUniqueOrThrow({ where: { id } })
const paymentOf = ({ id }: Made) => db.payment.findUniqueOrThrow({ where: { id } })
const truth = z.object({ left: z.number(), cancelled: z.number(), status: z.string() })
const atKcp = async ({ paymentId }: Made) => truth.parse(await control(`/payments/${paymentId}`))
const HONG = { bank: '88', number: '110123456789', holder: '홍길동' } as const

async function setClock(to: typeof clock): Promise<void> {
  clock = to
  await control('/clock', { now: toIso(clock) })
}
async function later(ms: number): Promise<void> {
  await setClock(plus(clock, ms))
  while ((await sweepCancellations(system())) > 0);
}

async function proven(payment: Made, account: { bank: '88'; number: string; holder: string } = HONG) {
  const check = await checkAccount(clerk(), { paymentId: payment.id, ...account })
  return { ...account, checkId: check.id, result: check.result }
}

async function cancelOf(payment: Made, amount: number, more: Partial<RequestCancellation> = {}): Promise<string> {
  const wish = { ...(await sheetFor(payment, amount)), ...more }
  await requestCancellation(clerk(), wish)
  await sendCancellation(system(), wish.id)
  return wish.id
}
const refusal = async (payment: Made, amount: number, more: Partial<RequestCancellation> = {}) => {
  const before = await db.cancellation.count()
  try {
    await requestCancellation(clerk(), { ...(await sheetFor(payment, amount)), ...more })
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    expect(await db.cancellation.count()).toBe(before)
    return `${String(error.facts['rule'] ?? error.code)}:${String(error.facts['reason'] ?? '')}`
  }
  throw new Error('not refused')
}

beforeEach(async () => {
  await control('/reset', {})
  await db.rateLimiterFlexible.deleteMany()
  clock = await nextNoon()
  world = await newKcpWorld('module')
})

describe('a paid virtual account', () => {
  const paid = { method: 'VIRTUAL_ACCOUNT', status: 'PAID', amount: 10_000 } as const

  it('goes, in parts and whole, into the account that was checked, with tno and time of the check kept', async () => {
    const payment = await newKcpPayment(world, paid)
    const { result, ...account } = await proven(payment)
    expect(result).toBe('MATCHED')
    const check = await db.accountCheck.findUniqueOrThrow({ where: { id: account.checkId } })
    expect(check.reference).toMatch(/^\d{14}$/)
    expect(check.referenceTime).toMatch(/^\d{14}$/)
    const first = await cancelOf(payment, 4_000, { account })
    expect(await rowOf(first)).toMatchObject({ state: 'DONE', gatewayCancellationId: `${payment.paymentId}/4000` })
    expect(await refusal(payment, 1_000, { account })).toBe('CANCEL-ACCOUNT:used')
    const { result: again, ...second } = await proven(payment)
    expect(again).toBe('MATCHED')
    await cancelOf(payment, 6_000, { account: second })
    expect(await paymentOf(payment)).toMatchObject({ refunded: 10_000n, status: 'REFUNDED' })
    expect(await atKcp(payment)).toMatchObject({ left: 0, cancelled: 10_000 })
  })

  it('is not refunded into an account that KCP does not confirm, nor into an edited one', async () => {
    const payment = await newKcpPayment(world, paid)
    const { result, ...other } = await proven(payment, { ...HONG, holder: '홍길순' })
    expect(result).toBe('DIFFERENT')
    expect(await refusal(payment, 1_000, { account: other })).toBe('CANCEL-ACCOUNT:not_matched')
    const { result: matched, ...account } = await proven(payment)
    expect(matched).toBe('MATCHED')
    expect(await refusal(payment, 1_000, { account: { ...account, number: '110222333444' } })).toBe(
      'CANCEL-ACCOUNT:edited',
    )
    await setClock(plus(clock, 10 * MINUTE_MS + SECOND_MS))
    expect(await refusal(payment, 1_000, { account })).toBe('CANCEL-ACCOUNT:old')
    expect(await atKcp(payment)).toMatchObject({ cancelled: 0 })
  })

  it('a lost refund into an account never counts as not done by itself: it may be paid out tomorrow', async () => {
    const payment = await newKcpPayment(world, paid)
    const { result, ...account } = await proven(payment)
    expect(result).toBe('MATCHED')
    await control('/faults', { gateway: 'kcp', operation: 'cancel', fault: 'request-lost', times: 1 })
    const id = await cancelOf(payment, 4_000, { account })
    for (const wait of [MINUTE_MS, 20 * MINUTE_MS, HOUR_MS, HOUR_MS]) await later(wait)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
  })

  it('paid into once more after it was refunded is refunded once more, each under a number of its own', async () => {
    const payment = await newKcpPayment(world, paid)
    const { result, ...first } = await proven(payment)
    expect(result).toBe('MATCHED')
    const one = await cancelOf(payment, 10_000, { account: first })
    await control(`/payments/${payment.paymentId}/deposit`, { again: true, amount: 10_000 })
    const before = await db.deposit.findFirstOrThrow({ where: { paymentId: payment.id } })
    await db.deposit.create({ data: { ...before, id: randomUUID(), key: 'again' } })
    const { result: matched, ...second } = await proven(payment)
    expect(matched).toBe('MATCHED')
    const two = await cancelOf(payment, 10_000, { account: second })
    expect([await rowOf(one), await rowOf(two)].map((row) => [row.state, row.gatewayCancellationId])).toEqual([
      ['DONE', `${payment.paymentId}/10000`],
      ['DONE', `${payment.paymentId}/20000`],
    ])
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  it('that nobody paid into is closed, and moves no money', async () => {
    const payment = await newKcpPayment(world, { ...paid, status: 'VIRTUAL_ACCOUNT_ISSUED' })
    expect(await refusal(payment, 10_000)).toBe('CANCEL-VA-UNPAID:close_instead')
    const wish = { ...(await sheetFor(payment, 0)), kind: 'CLOSE' as const }
    await requestCancellation(clerk(), wish)
    await sendCancellation(system(), wish.id)
    expect(await rowOf(wish.id)).toMatchObject({ state: 'DONE' })
    expect(await paymentOf(payment)).toMatchObject({ status: 'CLOSED', refunded: 0n })
    expect(await atKcp(payment)).toMatchObject({ status: 'CLOSED' })
  })
})

describe('escrow', () => {
  const stage = async (payment: Made, status: string) =>
    db.payment.update({ where: { id: payment.id }, data: { escrow: { status } } })

  it('before the delivery: whole by its own message, a part is refused', async () => {
    const payment = await newKcpPayment(world, { amount: 20_000, escrow: true })
    expect(await refusal(payment, 5_000)).toBe('CANCEL-ESCROW:kcp_whole_only')
    const id = await cancelOf(payment, 20_000)
    expect(await rowOf(id)).toMatchObject({ state: 'DONE' })
    expect(await atKcp(payment)).toMatchObject({ left: 0 })
  })

  it('with our stage wrong KCP refuses, nothing is lost, and the record says that none was made', async () => {
    const payment = await newKcpPayment(world, { amount: 20_000, escrow: true })
    await stage(payment, 'REGISTERED')
    const id = await cancelOf(payment, 20_000)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    await later(3 * MINUTE_MS)
    expect((await rowOf(id)).state).toBe('DECLINED')
    expect(await atKcp(payment)).toMatchObject({ cancelled: 0 })
    expect(await invariantsOf(payment.id)).toEqual([])
  })
})

describe('tax', () => {
  it('a part names what of it is tax-free, and the last takes exactly what is left', async () => {
    const payment = await newKcpPayment(world, { amount: 10_000, taxFree: 4_000 })
    expect(await refusal(payment, 8_000, { taxFree: 1_000 })).toContain('CANCEL-TAX')
    await cancelOf(payment, 5_000, { taxFree: 1_000 })
    await cancelOf(payment, 5_000, { taxFree: 3_000 })
    expect(await paymentOf(payment)).toMatchObject({ refunded: 10_000n, refundedTaxFree: 4_000n })
    expect(await atKcp(payment)).toMatchObject({ left: 0 })
  })
})

describe('what the record does not say', () => {
  it('a lost part whose balance KCP does not tell ends with two people, and is counted once when it is seen', async () => {
    await control('/settings', { gateway: 'kcp', statusTellsBalance: false })
    const payment = await newKcpPayment(world, { amount: 10_000 })
    await control('/faults', { gateway: 'kcp', operation: 'cancel', fault: 'reply-lost', times: 1 })
    const id = await cancelOf(payment, 4_000)
    for (const wait of [MINUTE_MS, 5 * MINUTE_MS, 20 * MINUTE_MS, HOUR_MS, HOUR_MS]) await later(wait)
    expect((await rowOf(id)).state).toBe('UNCONFIRMED')
    const [first, second] = [await person(world.storeId, 'MANAGER'), await person(world.storeId, 'MANAGER')]
    const { id: resolution } = await proposeResolution(
      { ...contextOf(first), now: () => clock },
      {
        cancellationId: id,
        happened: true,
        evidence: { kind: 'approval_number', approvalNumber: '00876543', again: '00876543' },
        note: 'KCP 관리자 화면 확인',
      },
    )
    await decideResolution({ ...contextOf(second), now: () => clock }, { id: resolution, agree: true })
    expect((await rowOf(id)).state).toBe('DONE')
    await control('/settings', { gateway: 'kcp', statusTellsBalance: true })
    for (let times = 0; times < 2; times += 1) await readAtGateway(system(), await accountOf(world), payment.paymentId)
    expect(await paymentOf(payment)).toMatchObject({ refunded: 4_000n })
    expect(await db.resolution.findUniqueOrThrow({ where: { id: resolution } })).toMatchObject({
      gatewayCancellationId: `${payment.paymentId}/4000`,
    })
    expect(await db.task.count({ where: { paymentId: payment.id } })).toBe(0)
    expect(await invariantsOf(payment.id)).toEqual([])
  })
})
