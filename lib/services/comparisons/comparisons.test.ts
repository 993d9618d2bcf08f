import { randomUUID } from 'node:crypto'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import type { FileMeaning } from '#lib/domain/comparison.ts'
import { addDays, fromDate, kstDate, parseIso, parseKstDate, toDate, type KstDate } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { Context, Person } from '#lib/server/context.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { newKcpPayment, newKcpWorld } from '#lib/testing/kcp-world.ts'
import { accountOf, contextOf, control, newPayment, newWorld, person, systemContext } from '#lib/testing/world.ts'
import { settleFromFile } from '../cancellations/settle-from-file.ts'
import { xlsx, type Cell } from '../exports/xlsx.ts'
import { readImportFile } from '../imports/import-file.ts'
import { openAccount } from '../accounts/open-account.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { takePayment } from '../payments/tell-payment.ts'
import { continueComparison } from './continue-comparison.ts'
import { findDifferences, FindDifferences } from './find-differences.ts'
import { getDifference } from './get-difference.ts'
import { inTurn } from './in-turn.ts'
import { getComparison, listComparisons } from './list-comparisons.ts'
import { recordDifference } from './record-difference.ts'
import { COMPARED_ROWS_MAX, previewComparison, startComparison, StartComparison } from './start-comparison.ts'
import { takeDifference } from './take-difference.ts'
import { uploadPart } from './upload-part.ts'
import { assignDifference, closeDifference, explainDifference } from './work-difference.ts'

let numbers = 0
const newNumber = () => `26869${String((numbers += 1)).padStart(9, '0')}`
const DAY = '2024-11-20'
const at = (time: string) => parseIso(`${DAY}T${time}+09:00`) ?? fromDate(new Date(0))

async function newShop() {
  const { id: storeId } = await db.store.create({ data: { name: 'shop' } })
  const accountId = randomUUID()
  const siteCd = `C${randomUUID().slice(0, 4).toUpperCase()}`
  const common = { gateway: 'kcp', mode: 'rest', environment: 'sandbox', name: 'KCP', settings: { siteCd } } as const
  await db.gatewayAccount.create({ data: { ...common, id: accountId, storeId, secrets: {}, hints: {} } })
  const channel = await db.channel.create({
    data: { accountId, name: siteCd, key: siteCd, pg: 'KCP', mid: siteCd, contract: {} },
  })
  const manager = await person(storeId, 'MANAGER')
  return { storeId, accountId, siteCd, channelId: channel.id, manager, context: contextOf(manager) }
}
type Shop = Awaited<ReturnType<typeof newShop>>

/** A payment that we know, as a file told of it. */
async function ours(
  shop: Shop,
  wish: { number?: string; amount?: number; time?: string; method?: 'CARD' | 'MOBILE' } = {},
) {
  const number = wish.number ?? newNumber()
  const amount = minor(wish.amount ?? 11_000)
  const approvedAt = at(wish.time ?? '14:03:22')
  const account = openAccount(await db.gatewayAccount.findUniqueOrThrow({ where: { id: shop.accountId } }))
  const taken = await takePayment(
    shop.context,
    account,
    {
      paymentId: number,
      transactionId: null,
      orderNumber: '000123',
      storeKey: shop.siteCd,
      channelKey: shop.siteCd,
      channelType: null,
      pg: 'KCP',
      mid: shop.siteCd,
      pgTxId: number,
      status: 'PAID',
      method: wish.method ?? 'CARD',
      methodFacts: {},
      approvalNumber: null,
      currency: 'KRW',
      total: amount,
      taxFree: minor(0),
      discount: minor(0),
      paid: amount,
      cancelled: minor(0),
      cancelledTaxFree: minor(0),
      orderName: '가을 외투',
      requestedAt: approvedAt,
      approvedAt,
      paidAt: approvedAt,
      receiptUrl: null,
      escrow: null,
      cashReceipt: null,
      cancellations: [],
      personal: {},
    },
    { source: 'shop', facts: {} },
  )
  return { id: taken.paymentId, number }
}
const refunded = (shop: Shop, { id, number }: { id: string; number: string }, amount: number, time = '15:00:00') =>
  db.refund.create({
    data: {
      paymentId: id,
      channelId: shop.channelId,
      gatewayCancellationId: `${number}/${amount}`,
      amount: BigInt(amount),
      taxFree: 0n,
      partial: true,
      refundedAt: toDate(at(time)),
      seenAt: new Date(),
    },
  })
/** An intent that may be on its way. */
async function out(shop: Shop, paymentId: string, amount: number) {
  const id = randomUUID()
  await db.cancellation.create({
    data: {
      id,
      paymentId,
      storeId: shop.storeId,
      channelId: shop.channelId,
      kind: 'CANCEL',
      state: 'READY',
      amount: BigInt(amount),
      taxFree: 0n,
      partial: true,
      remainderShown: 11_000n,
      remainderTaxFreeShown: 0n,
      reason: 'test',
      token: id,
      inputHash: '',
      requestedById: shop.manager.id,
      requestedAt: new Date(),
    },
  })
  await db.cancellation.update({ where: { id }, data: { state: 'SENDING', sendingSince: new Date() } })
  return id
}

const HEAD = ['거래번호', '결제수단', '거래금액', '취소금액', '승인일시', '취소일시', '거래상태', '주문자명', '상품명']
type More = Readonly<Record<string, string>>
const rowOf = (number: string, more: More = {}) =>
  HEAD.map(
    (title) =>
      ({
        거래번호: number,
        결제수단: '신용카드',
        거래금액: '11,000',
        취소금액: '0',
        승인일시: `${DAY} 14:03:22`,
        취소일시: '',
        거래상태: '승인',
        주문자명: '홍길동',
        상품명: '가을 외투',
        ...more,
      })[title] ?? '',
  )
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const csv = (rows: readonly (readonly string[])[], head = HEAD) =>
  [head, ...rows].map((cells) => cells.map(quoted).join(',')).join('\r\n')
const EVENTS = ['거래번호', '결제수단', '거래금액', '거래일시', '거래구분']
const event = (number: string, status: string, amount: string, time = `${DAY} 14:03:22`) => [
  number,
  '신용카드',
  amount,
  time,
  status,
]

const PART = 2 * 1024 * 1024
async function upload(
  shop: Shop,
  file: string | Uint8Array,
  context: Context = shop.context,
  id: string = randomUUID(),
) {
  const bytes = Buffer.from(file)
  for (let index = 0; index * PART < bytes.length; index += 1) {
    const content = bytes.subarray(index * PART, (index + 1) * PART).toString('base64')
    await uploadPart(context, { id, channelId: shop.channelId, fileName: '거래내역.csv', index, content })
  }
  return id
}
const dayOf = (text: string): KstDate => parseKstDate(text) ?? kstDate(fromDate(new Date()))
type How = { readonly meaning?: Partial<FileMeaning>; readonly from?: string; readonly to?: string }
/** As the browser does it. */
async function compare(shop: Shop, file: string | Uint8Array, { meaning = {}, from = DAY, to = from }: How = {}) {
  const id = await upload(shop, file)
  const proposed = await previewComparison(shop.context, { id, meaning: null })
  const start = { id, meaning: { ...proposed.meaning, ...meaning }, from: dayOf(from), to: dayOf(to) }
  await startComparison(shop.context, start)
  for (let steps = 0; steps < 100; steps += 1)
    if ((await continueComparison(shop.context, { id })).state === 'DONE') break
  const view = await getComparison(shop.context, id)
  const { items } = await findDifferences(
    { ...shop.context, actor: shop.manager },
    FindDifferences.parse({ comparison: id, state: 'all' }),
  )
  return { id, view, items: [...items] }
}
const said = ({ items }: Awaited<ReturnType<typeof compare>>) =>
  Object.fromEntries(items.map(({ number, kind, whys, state }) => [number, [kind, ...whys, state].join(' ')]))
const everything = async ({ storeId }: Shop) => ({
  differences: await db.difference.findMany({ where: { storeId }, orderBy: { id: 'asc' } }),
  refunds: await db.refund.count({ where: { payment: { storeId } } }),
  payments: await db.payment.findMany({ where: { storeId }, orderBy: { id: 'asc' } }),
  tasks: await db.task.count({ where: { storeId } }),
})
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return [error.code, error.facts['reason']].filter(Boolean).join(' ')
    throw error
  }
  return null
}

describe('an export beside our record', () => {
  it('matches, differs with the reason, stands only here or only there; nothing of a payment changes', async () => {
    const shop = await newShop()
    const [same, amount, more, less, method, missing] = [
      await ours(shop),
      await ours(shop),
      await ours(shop),
      await ours(shop),
      await ours(shop, { method: 'MOBILE' }),
      await ours(shop),
    ]
    await refunded(shop, less, 4_000)
    const unknown = newNumber()
    const before = await everything(shop)
    const file = csv([
      rowOf(same.number),
      rowOf(amount.number, { 거래금액: '12,000' }),
      rowOf(more.number, { 취소금액: '3,000', 거래상태: '부분취소', 취소일시: `${DAY} 15:10:00` }),
      rowOf(less.number, { 취소금액: '1,000', 거래상태: '부분취소' }),
      rowOf(method.number),
      rowOf(unknown),
      rowOf(newNumber(), { 승인일시: '2024-11-19 10:00' }),
      rowOf(newNumber(), { 거래상태: '승인실패' }),
      rowOf(newNumber(), { 거래상태: '보류' }),
      rowOf('2.68699E+13'),
    ])
    const found = await compare(shop, file)
    expect(found.view).toMatchObject({
      state: 'DONE',
      rows: 10,
      matched: 1,
      differs: 4,
      onlyHere: 1,
      onlyThere: 1,
      outside: 2,
      unread: 2,
      open: 6,
      days: { from: DAY, to: DAY },
    })
    expect(found.view.unreadOf.map(({ line, reason }) => [line, reason])).toEqual([
      [10, 'status_unknown'],
      [11, 'number_form'],
    ])
    expect(said(found)).toEqual({
      [amount.number]: 'differs amount OPEN',
      [more.number]: 'differs cancelled_more OPEN',
      [less.number]: 'differs cancelled_less OPEN',
      [method.number]: 'differs method OPEN',
      [missing.number]: 'only_here OPEN',
      [unknown]: 'only_there OPEN',
    })
    const after = await everything(shop)
    expect({ ...after, differences: [] }).toEqual({ ...before, differences: [] })
    // Nothing of the file stays but what differs, sealed.
    expect(await db.comparisonPart.count({ where: { comparisonId: found.id } })).toBe(0)
    expect(
      JSON.stringify(after.differences, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value)),
    ).not.toContain('홍길동')
  })
  it('is of one environment: payments of another under the same merchant are neither compared nor missing', async () => {
    const shop = await newShop()
    const [mine, other] = [await ours(shop), await ours(shop)]
    await db.gatewayAccount.update({ where: { id: shop.accountId }, data: { environment: 'live' } })
    const real = await ours(shop)
    const found = await compare(shop, csv([rowOf(real.number), rowOf(mine.number, { 취소금액: '3,000' })]))
    expect(said(found)).toEqual({ [mine.number]: 'only_there OPEN' })
    expect(found.items.map(({ paymentId }) => paymentId)).toEqual([null])
    const events = [event(real.number, '승인', '11,000'), event(mine.number, '취소', '11,000')]
    await refunded(shop, other, 1_000)
    const again = await compare(shop, csv(events, EVENTS))
    expect(said(again)).toEqual({ [mine.number]: 'only_there OPEN' })
  })
  it('compared again changes nothing: the same differences with who has them, what was said, and what was closed', async () => {
    const shop = await newShop()
    const [one, two] = [await ours(shop), await ours(shop)]
    const file = csv([rowOf(one.number, { 거래금액: '12,000' }), rowOf(newNumber())])
    const first = await compare(shop, file)
    expect(first.items).toHaveLength(3)
    const operator = await person(shop.storeId, 'OPERATOR')
    const [mine, closed] = [first.items[0]?.id ?? '', first.items[1]?.id ?? '']
    await assignDifference(shop.context, { id: mine, assigneeId: operator.id })
    await explainDifference(contextOf(operator), { id: mine, text: 'KCP에 문의했습니다' })
    await closeDifference(shop.context, { id: closed, text: '다른 관리자에서 처리한 건' })
    const before = await everything(shop)
    const second = await compare(shop, file)
    expect(await everything(shop)).toEqual(before)
    expect(said(second)).toEqual({
      ...said(first),
      [first.items[1]?.number ?? '']: `${said(first)[first.items[1]?.number ?? '']?.replace('OPEN', 'CLOSED')}`,
    })
    expect(second.view).toMatchObject({ matched: 0, differs: 1, onlyHere: 1, onlyThere: 1, open: 2 })
    const view = await getDifference(shop.context, { id: mine })
    expect(view).toMatchObject({ assignee: { id: operator.id }, state: 'OPEN' })
    expect(view.notes.map(({ text, by }) => [text, by])).toEqual([['KCP에 문의했습니다', operator.name]])
    expect(view.comparisons.map(({ id }) => id)).toEqual([second.id, first.id])
    expect(await db.differenceNote.count({ where: { difference: { storeId: shop.storeId } } })).toBe(2)
    // What agrees later ends by itself; what a person closed stays as it was closed.
    const third = await compare(shop, csv([rowOf(one.number), rowOf(two.number)]))
    expect(third.view).toMatchObject({ matched: 2, differs: 0, onlyHere: 0 })
    const states = await db.difference.findMany({
      where: { storeId: shop.storeId, number: { in: [one.number, two.number] } },
    })
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['CLOSED']))
    expect(new Set(states.map(({ id, closedBy }) => (id === closed ? 'person' : closedBy)))).toEqual(
      new Set(states.some(({ id }) => id === closed) ? ['person', 'match'] : ['match']),
    )
  })
  it('of events, an approval and each cancel a row of its own, tells the cancels of its day', async () => {
    const shop = await newShop()
    const [one, two, old, other] = [await ours(shop), await ours(shop), await ours(shop), await ours(shop)]
    await refunded(shop, two, 2_000)
    await refunded(shop, old, 5_000)
    const file = csv(
      [
        event(one.number, '승인', '11,000'),
        event(one.number, '부분취소', '-1,000', `${DAY} 16:00:00`),
        event(one.number, '부분취소', '-2,000', `${DAY} 17:00:00`),
        event(two.number, '승인', '11,000'),
        event(two.number, '부분취소', '-2,000', `${DAY} 15:00:00`),
        event(old.number, '승인', '11,000'),
        event(other.number, '취소', '11,000', `${DAY} 18:00:00`),
      ],
      EVENTS,
    )
    const found = await compare(shop, file)
    expect(found.view).toMatchObject({ layout: 'events', matched: 1 })
    expect(said(found)).toEqual({
      [one.number]: 'differs cancelled_more OPEN',
      [old.number]: 'differs cancelled_less OPEN',
      [other.number]: 'differs cancelled_more OPEN',
    })
    const id = found.items.find(({ number }) => number === one.number)?.id ?? ''
    const preview = await getDifference(shop.context, { id })
    expect(preview.record).toMatchObject({
      kind: 'ready',
      amount: 3_000,
      before: 0,
      after: 3_000,
      cancels: [
        { amount: 1_000, at: at('16:00:00') },
        { amount: 2_000, at: at('17:00:00') },
      ],
    })
    await recordDifference(shop.context, { id, amount: 3_000, before: 0 })
    const refunds = await db.refund.findMany({ where: { paymentId: one.id }, orderBy: { refundedAt: 'asc' } })
    expect(refunds.map(({ gatewayCancellationId, amount }) => [gatewayCancellationId, amount])).toEqual([
      [`${one.number}/1000`, 1_000n],
      [`${one.number}/3000`, 2_000n],
    ])
    // A day later another file, without a word of these: it ends nothing of the day before.
    await compare(shop, csv([event(other.number, '취소', '1,000', '2024-11-21 10:00')], EVENTS), { from: '2024-11-21' })
    const open = await db.difference.findMany({ where: { storeId: shop.storeId, number: old.number } })
    expect(open.map(({ state }) => state)).toEqual(['OPEN'])
  })
  it('is the same file in EUC-KR, in UTF-8 and as XLSX; the columns chosen are offered for the next', async () => {
    const shop = await newShop()
    const head = HEAD.map((title) => (title === '거래번호' ? '번호표' : title))
    const row = rowOf(newNumber())
    const text = csv([row], head)
    const id = await upload(shop, iconv.encode(text, 'cp949'))
    const blank = await previewComparison(shop.context, { id, meaning: null })
    expect([blank.found, blank.meaning.columns.number]).toEqual([null, undefined])
    const columns = { ...blank.meaning.columns, number: '번호표' }
    const meaning = { ...blank.meaning, columns }
    expect((await previewComparison(shop.context, { id, meaning })).found).toMatchObject({
      rows: 1,
      transactions: 1,
      days: { from: DAY, to: DAY },
    })
    const first = await compare(shop, iconv.encode(text, 'cp949'), { meaning })
    const cells = row.map((value, index): Cell => (index === 2 ? { number: 11_000 } : { text: value }))
    const sheet = new Uint8Array(await new Response(xlsx(head, [cells])).arrayBuffer())
    for (const file of [text, `\uFEFF${text}`, sheet]) {
      const again = await compare(shop, file)
      expect(again.items.map(({ id: same }) => same)).toEqual(first.items.map(({ id: same }) => same))
    }
    const next = await previewComparison(shop.context, { id: await upload(shop, text), meaning: null })
    expect(next.meaning).toEqual(meaning)
  })
  it('in parts, each once, whoever asks for it and however often', async () => {
    const shop = await newShop()
    const known = [await ours(shop), await ours(shop)]
    const rows = Array.from({ length: 2_010 }, () => rowOf(newNumber()))
    const id = await upload(shop, csv([...rows, ...known.map(({ number }) => rowOf(number))]))
    const { meaning } = await previewComparison(shop.context, { id, meaning: null })
    const start = { id, meaning, from: dayOf(DAY), to: dayOf(DAY) }
    expect(await startComparison(shop.context, start)).toEqual({ parts: 3 })
    expect(await startComparison(shop.context, start)).toEqual({ parts: 3 })
    const twice = await Promise.all([
      continueComparison(shop.context, { id }),
      continueComparison(shop.context, { id }),
    ])
    expect(twice.map(({ partsLeft }) => partsLeft)).toEqual([2, 2])
    for (const left of [1, 0, 0]) expect((await continueComparison(shop.context, { id })).partsLeft).toBe(left)
    expect(await getComparison(shop.context, id)).toMatchObject({ state: 'DONE', matched: 2, onlyThere: 2_010 })
    expect(await problemOf(upload(shop, 'a', shop.context, id))).toBe('comparison.begun')
  }, 60_000)
  it('of more rows or bytes than are compared, or of more than 31 days, is refused', async () => {
    const rows = `a,b,c\n${'1,2,3\n'.repeat(COMPARED_ROWS_MAX + 1)}`
    expect(await problemOf(readImportFile(Buffer.from(rows), COMPARED_ROWS_MAX, rows.length))).toBe(
      'upload.unreadable rows',
    )
    expect(await problemOf(readImportFile(Buffer.from(rows), COMPARED_ROWS_MAX, rows.length - 1))).toBe(
      'request.too_large',
    )
    const meaning = { columns: {}, layout: 'payments', allMethod: null }
    const from = dayOf(DAY)
    const days = (to: KstDate) => StartComparison.safeParse({ id: randomUUID(), meaning, from, to }).success
    expect([days(addDays(from, 30)), days(addDays(from, 31)), days(addDays(from, -1))]).toEqual([true, false, false])
  })
})

describe('a file', () => {
  it('keeps no card’s number, whichever column was taken for the transaction’s', async () => {
    const shop = await newShop()
    const card = '4017620112348250'
    const found = await compare(shop, csv([rowOf(newNumber()), rowOf(card)]))
    expect(found.view.unreadOf).toEqual([{ line: 3, number: '', reason: 'number_form', facts: {} }])
    const rows = [
      await db.difference.findMany({ where: { storeId: shop.storeId } }),
      await db.comparison.findMany({ where: { storeId: shop.storeId } }),
    ]
    expect(JSON.stringify(rows)).not.toContain(card)
  })
  it('is read when no other is', async () => {
    const shop = await newShop()
    const text = Buffer.from(csv([rowOf(newNumber()), rowOf(newNumber())]))
    const half = text.indexOf('\r\n', text.indexOf('\r\n') + 2)
    const id = await upload(shop, text.subarray(0, half))
    let end = (): void => undefined
    const other = inTurn(() => new Promise<void>((resolve) => (end = resolve)))
    const seen = previewComparison(shop.context, { id, meaning: null })
    const content = text.subarray(half).toString('base64')
    await uploadPart(shop.context, { id, channelId: shop.channelId, fileName: '거래내역.csv', index: 1, content })
    end()
    await other
    expect((await seen).found).toMatchObject({ rows: 2 })
    await expect(inTurn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await inTurn(() => Promise.resolve('next'))).toBe('next')
  })
  it('is kept with four more of its person, and another’s beside them', async () => {
    const shop = await newShop()
    const colleague = contextOf(await person(shop.storeId, 'OPERATOR'))
    const file = csv([rowOf(newNumber())])
    const theirs = await upload(shop, file, colleague)
    const first = await upload(shop, file)
    for (let more = 0; more < 4; more += 1) await upload(shop, file)
    const rowsOf = async (id: string) => (await previewComparison(shop.context, { id, meaning: null })).found?.rows
    expect(await rowsOf(first)).toBe(1)
    await upload(shop, file)
    expect(await problemOf(rowsOf(first))).toBe('upload.unreadable empty')
    expect(await rowsOf(theirs)).toBe(1)
  })
})

describe('a cancel that only a file tells of', () => {
  const more = async (shop: Shop, number: string, cancelled = '3,000') => {
    const file = csv([rowOf(number, { 취소금액: cancelled, 취소일시: `${DAY} 15:10:00` })])
    const found = await compare(shop, file)
    return { file, id: found.items.find((one) => one.number === number)?.id ?? '' }
  }
  it('is recorded once, by a person who saw what would be written, marked as told by a file', async () => {
    const shop = await newShop()
    const payment = await ours(shop)
    const { id, file } = await more(shop, payment.number)
    const { record } = await getDifference(shop.context, { id })
    expect(record).toMatchObject({
      kind: 'ready',
      amount: 3_000,
      before: 0,
      after: 3_000,
      received: 11_000,
      withdraws: 0,
    })
    expect(await problemOf(recordDifference(shop.context, { id, amount: 2_000, before: 0 }))).toBe('difference.changed')
    expect(await db.refund.count({ where: { paymentId: payment.id } })).toBe(0)
    const both = await Promise.allSettled([
      recordDifference(shop.context, { id, amount: 3_000, before: 0 }),
      recordDifference(shop.context, { id, amount: 3_000, before: 0 }),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await db.refund.findMany({ where: { paymentId: payment.id } })).toMatchObject([
      {
        gatewayCancellationId: `${payment.number}/3000`,
        amount: 3_000n,
        source: 'file',
        trigger: 'FILE',
        cancellationId: null,
        refundedAt: toDate(at('15:10:00')),
      },
    ])
    expect(await db.payment.findUniqueOrThrow({ where: { id: payment.id } })).toMatchObject({
      refunded: 3_000n,
      status: 'PARTIALLY_REFUNDED',
    })
    expect(await db.task.findMany({ where: { paymentId: payment.id } })).toMatchObject([{ kind: 'outside_cancel' }])
    const actions = await db.auditEntry.findMany({ where: { subjectId: payment.id }, orderBy: { id: 'asc' } })
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['payment.outside_cancel', 'comparison.record']),
    )
    expect(await db.difference.findUniqueOrThrow({ where: { id } })).toMatchObject({
      state: 'CLOSED',
      closedBy: 'recorded',
      closedById: shop.manager.id,
    })
    const again = await compare(shop, file)
    expect([again.view.matched, again.items]).toEqual([1, []])
    // More of it later: only what was not known.
    const later = await more(shop, payment.number, '5,000')
    expect((await getDifference(shop.context, { id: later.id })).record).toMatchObject({
      amount: 2_000,
      before: 3_000,
      after: 5_000,
    })
  })
  it('that may be our own, which is out, is held: a task, no refund, nothing settled', async () => {
    const shop = await newShop()
    const payment = await ours(shop)
    const { id } = await more(shop, payment.number)
    const cancellationId = await out(shop, payment.id, 3_000)
    expect((await getDifference(shop.context, { id })).record).toEqual({
      kind: 'held',
      amount: 3_000,
      before: 0,
      ours: 3_000,
    })
    expect(await recordDifference(shop.context, { id, amount: 3_000, before: 0 })).toEqual({ state: 'held' })
    expect(await recordDifference(shop.context, { id, amount: 3_000, before: 0 })).toEqual({ state: 'held' })
    expect(await db.refund.count({ where: { paymentId: payment.id } })).toBe(0)
    expect(await db.cancellation.findUniqueOrThrow({ where: { id: cancellationId } })).toMatchObject({
      state: 'SENDING',
    })
    expect(await db.task.findMany({ where: { paymentId: payment.id } })).toMatchObject([
      { kind: 'outside_cancel', key: 'file:3000' },
    ])
    expect(await db.difference.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'OPEN' })
  })
  it('takes back an intent that was not sent and is too large now', async () => {
    const shop = await newShop()
    const payment = await ours(shop)
    const { id } = await more(shop, payment.number)
    const cancellationId = randomUUID()
    const { channelId, storeId, manager } = shop
    await db.cancellation.create({
      data: {
        id: cancellationId,
        paymentId: payment.id,
        storeId,
        channelId,
        kind: 'CANCEL',
        state: 'AWAITING_APPROVAL',
        amount: 9_000n,
        taxFree: 0n,
        partial: true,
        remainderShown: 11_000n,
        remainderTaxFreeShown: 0n,
        reason: 'test',
        token: cancellationId,
        inputHash: '',
        requestedById: manager.id,
        requestedAt: new Date(),
      },
    })
    expect((await getDifference(shop.context, { id })).record).toMatchObject({ kind: 'ready', withdraws: 1 })
    await recordDifference(shop.context, { id, amount: 3_000, before: 0 })
    expect(await db.cancellation.findUniqueOrThrow({ where: { id: cancellationId } })).toMatchObject({
      state: 'WITHDRAWN',
      cause: 'outside_cancel',
    })
  })
  it('that became known meanwhile is recorded no second time', async () => {
    const shop = await newShop()
    const payment = await ours(shop)
    const { id } = await more(shop, payment.number)
    await refunded(shop, payment, 3_000)
    expect((await getDifference(shop.context, { id })).record).toEqual({ kind: 'known' })
    expect(await recordDifference(shop.context, { id, amount: 3_000, before: 0 })).toEqual({ state: 'known' })
    expect(await db.refund.count({ where: { paymentId: payment.id } })).toBe(1)
  })
  it('of more than was received, or of another amount, is not offered', async () => {
    const shop = await newShop()
    const [one, two] = [await ours(shop), await ours(shop)]
    const over = await more(shop, one.number, '12,000')
    expect((await getDifference(shop.context, { id: over.id })).record).toBeNull()
    expect(await problemOf(recordDifference(shop.context, { id: over.id, amount: 12_000, before: 0 }))).toBe(
      'difference.changed',
    )
    const found = await compare(shop, csv([rowOf(two.number, { 거래금액: '12,000', 취소금액: '3,000' })]))
    const other = found.items.find(({ number }) => number === two.number)
    expect([other?.whys, (await getDifference(shop.context, { id: other?.id ?? '' })).record]).toEqual([
      ['amount', 'cancelled_more'],
      null,
    ])
  })
  it('is not counted again when the gateway’s balance tells of it', async () => {
    const world = await newKcpWorld('rest')
    const account = await accountOf(world)
    const made = await newKcpPayment(world, { amount: 10_000 })
    await control('/outside-cancel', { payment: made.paymentId, amount: 3_000 })
    await transaction(async (tx) => {
      await lockPayment(tx, made.id)
      const payment = await tx.payment.findUniqueOrThrow({ where: { id: made.id } })
      const cancels = [{ amount: minor(3_000), at: fromDate(new Date()) }]
      expect(await settleFromFile(tx, systemContext(), payment, cancels)).toBe('recorded')
    })
    expect(await readAtGateway(systemContext(), account, made.paymentId)).toMatchObject({
      kind: 'summed',
      settled: 'absent',
    })
    expect(await db.refund.findMany({ where: { paymentId: made.id } })).toMatchObject([
      { amount: 3_000n, source: 'file' },
    ])
    expect(await db.payment.findUniqueOrThrow({ where: { id: made.id } })).toMatchObject({ refunded: 3_000n })
  })
  it('is not counted again when the gateway’s record lists it, but a later one is', async () => {
    const world = await newWorld()
    const account = await accountOf(world)
    const made = await newPayment(world, { amount: 10_000 })
    await transaction(async (tx) => {
      await lockPayment(tx, made.id)
      const payment = await tx.payment.findUniqueOrThrow({ where: { id: made.id } })
      await settleFromFile(tx, systemContext(), payment, [{ amount: minor(3_000), at: fromDate(new Date()) }])
    })
    const cancelOutside = (amount: number) =>
      control('/outside-cancel', { payment: made.paymentId, amount, where: 'portone-console' })
    await cancelOutside(3_000)
    await readAtGateway(systemContext(), account, made.paymentId)
    await readAtGateway(systemContext(), account, made.paymentId)
    const one = await db.refund.findMany({ where: { paymentId: made.id }, include: { seen: true } })
    expect(one).toMatchObject([{ amount: 3_000n, source: 'file', seen: [{ amount: 3_000n }] }])
    await cancelOutside(3_000)
    await readAtGateway(systemContext(), account, made.paymentId)
    expect(await db.payment.findUniqueOrThrow({ where: { id: made.id } })).toMatchObject({ refunded: 6_000n })
  })
  it('the database itself binds to no intent, writes not while one is out, and counts no more as seen than was told', async () => {
    const shop = await newShop()
    const payment = await ours(shop)
    const told = (more: object = {}) =>
      db.refund.create({
        data: {
          paymentId: payment.id,
          channelId: shop.channelId,
          gatewayCancellationId: randomUUID(),
          amount: 1_000n,
          taxFree: 0n,
          partial: true,
          refundedAt: new Date(),
          seenAt: new Date(),
          source: 'file',
          ...more,
        },
      })
    const { id: refundId } = await told()
    const seen = (amount: bigint) =>
      db.refundSeen.create({
        data: { channelId: shop.channelId, gatewayCancellationId: randomUUID(), refundId, amount, seenAt: new Date() },
      })
    await seen(600n)
    await expect(seen(500n)).rejects.toThrow('did not tell of so much')
    await expect(told({ amount: 10_001n })).rejects.toThrow('no more than was received')
    const cancellationId = await out(shop, payment.id, 1_000)
    await expect(told()).rejects.toThrow('settles nothing')
    await expect(told({ cancellationId })).rejects.toThrow('settles nothing')
    await expect(db.refund.update({ where: { id: refundId }, data: { cancellationId } })).rejects.toThrow(
      'Refund_source_check',
    )
  })
  it('the database itself counts one number of the gateway once, whether told or seen, and only by the store’s own channels', async () => {
    const [shop, stranger] = [await newShop(), await newShop()]
    const payment = await ours(shop)
    const told = (gatewayCancellationId: string, source: 'file' | 'gateway') =>
      db.refund.create({
        data: {
          paymentId: payment.id,
          channelId: shop.channelId,
          gatewayCancellationId,
          amount: 1_000n,
          taxFree: 0n,
          partial: true,
          refundedAt: new Date(),
          seenAt: new Date(),
          source,
        },
      })
    const [byFile, byRecord, seenId] = [randomUUID(), randomUUID(), randomUUID()]
    const { id: refundId } = await told(byFile, 'file')
    await told(byRecord, 'gateway')
    const seen = (gatewayCancellationId: string, channelId = shop.channelId) =>
      db.refundSeen.create({ data: { channelId, gatewayCancellationId, refundId, amount: 500n, seenAt: new Date() } })
    await expect(seen(byRecord)).rejects.toThrow('not another one seen again')
    await expect(seen(randomUUID(), stranger.channelId)).rejects.toThrow('channel of its payment')
    await seen(seenId)
    await expect(told(seenId, 'gateway')).rejects.toThrow('counts already')
    expect(await db.payment.findUniqueOrThrow({ where: { id: payment.id } })).toMatchObject({ refunded: 2_000n })
  })
  it('the database itself lets a difference be about no other store’s payment, and keeps comparisons', async () => {
    const [shop, stranger] = [await newShop(), await newShop()]
    const [payment, others] = [await ours(shop), await ours(stranger)]
    const { id } = await more(shop, payment.number)
    const row = await db.difference.findUniqueOrThrow({ where: { id } })
    const about = 'a payment of its store and merchant'
    await expect(db.difference.update({ where: { id }, data: { paymentId: others.id } })).rejects.toThrow(about)
    const sibling = await ours(shop)
    await expect(db.difference.update({ where: { id }, data: { paymentId: sibling.id } })).rejects.toThrow(about)
    const copy = { ...row, facts: {}, id: randomUUID(), key: randomUUID() }
    await expect(db.difference.create({ data: { ...copy, paymentId: others.id } })).rejects.toThrow(about)
    await expect(db.$executeRaw`TRUNCATE "Comparison" CASCADE`).rejects.toThrow('append-only')
  })
})

describe('a payment that only a file knows', () => {
  it('is taken over as an import takes it, once; a cancelled one is not', async () => {
    const shop = await newShop()
    const [fresh, cancelled] = [newNumber(), newNumber()]
    const file = csv([rowOf(fresh), rowOf(cancelled, { 취소금액: '3,000' })])
    const { items } = await compare(shop, file)
    const idOf = (number: string) => items.find((one) => one.number === number)?.id ?? ''
    expect((await getDifference(shop.context, { id: idOf(fresh) })).take).toMatchObject({
      kind: 'ready',
      amount: 11_000,
    })
    expect((await getDifference(shop.context, { id: idOf(cancelled) })).take).toMatchObject({
      kind: 'error',
      reason: 'cancelled_elsewhere',
    })
    expect(await takeDifference(shop.context, { id: idOf(cancelled) })).toMatchObject({ kind: 'error' })
    expect(await takeDifference(shop.context, { id: idOf(fresh) })).toMatchObject({ kind: 'recorded' })
    expect(await problemOf(takeDifference(shop.context, { id: idOf(fresh) }))).toBe('difference.closed')
    expect(await db.payment.findMany({ where: { storeId: shop.storeId } })).toMatchObject([
      { pgTxId: fresh, source: 'file', buyerMasked: '홍*동', orderName: '가을 외투', refunded: 0n },
    ])
    const again = await compare(shop, file)
    expect([again.view.matched, said(again)]).toEqual([1, { [cancelled]: 'only_there OPEN' }])
  })
})

describe('who may', () => {
  it('compare and explain: operators; record: managers; another store’s is not there', async () => {
    const shop = await newShop()
    const other = await newShop()
    const payment = await ours(shop)
    const { items } = await compare(shop, csv([rowOf(payment.number, { 취소금액: '3,000' })]))
    const id = items[0]?.id ?? ''
    const as = async (role: 'VIEWER' | 'OPERATOR') => contextOf(await person(shop.storeId, role))
    const [viewer, operator] = [await as('VIEWER'), await as('OPERATOR')]
    const input = { id, amount: 3_000, before: 0 }
    expect(await problemOf(upload(shop, 'a', viewer))).toBe('permission.missing')
    expect(await problemOf(getDifference(viewer, { id }))).toBe('permission.missing')
    expect(await problemOf(listComparisons(viewer))).toBe('permission.missing')
    expect(await problemOf(recordDifference(operator, input))).toBe('permission.missing')
    expect(await problemOf(explainDifference(operator, { id, text: '확인 중' }))).toBeNull()
    expect((await getDifference(operator, { id })).may).toMatchObject({ record: false, take: false })
    const comparisonId = (await getDifference(shop.context, { id })).comparisons[0]?.id ?? ''
    for (const run of [
      () => upload(shop, 'a', other.context),
      () => getDifference(other.context, { id }),
      () => recordDifference(other.context, input),
      () => assignDifference(other.context, { id, assigneeId: null }),
      () => explainDifference(other.context, { id, text: 'x' }),
      () => closeDifference(other.context, { id, text: 'x' }),
      () => takeDifference(other.context, { id }),
      () => continueComparison(other.context, { id: comparisonId }),
      () => getComparison(other.context, comparisonId),
    ])
      expect(await problemOf(run())).toMatch(/not_found$/)
    const stranger: Person = other.manager
    expect(await problemOf(assignDifference(shop.context, { id, assigneeId: stranger.id }))).toBe('difference.nobody')
    expect(await problemOf(explainDifference(shop.context, { id, text: '구매자 010-1234-5678' }))).toBe(
      'memo.personal_number',
    )
    expect((await listComparisons(shop.context)).channels.map(({ id: channelId }) => channelId)).toEqual([
      shop.channelId,
    ])
    expect(
      (await findDifferences({ ...other.context, actor: other.manager }, FindDifferences.parse({ state: 'all' })))
        .items,
    ).toEqual([])
  })
})
