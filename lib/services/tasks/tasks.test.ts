import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, instant, plus } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
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
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { findTasks, FindTasks } from './find-tasks.ts'
import { resolveTask } from './resolve-task.ts'
import { resolveTasks } from './resolve-tasks.ts'

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
const readAgain = async (payment: Made) =>
  readAtGateway({ ...systemContext(), now: () => clock }, await accountOf(world), payment.paymentId)
const outside = async (payment: Made, amount: number, taxFree = 0) => {
  await control('/outside-cancel', { payment: payment.paymentId, amount, taxFree, where: 'portone-console' })
  clock = plus(clock, 1_000)
  await readAgain(payment)
}
const openKinds = async (payment: Made) =>
  (await db.task.findMany({ where: { paymentId: payment.id, resolvedAt: null }, orderBy: { kind: 'asc' } })).map(
    ({ kind }) => kind,
  )
const find = (query: object = {}, context = clerk()) => findTasks(context, FindTasks.parse(query))

beforeEach(async () => {
  await control('/reset', {})
  clock = await nextNoon()
  world = await newWorld()
})

describe('what opens a task', () => {
  it('a cancel made outside, due at once, ended by a note that stays on record', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await outside(payment, 2_000)
    const [task] = (await find()).items
    expect([task?.kind, task?.step, task?.due, task?.payment.id, task?.may]).toEqual([
      'outside_cancel',
      'note',
      true,
      payment.id,
      true,
    ])
    const numbered = { id: task?.id ?? '', note: '국민 110-123-456789로 환불함' }
    expect(await problemOf(resolveTask(clerk(), numbered))).toBe('memo.personal_number')
    await resolveTask(clerk(), { id: task?.id ?? '', note: '고객 요청으로 PortOne에서 취소, 재고 반영함' })
    expect((await find()).items).toEqual([])
    const row = await db.task.findUniqueOrThrow({ where: { id: task?.id ?? '' } })
    expect([row.resolvedById, row.resolution]).toEqual([
      world.operator.id,
      '고객 요청으로 PortOne에서 취소, 재고 반영함',
    ])
    const audit = await db.auditEntry.findFirstOrThrow({ where: { action: 'task.resolve', subjectId: payment.id } })
    expect(audit.facts).toMatchObject({ task: row.id, note: row.resolution })
    // The same cancel read again opens nothing anew.
    await readAgain(payment)
    expect(await openKinds(payment)).toEqual([])
  })

  it('a virtual account refunded whole while its cash receipt stands, until the receipt is cancelled at the gateway', async () => {
    const payment = await newPayment(world, { amount: 8_000, method: 'VIRTUAL_ACCOUNT', ...receipt })
    await outside(payment, 8_000)
    expect(await openKinds(payment)).toEqual(['cash_receipt_alive', 'outside_cancel'])
    const [, alive] = (await find()).items
    expect([alive?.kind, alive?.step, alive?.due, alive?.dueAt]).toEqual([
      'cash_receipt_alive',
      'cash_receipt',
      false,
      plus(clock, DAY_MS),
    ])
    expect(await problemOf(resolveTask(clerk(), { id: alive?.id ?? '', note: '취소함' }))).toBe('task.by_itself')
    await cancelReceiptAtGateway(payment)
    clock = plus(clock, 1_000)
    await readAgain(payment)
    expect(await openKinds(payment)).toEqual(['outside_cancel'])
    const ended = await db.task.findUniqueOrThrow({ where: { id: alive?.id ?? '' } })
    expect([ended.resolvedAt === null, ended.resolvedById]).toEqual([false, null])
  })

  it('a mixed-tax part of a virtual account: one task, which the first step does not end', async () => {
    const wish = { amount: 10_000, taxFree: 4_000, method: 'VIRTUAL_ACCOUNT', accountType: 'FIXED', ...receipt }
    const payment = await newPayment(world, wish)
    await outside(payment, 3_000, 1_000)
    expect(await openKinds(payment)).toEqual(['cash_receipt_reissue', 'outside_cancel'])
    await cancelReceiptAtGateway(payment)
    clock = plus(clock, 1_000)
    await readAgain(payment)
    expect(await openKinds(payment)).toEqual(['cash_receipt_reissue', 'outside_cancel'])
  })

  it('a cancelled transfer, of which no receipt is known: a person checks', async () => {
    const payment = await newPayment(world, { amount: 5_000, method: 'TRANSFER' })
    await outside(payment, 5_000)
    const { items } = await find({ kind: 'cash_receipt_alive' })
    expect(items.map(({ step, facts }) => [step, facts['known']])).toEqual([['note', false]])
    await resolveTask(clerk(), { id: items[0]?.id ?? '', note: '발급되지 않았음을 확인' })
    expect((await find({ kind: 'cash_receipt_alive' })).items).toEqual([])
  })

  it('a deposit into an account that was closed', async () => {
    const payment = await newPayment(world, {
      amount: 5_000,
      method: 'VIRTUAL_ACCOUNT',
      status: 'VIRTUAL_ACCOUNT_ISSUED',
    })
    await db.payment.update({ where: { id: payment.id }, data: { closedAt: new Date(clock) } })
    await control(`/payments/${payment.paymentId}/deposit`, { late: true })
    clock = plus(clock, 1_000)
    await readAgain(payment)
    expect(await openKinds(payment)).toEqual(['deposit_after_close'])
  })

  it('money at a test store', async () => {
    const channel = await db.channel.findFirstOrThrow({ where: { accountId: world.accountId, mid: '2999199999' } })
    const payment = await newPayment({ ...world, channelId: channel.id }, { amount: 5_000 })
    expect(await openKinds(payment)).toEqual(['test_store_payment'])
  })
})

describe('the list', () => {
  it('goes on by keyset without gap or repetition, and narrows by store, kind and due', async () => {
    const made: string[] = []
    for (const amount of [1_000, 2_000, 3_000]) {
      const payment = await newPayment(world, { amount: 5_000 })
      await outside(payment, amount)
      made.push(payment.id)
    }
    const first = await find({ limit: 2 })
    const second = await find({ limit: 2, cursor: first.next })
    expect([...first.items, ...second.items].map(({ payment }) => payment.id)).toEqual(made)
    expect([first.next === null, second.next]).toEqual([false, null])
    expect((await find({ kind: 'cash_receipt_alive' })).items).toEqual([])
    expect((await find({ due: 'now' })).items).toHaveLength(3)
    expect((await find({ due: 'later' })).items).toEqual([])
    const other = await newWorld(1)
    expect((await find({ store: other.storeId })).items).toEqual([])
  })

  it('shows another store nothing, and its tasks are missing to end; a viewer may look only', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    await outside(payment, 1_000)
    const [task] = (await find()).items
    const wish = { id: task?.id ?? '', note: '확인' }
    const stranger = contextOf(await person((await newWorld(1)).storeId, 'MANAGER'))
    const viewer = contextOf(await person(world.storeId, 'VIEWER'))
    expect((await find({}, { ...stranger, now: () => clock })).items).toEqual([])
    expect(await problemOf(resolveTask(stranger, wish))).toBe('task.not_found')
    expect((await find({}, { ...viewer, now: () => clock })).items.map(({ may }) => may)).toEqual([false])
    expect(await problemOf(resolveTask(viewer, wish))).toBe('permission.missing')
    expect(await openKinds(payment)).toEqual(['outside_cancel'])
  })
})

it('resolveTasks ends what it names, once, and says who saw it', async () => {
  const payment = await newPayment(world, { amount: 5_000 })
  await outside(payment, 1_000)
  const end = (key?: string) =>
    transaction((tx) =>
      resolveTasks(tx, systemContext(), { paymentId: payment.id, kind: 'outside_cancel', ...(key && { key }) }),
    )
  expect(await end('another')).toBe(0)
  expect(await end()).toBe(1)
  expect(await end()).toBe(0)
  const audit = await db.auditEntry.findMany({ where: { action: 'task.resolve', subjectId: payment.id } })
  expect(audit.map(({ actor }) => actor)).toEqual(['worker'])
})

const receipt = { cashReceipt: { type: 'PERSONAL', number: '01012341234' } }
async function cancelReceiptAtGateway(payment: Made) {
  const { call } = await accountOf(world)
  const response = await fetch(`${call.endpoint}/payments/${payment.paymentId}/cash-receipt/cancel`, {
    method: 'POST',
    headers: { Authorization: `PortOne ${call.credentials['apiSecret']}` },
  })
  expect(response.status).toBe(200)
}
