import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, fromDate, instant, kstDate, plus, toIso } from '#lib/domain/kst.ts'
import type { GatewayPayment } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { keyedHash } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
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
import { findPayments, FindPayments } from './find-payments.ts'
import { indexOlder } from './index-older.ts'
import { readAtGateway } from './read-at-gateway.ts'
import { recordPayment } from './record-payment.ts'
import { searchPayments } from './search-payments.ts'

let world: World
beforeEach(async () => {
  await control('/reset', {})
  world = await newWorld()
})
const search = async (q: string, query: object = {}) =>
  (await findPayments(world.operator, FindPayments.parse({ q, ...query }))).items.map((item) => item.id)
const buyer = (name: string, amount = 5_000, more: object = {}) =>
  newPayment(world, { amount, customer: { name, phoneNumber: '01099998888', email: 'a@b.kr' }, ...more })
const recordOf = async (payment: Made): Promise<GatewayPayment> => {
  const reading = await readAtGateway(systemContext(), await accountOf(world), payment.paymentId)
  if (reading.kind !== 'recorded') throw new Error(reading.kind)
  return reading.record
}
const record = async (told: GatewayPayment) => {
  const account = await accountOf(world)
  await transaction((tx) => recordPayment(tx, systemContext(), account, told, fromDate(new Date())))
}
const keysOf = (payment: Made) =>
  db.$queryRaw<{ hash: string; written: string }[]>`
    SELECT hash, xmin::text AS written FROM "PersonKey" WHERE "paymentId" = ${payment.id}::uuid ORDER BY hash`

describe('a buyer', () => {
  it('is found by any two letters of the name or more, in one order only', async () => {
    const hong = await buyer('남궁 길동')
    const smith = await buyer('John Smith')
    for (const q of ['남궁길동', '남궁', '궁길', '길동', '이름:길동', '이름:"남궁 길동"', '길동님'])
      expect(await search(q), q).toEqual([hong.id])
    for (const q of ['smith', 'SMITH', 'John Smith', 'name:"John Smith"', 'ohn'])
      expect(await search(q), q).toEqual([smith.id])
    for (const q of ['동길', '남동', '길동이', '홍길동']) expect(await search(q), q).toEqual([])
  })

  it('is not found by letters that only stand apart in the name', async () => {
    // All pairs of `나나다` and of `다나나` are in it, the words are not.
    const odd = await buyer('다나다나나')
    expect(await search('이름:나다나')).toEqual([odd.id])
    expect(await search('이름:나나다')).toEqual([])
  })

  it('is found by telephone, whole and by its end, by e-mail in any case, and by the card’s end', async () => {
    const other = await newPayment(world, { amount: 1_000, customer: { name: '김철수', phoneNumber: '01055554444' } })
    const mine = await newPayment(world, {
      amount: 1_000,
      customer: { name: '박영희', phoneNumber: '+82 10-1234-9876', email: 'Young.Hee@Example.com' },
    })
    for (const q of ['010-1234-9876', '01012349876', '전화 9876', 'phone:9876', '9876', 'young.hee@example.com'])
      expect(await search(q), q).toEqual([mine.id])
    expect(await search('4444')).toEqual([other.id])
    expect(await search('young.hee')).toEqual([])
    const { methodFacts } = await recordOf(mine)
    const end = (methodFacts.card?.number ?? '').slice(-4).replace('*', '0')
    expect(end).toMatch(/^\d{4}$/)
    expect(await search(`카드 ${end}`)).toContain(mine.id)
  })

  it('of another store is never found', async () => {
    const hong = await buyer('홍길동')
    const elsewhere = await newWorld(1)
    const stranger = await person(elsewhere.storeId, 'MANAGER')
    for (const q of ['홍길동', '01099998888', '전화 8888', 'a@b.kr', hong.paymentId, '5000', '5,000원', '오늘'])
      expect((await findPayments(stranger, FindPayments.parse({ q }))).items, q).toEqual([])
    expect(await search('홍길동', { store: elsewhere.storeId })).toEqual([])
    expect(await search('홍길동')).toEqual([hong.id])
  })

  it('goes on page by page, and looks at no more than it must', async () => {
    const made: string[] = []
    for (let index = 0; index < 5; index += 1) made.unshift((await buyer(index % 2 === 0 ? '다나다나나' : '나나다')).id)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const query = FindPayments.parse({ q: '이름:다나나', limit: '1', ...(cursor !== null && { cursor }) })
      const page: Awaited<ReturnType<typeof findPayments>> = await findPayments(world.operator, query)
      seen.push(...page.items.map((item) => item.id))
      cursor = page.next
    } while (cursor !== null)
    expect(new Set(seen)).toEqual(new Set([made[0], made[2], made[4]]))
    expect(seen).toHaveLength(3)
  })
})

describe('the index of persons', () => {
  it('holds nothing that can be read, and the same hashes for the same person', async () => {
    const one = await buyer('홍길동')
    const two = await buyer('홍길동', 6_000)
    const rows = await db.personKey.findMany({ where: { storeId: world.storeId } })
    for (const row of rows) expect(row.hash).toMatch(/^[\w-]{43}$/)
    const text = JSON.stringify(rows)
    for (const word of ['홍', '길동', '8888', 'a@b', keyedHash('홍길동')]) expect(text).not.toContain(word)
    const hashes = async (payment: Made) => (await keysOf(payment)).map((row) => row.hash)
    const shared = (await hashes(one)).filter((hash) => rows.filter((row) => row.hash === hash).length === 2)
    // Name, its two pairs, telephone, its end, e-mail; the cards differ.
    expect(shared.length).toBeGreaterThanOrEqual(6)
    expect(await hashes(two)).toEqual(expect.arrayContaining(shared))
  })

  it('is not written again by reading the same, and changes with the name', async () => {
    const payment = await buyer('홍길동')
    const before = await keysOf(payment)
    const told = await recordOf(payment)
    expect(await keysOf(payment)).toEqual(before)
    await record({ ...told, personal: { ...told.personal, name: '김길동' } })
    expect(await search('홍길동')).toEqual([])
    expect(await search('김길')).toEqual([payment.id])
    const after = await keysOf(payment)
    // What stayed true was left alone: `길동`, telephone, e-mail, card.
    expect(
      after.filter((row) => before.some((old) => old.hash === row.hash && old.written === row.written)).length,
    ).toBe(before.length - 2)
    expect(after).toHaveLength(before.length)
    await record({ ...told, personal: {}, methodFacts: {} })
    expect(await keysOf(payment)).toEqual([])
  })
})

describe('what was taken over before there was an index', () => {
  it('is indexed once, from what is sealed', async () => {
    const payment = await buyer('홍길동')
    const before = await keysOf(payment)
    await db.personKey.deleteMany({ where: { paymentId: payment.id } })
    expect(await search('홍길동')).toEqual([])
    await indexOlder(new AbortController().signal)
    expect(await search('홍길동')).toEqual([payment.id])
    expect((await keysOf(payment)).map((row) => row.hash)).toEqual(before.map((row) => row.hash))
  })
})

describe('amount, day and words', () => {
  const yesterday = () => `${kstDate(plus(instant(Date.now()), -DAY_MS))}T12:00:00.000+09:00`

  it('find together, in any order', async () => {
    const wanted = await newPayment(world, { amount: 35_000, paidAt: yesterday() })
    const today = await newPayment(world, { amount: 35_000 })
    await newPayment(world, { amount: 12_000, paidAt: yesterday() })
    for (const [{ id }, issuer] of [
      [wanted, 'SHINHAN_CARD'],
      [today, 'HANA_CARD'],
    ] as const)
      await db.payment.update({ where: { id }, data: { methodFacts: { card: { issuer } } } })
    for (const q of [
      '어제 35000 신한',
      '신한 35,000원 어제',
      'shinhan 3만5천 yesterday',
      '어제 35000 -국민',
      '금액:>30000 어제',
    ])
      expect(await search(q), q).toEqual([wanted.id])
    for (const q of ['오늘 35000 신한', '어제 35001', '어제 35000 국민', '어제 35000 -신한'])
      expect(await search(q), q).toEqual([])
  })

  it('a method, a status, and what is not', async () => {
    const card = await newPayment(world, { amount: 1_000 })
    const account = await newPayment(world, {
      amount: 2_000,
      method: 'VIRTUAL_ACCOUNT',
      status: 'VIRTUAL_ACCOUNT_ISSUED',
    })
    expect(await search('가상계좌')).toEqual([account.id])
    expect(await search('-수단:가상계좌')).toEqual([card.id])
    expect(await search('상태:입금대기')).toEqual([account.id])
    expect(await search('-입금대기')).toEqual([card.id])
    expect(await search('상태:확인필요')).toEqual([])
    await control('/outside-cancel', { payment: card.paymentId, amount: 100, where: 'portone-console' })
    await readAtGateway(systemContext(), await accountOf(world), card.paymentId)
    expect(await search('상태:확인필요')).toEqual([card.id])
    expect(await search('취소')).toEqual([card.id])
  })

  it('without a day in half a year, with a number whenever', async () => {
    const old = await newPayment(world, { amount: 77_000, paidAt: toIso(plus(instant(Date.now()), -250 * DAY_MS)) })
    expect(await search('77000')).toEqual([])
    expect(await search(old.paymentId)).toEqual([old.id])
    const page = await findPayments(world.operator, FindPayments.parse({ q: '77000' }))
    expect(page.understood?.period).not.toBeNull()
  })

  it('what is not understood finds nothing by itself and says so', async () => {
    await newPayment(world, { amount: 1_000 })
    const page = await findPayments(world.operator, FindPayments.parse({ q: '-35000 금액:많이' }))
    expect(page.items).toEqual([])
    expect(page.understood).toMatchObject({ parts: [{ kind: 'number' }], unknown: [] })
    const some = await findPayments(world.operator, FindPayments.parse({ q: '오늘 금액:많이' }))
    expect(some.items).toHaveLength(1)
    expect(some.understood?.unknown.map((one) => one.text)).toEqual(['금액:많이'])
  })

  it('cents are not won', async () => {
    const payment = await newPayment(world, { amount: 5_000 })
    expect(await search('5,000원')).toEqual([payment.id])
    const told = await recordOf(payment)
    await record({ ...told, paymentId: 'dollars', transactionId: 'dollars', pgTxId: 'dollars', currency: 'USD' })
    expect(await search('dollars')).toHaveLength(1)
    expect(await search('5,000원')).toEqual([payment.id])
  })
})

describe('looking for a person', () => {
  const entries = () => db.auditEntry.findMany({ where: { action: 'payment.list', actorId: world.operator.id } })

  it('is recorded by what was used, never by the words, once for a search; numbers are not recorded', async () => {
    await buyer('홍길동')
    const context = contextOf(world.operator)
    await searchPayments(context, FindPayments.parse({ q: '홍길동 010-9999-8888 어제' }))
    await searchPayments(context, FindPayments.parse({ q: '20261120123456' }))
    await searchPayments(context, FindPayments.parse({ q: '어제 35000' }))
    await searchPayments(context, FindPayments.parse({}))
    const [only, ...others] = await entries()
    expect(others).toEqual([])
    expect(only).toMatchObject({ facts: { by: 'name,phone' }, storeId: world.storeId, outcome: 'done' })
    expect(JSON.stringify(only?.facts)).not.toMatch(/홍|길동|8888/)
  })

  it('writes nothing into the record of a store that is not theirs', async () => {
    const { storeId } = await newWorld(1)
    await searchPayments(contextOf(world.operator), FindPayments.parse({ q: '홍길동', store: storeId }))
    expect(await db.auditEntry.count({ where: { storeId } })).toBe(0)
    expect(await entries()).toHaveLength(1)
  })

  it('is counted, and refused beyond the limit', async () => {
    const context = contextOf(world.operator)
    const again = () => searchPayments(context, FindPayments.parse({ q: '홍길동' }))
    for (let time = 0; time < 60; time += 1) await again()
    const refused: unknown = await again().then(
      () => null,
      (error: unknown) => error,
    )
    expect(refused instanceof DomainError && refused.code).toBe('request.too_many')
    expect((await searchPayments(context, FindPayments.parse({ q: '어제' }))).items).toEqual([])
  })
})
