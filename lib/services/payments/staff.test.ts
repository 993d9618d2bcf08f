import { beforeEach, describe, expect, it } from 'vitest'
import { addDays, fromDate, instant, kstDate, plus } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import {
  contextOf,
  control,
  newPayment,
  newWorld,
  person,
  sheetFor,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { previewCancellation } from '../cancellations/preview-cancellation.ts'
import { requestCancellation } from '../cancellations/request-cancellation.ts'
import { sendCancellation } from '../cancellations/send-cancellation.ts'
import { addMemo, AddMemo } from './add-memo.ts'
import { getPayment } from './get-payment.ts'
import { recordHandRefund, RecordHandRefund } from './record-hand-refund.ts'
import { revealPersonal, RevealPersonal } from './reveal-personal.ts'

let world: World
let manager: Person
let payment: Made
beforeEach(async () => {
  await control('/reset', {})
  world = await newWorld()
  manager = await person(world.storeId, 'MANAGER')
  payment = await newPayment(world, {
    amount: 12_000,
    customer: { name: '홍길동', phoneNumber: '01012345678', email: 'buyer@example.com' },
  })
})
const refusal = async (run: Promise<unknown>) => {
  const error: unknown = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof DomainError) return error.code
  throw new Error(`no problem: ${String(error)}`)
}
const entries = (action: string) =>
  db.auditEntry.findMany({ where: { action, subjectId: payment.id }, orderBy: { id: 'asc' } })
const stale = (who: Person): Person => ({ ...who, freshUntil: plus(fromDate(new Date()), -1) })
const stranger = async () => person((await newWorld(1)).storeId, 'MANAGER')

describe('showing what is personal', () => {
  const reveal = (who: Person, field = 'phone', of = payment.id) =>
    revealPersonal(contextOf(who), RevealPersonal.parse({ paymentId: of, field, reason: '본인 확인' }))

  it('answers one field and writes down which and why, but not what', async () => {
    expect(await reveal(manager)).toEqual({ value: '01012345678' })
    expect(await reveal(manager, 'name')).toEqual({ value: '홍길동' })
    expect(await reveal(manager, 'email')).toEqual({ value: 'buyer@example.com' })
    const rows = await entries('personal.reveal')
    expect(rows.map((row) => row.facts)).toEqual([
      { field: 'phone', reason: '본인 확인' },
      { field: 'name', reason: '본인 확인' },
      { field: 'email', reason: '본인 확인' },
    ])
    expect(JSON.stringify(rows.map((row) => row.facts))).not.toMatch(/5678|길동|buyer@/)
  })

  it('the virtual account’s number too, and says where there is none', async () => {
    const wish = { amount: 3_000, method: 'VIRTUAL_ACCOUNT', status: 'VIRTUAL_ACCOUNT_ISSUED' }
    const account = await newPayment(world, wish)
    const { value } = await reveal(manager, 'account', account.id)
    expect(value).toMatch(/^562\d{11}$/)
    const view = await getPayment(contextOf(manager), account.id)
    expect(view.staff.personal.account).toBe(`****${value.slice(-4)}`)
    expect(await refusal(reveal(manager, 'account'))).toBe('personal.absent')
  })

  it('is for those who may, after a fresh sign-in, at their own store; a refusal shows and records nothing', async () => {
    expect(await refusal(reveal(world.operator))).toBe('permission.missing')
    expect(await refusal(reveal(stale(manager)))).toBe('session.step_up')
    expect(await refusal(reveal({ ...manager, freshUntil: null }))).toBe('session.step_up')
    expect(await refusal(reveal(await stranger()))).toBe('payment.not_found')
    expect(await entries('personal.reveal')).toEqual([])
    for (const wrong of [{ field: 'card' }, { reason: ' ' }, { reason: 'x'.repeat(201) }])
      expect(
        RevealPersonal.safeParse({ paymentId: payment.id, field: 'name', reason: '본인 확인', ...wrong }).success,
      ).toBe(false)
  })

  it('thirty times an hour', async () => {
    for (let time = 0; time < 30; time += 1) await reveal(manager)
    expect(await refusal(reveal(manager))).toBe('request.too_many')
    expect(await entries('personal.reveal')).toHaveLength(30)
    expect(await reveal(await person(world.storeId, 'MANAGER'))).toEqual({ value: '01012345678' })
  })

  it('the page itself holds masked values alone', async () => {
    const view = await getPayment(contextOf(manager), payment.id)
    expect(view.staff.personal).toEqual({
      readable: true,
      name: '홍*동',
      phone: '010-****-5678',
      email: 'bu***@example.com',
      account: null,
    })
    expect(JSON.stringify(view)).not.toMatch(/홍길동|01012345678|buyer@example/)
  })

  it('what was sealed under another key leaves the page standing', async () => {
    await db.payment.update({ where: { id: payment.id }, data: { personalSealed: 'v1.00000000.AAAA.AAAA.AAAA' } })
    const view = await getPayment(contextOf(manager), payment.id)
    expect(view.staff.personal).toMatchObject({ readable: false, name: null, phone: null })
    expect(await refusal(reveal(manager))).toBe('personal.absent')
  })
})

describe('a note', () => {
  const add = (who: Person, text: string) => addMemo(contextOf(who), AddMemo.parse({ paymentId: payment.id, text }))

  it('is shown with who and when, newest first; the audit says that there is one, not what it says', async () => {
    await add(world.operator, '첫째')
    await add(manager, '둘째\n두 줄')
    const { staff } = await getPayment(contextOf(world.operator), payment.id)
    expect(staff.memos.map(({ text, who }) => [text, who])).toEqual([
      ['둘째\n두 줄', manager.name],
      ['첫째', world.operator.name],
    ])
    expect((await entries('payment.note')).map((row) => row.facts)).toEqual([{}, {}])
  })

  it('keeps no card number, and is refused with other long numbers; the payment’s own may stand', async () => {
    await add(manager, `카드 4017620112348250, 거래번호 ${payment.pgTxId}`)
    expect(await refusal(add(manager, '900101-1234567'))).toBe('memo.personal_number')
    expect(await refusal(add(manager, '계좌 110-123-456789'))).toBe('memo.personal_number')
    const memos = await db.memo.findMany({ where: { paymentId: payment.id } })
    expect(memos.map((memo) => memo.text)).toEqual([`카드 [card], 거래번호 ${payment.pgTxId}`])
  })

  it('is for those who may, at their own store, and has a length', async () => {
    expect(await refusal(add(await person(world.storeId, 'VIEWER'), 'x'))).toBe('permission.missing')
    expect(await refusal(add(await stranger(), 'x'))).toBe('payment.not_found')
    for (const text of ['', '  ', 'x'.repeat(501), 'a\u0000b', '\ud800'])
      expect(AddMemo.safeParse({ paymentId: payment.id, text }).success).toBe(false)
  })

  it('is never changed or removed, whoever asks the database', async () => {
    const { id } = await add(manager, '그대로')
    await expect(db.memo.update({ where: { id }, data: { text: '바꿈' } })).rejects.toThrow(/append-only/)
    await expect(db.memo.delete({ where: { id } })).rejects.toThrow(/append-only/)
    await expect(db.$executeRaw`TRUNCATE "Memo"`).rejects.toThrow(/append-only/)
    expect((await db.memo.findUniqueOrThrow({ where: { id } })).text).toBe('그대로')
  })
})

describe('money paid back by hand', () => {
  const today = () => kstDate(instant(Date.now()))
  const wish = (changes: object = {}) =>
    RecordHandRefund.parse({
      paymentId: payment.id,
      amount: 5_000,
      paidOn: today(),
      how: '계좌이체',
      why: '게이트웨이 장애',
      ...changes,
    })
  const record = (who: Person, changes: object = {}) => recordHandRefund(contextOf(who), wish(changes))

  it('is shown apart, is in no sum, and warns whoever cancels without stopping them', async () => {
    await record(manager)
    const view = await getPayment(contextOf(world.operator), payment.id)
    expect(view).toMatchObject({ refunded: 0, open: 0, left: 12_000, status: 'PAID' })
    expect(view.staff.handRefunds).toMatchObject([
      { amount: 5_000, paidOn: today(), how: '계좌이체', why: '게이트웨이 장애', who: manager.name },
    ])
    expect(view.verdicts).toContainEqual(
      expect.objectContaining({ rule: 'REFUND-BY-HAND', kind: 'warned', reason: 'paid' }),
    )
    const preview = await previewCancellation(contextOf(world.operator), {
      paymentId: payment.id,
      amount: minor(8_000),
      taxFree: minor(0),
    })
    expect(preview.denial).toBeNull()
    expect(preview.verdicts).toContainEqual(
      expect.objectContaining({
        rule: 'REFUND-BY-HAND',
        reason: 'more_than_received',
        facts: { byHandAmount: 5_000, receivedAmount: 12_000, totalAmount: 13_000 },
      }),
    )
    expect(await requestCancellation(contextOf(world.operator), await sheetFor(payment, 12_000))).toBeDefined()
    expect((await entries('refund.by_hand')).map((row) => row.facts)).toEqual([{ amount: 5_000, day: today() }])
  })

  it('is never more than was received, all together, also at the same moment', async () => {
    expect(await refusal(record(manager, { amount: 12_001 }))).toBe('refund.above_received')
    const both = await Promise.allSettled([record(manager, { amount: 7_000 }), record(manager, { amount: 7_000 })])
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await record(manager, { amount: 5_000 })
    expect(await refusal(record(manager, { amount: 1 }))).toBe('refund.above_received')
  })

  it('was paid today or before, by somebody who may, freshly signed in, at their own store', async () => {
    expect(await refusal(record(manager, { paidOn: addDays(today(), 1) }))).toBe('request.invalid')
    expect(await refusal(record(world.operator))).toBe('permission.missing')
    expect(await refusal(record(stale(manager)))).toBe('session.step_up')
    expect(await refusal(record(await stranger()))).toBe('payment.not_found')
    for (const wrong of [
      { amount: 0 },
      { amount: -1 },
      { amount: 0.5 },
      { paidOn: '2026-02-30' },
      { how: '' },
      { why: ' ' },
    ])
      expect(RecordHandRefund.safeParse({ ...wish(), ...wrong }).success).toBe(false)
    expect(await db.handRefund.count({ where: { paymentId: payment.id } })).toBe(0)
  })

  it('keeps no account, resident or telephone number, and names the payment by its own', async () => {
    for (const wrong of [{ how: '국민 110-123-456789로 이체' }, { why: '900101-1234567 고객' }])
      expect(await refusal(record(manager, wrong))).toBe('memo.personal_number')
    await record(manager, { why: `${payment.paymentId} 중복 결제` })
    expect(await db.handRefund.count({ where: { paymentId: payment.id } })).toBe(1)
  })

  it('is never changed or removed, whoever asks the database', async () => {
    const { id } = await record(manager)
    await expect(db.handRefund.update({ where: { id }, data: { amount: 1n } })).rejects.toThrow(/append-only/)
    await expect(db.handRefund.delete({ where: { id } })).rejects.toThrow(/append-only/)
    await expect(db.$executeRaw`TRUNCATE "HandRefund"`).rejects.toThrow(/append-only/)
  })
})

it('a done cancel says on which days the buyer has the money', async () => {
  const made = await requestCancellation(contextOf(world.operator), await sheetFor(payment, 3_000))
  await sendCancellation({ ...contextOf(world.operator), actor: { kind: 'system', name: 'worker' } }, made.id)
  const view = await getPayment(contextOf(world.operator), payment.id)
  const [done] = view.cancellations
  expect(done).toMatchObject({ state: 'DONE', refundWhen: 'one_to_three_business_days' })
  const day = kstDate(instant(Date.now()))
  expect(done?.refundDays?.from.localeCompare(day)).toBe(1)
  expect(done?.refundDays?.to.localeCompare(addDays(day, 3))).toBeGreaterThanOrEqual(0)
})
