import { randomUUID } from 'node:crypto'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { parseIso } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { ImportRowView } from '#lib/domain/views.ts'
import { db } from '#lib/server/db.ts'
import { contextOf, person } from '#lib/testing/world.ts'
import { xlsx, type Cell } from '../exports/xlsx.ts'
import { IMPORT_ROWS_MAX } from './import-file.ts'
import { importPayments } from './import-payments.ts'
import { listImports } from './list-imports.ts'
import { previewImport } from './preview-import.ts'

let numbers = 0
const newNumber = () => `26869${String((numbers += 1)).padStart(9, '0')}`
async function newShop(siteCd = `F${String((numbers += 1)).padStart(4, '0')}`) {
  const { id: storeId } = await db.store.create({ data: { name: 'shop' } })
  const accountId = randomUUID()
  const settings = { siteCd }
  const common = { gateway: 'kcp', mode: 'rest', environment: 'sandbox', name: 'KCP', settings } as const
  await db.gatewayAccount.create({ data: { ...common, id: accountId, storeId, secrets: {}, hints: {} } })
  await db.channel.create({ data: { accountId, name: siteCd, key: siteCd, pg: 'KCP', mid: siteCd, contract: {} } })
  const manager = await person(storeId, 'MANAGER')
  return { storeId, accountId, siteCd, manager, context: contextOf(manager) }
}
type Shop = Awaited<ReturnType<typeof newShop>>

const HEAD = ['거래번호', '주문번호', '결제수단', '거래금액', '승인일시', '승인번호', '거래상태', '주문자명', '상품명']
const rowOf = (number: string, more: Readonly<Record<string, string>> = {}) =>
  HEAD.map(
    (title) =>
      ({
        거래번호: number,
        주문번호: '000123',
        결제수단: '신용카드',
        거래금액: '11,000',
        승인일시: '2024-11-20 14:03:22',
        승인번호: '00876543',
        거래상태: '승인',
        주문자명: '홍길동',
        상품명: '가을 외투',
        ...more,
      })[title] ?? '',
  )
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const csv = (rows: readonly (readonly string[])[], head = HEAD) =>
  [head, ...rows].map((cells) => cells.map(quoted).join(',')).join('\r\n')
const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64')
const sheet = async (rows: readonly (readonly Cell[])[], head = HEAD) =>
  new Uint8Array(await new Response(xlsx(head, rows)).arrayBuffer())

const preview = ({ context, accountId }: Shop, file: string | Uint8Array) =>
  previewImport(context, { accountId, content: base64(file), columns: null, allMethod: null })
const rowsOf = async (shop: Shop, file: string | Uint8Array) => (await preview(shop, file)).rows ?? []
/** As the browser does it. */
async function take(shop: Shop, file: string | Uint8Array, id = randomUUID(), rowsAtOnce = 200) {
  const { columns, allMethod } = await preview(shop, file)
  const given = { id, accountId: shop.accountId, fileName: '거래내역.csv', content: base64(file), columns, allMethod }
  const all = []
  for (let from = 0, rows = 1; from < rows; from += rowsAtOnce) {
    const answer = await importPayments(shop.context, { ...given, from, count: rowsAtOnce })
    rows = answer.rows
    all.push(...answer.results)
  }
  return all
}
const kinds = (rows: readonly ImportRowView[]) =>
  rows.map(({ verdict }) => (verdict.kind === 'error' ? verdict.reason : verdict.kind))
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return [error.code, error.facts['reason']].filter(Boolean).join(' ')
    throw error
  }
  return null
}
const everything = async ({ storeId }: Shop) => ({
  payments: await db.payment.findMany({ where: { storeId }, orderBy: { pgTxId: 'asc' } }),
  references: await db.reference.count({ where: { storeId } }),
  audit: await db.auditEntry.count({ where: { storeId } }),
  tasks: await db.task.count({ where: { storeId } }),
  imports: await db.paymentImport.count({ where: { storeId } }),
})

describe('a file of payments', () => {
  it('is previewed without a trace, taken over with its zeros, and adds nothing the second time', async () => {
    const shop = await newShop()
    const [one, two] = [newNumber(), newNumber()]
    const file = csv([rowOf(one), rowOf(two, { 결제수단: '가상계좌', 거래상태: '입금대기' })])
    const nothing = await everything(shop)
    expect(kinds(await rowsOf(shop, file))).toEqual(['new', 'new'])
    expect(await everything(shop)).toEqual(nothing)
    expect((await take(shop, file)).map(({ kind }) => kind)).toEqual(['recorded', 'recorded'])
    const first = await everything(shop)
    expect(first.payments).toMatchObject([
      {
        pgTxId: one,
        source: 'file',
        status: 'PAID',
        method: 'CARD',
        amount: 11_000n,
        received: 11_000n,
        buyerMasked: '홍*동',
        orderName: '가을 외투',
        gatewayReadAt: null,
        paidAt: new Date(parseIso('2024-11-20T14:03:22+09:00') ?? 0),
      },
      { pgTxId: two, source: 'file', status: 'ISSUED', method: 'VIRTUAL_ACCOUNT', received: 0n, paidAt: null },
    ])
    const values = (await db.reference.findMany({ where: { payment: { pgTxId: one } } })).map(({ value }) => value)
    expect(values).toEqual(expect.arrayContaining([one, '000123', '00876543']))
    expect(kinds(await rowsOf(shop, file))).toEqual(['known', 'known'])
    expect((await take(shop, file)).map(({ kind }) => kind)).toEqual(['known', 'known'])
    const second = await everything(shop)
    expect({ ...second, audit: 0, imports: 0 }).toEqual({ ...first, audit: 0, imports: 0 })
    const { imports } = await listImports(shop.context)
    expect(imports).toMatchObject([
      { rows: 2, added: 0, known: 2, failed: 0 },
      { rows: 2, added: 2, known: 0, failed: 0, fileName: '거래내역.csv', by: shop.manager.name },
    ])
  })
  it('is the same file in UTF-8 with and without a mark, in EUC-KR, and as XLSX', async () => {
    const shop = await newShop()
    const row = rowOf(newNumber())
    const text = csv([row])
    const wanted = await rowsOf(shop, text)
    expect(wanted).toMatchObject([{ line: 2, amount: 11_000, method: 'CARD', verdict: { kind: 'new' } }])
    expect(await rowsOf(shop, `\uFEFF${text}`)).toEqual(wanted)
    expect(await rowsOf(shop, iconv.encode(text, 'cp949'))).toEqual(wanted)
    const cells = row.map((value, index): Cell => (index === 3 ? { number: 11_000 } : { text: value }))
    expect(await rowsOf(shop, await sheet([cells]))).toEqual(wanted)
    const protectedText = `${HEAD.join(',')}\n${row.map((value) => `="${value.replace(',', '')}"`).join(',')}`
    expect(await rowsOf(shop, protectedText)).toEqual(wanted)
  })
  it('finds its titles below what stands above them, and counts lines as Excel does', async () => {
    const shop = await newShop()
    const file = `거래내역 조회\n기간,2026-11-01\n\n${csv([rowOf(newNumber())])}`
    expect(await rowsOf(shop, file)).toMatchObject([{ line: 5, verdict: { kind: 'new' } }])
  })
  it.each([
    ['a number of another form', { 거래번호: '12345' }, 'number_form'],
    ['no number', { 거래번호: '' }, 'no_number'],
    ['no amount', { 거래금액: '' }, 'amount'],
    ['nothing', { 거래금액: '0' }, 'amount'],
    ['a fraction', { 거래금액: '1000.5' }, 'amount'],
    ['a method nobody knows', { 결제수단: '외상' }, 'method_unknown'],
    ['no method', { 결제수단: '' }, 'no_method'],
    ['a status nobody knows', { 거래상태: '보류' }, 'status_unknown'],
    ['a card that waits for a deposit', { 거래상태: '입금대기' }, 'not_approved'],
    ['a cancel', { 거래상태: '부분취소' }, 'cancelled'],
    ['money that went back', { 거래금액: '-11,000' }, 'cancelled'],
    ['no time', { 승인일시: '' }, 'no_time'],
    ['a day alone', { 승인일시: '2024-11-20' }, 'no_clock'],
    ['a day that is none', { 승인일시: '2026-02-30 10:00' }, 'time_form'],
    ['a time that is none', { 승인일시: '2024-11-20 25:00' }, 'time_form'],
    ['a time to come', { 승인일시: '2098-11-20 10:00' }, 'future'],
    ['a text of no end', { 상품명: 'a'.repeat(301) }, 'long'],
    ['a text so long that it is not looked through', { 상품명: `${' '.repeat(2_000)}외투` }, 'long'],
    ['a character that is none', { 상품명: 'a\u0001' }, 'kind'],
  ])('a row with %s is left out, with its reason', async (_, more, reason) => {
    const shop = await newShop()
    const good = newNumber()
    const file = csv([rowOf(newNumber(), more), rowOf(good)])
    expect(kinds(await rowsOf(shop, file))).toEqual([reason, 'new'])
    expect((await take(shop, file)).map((one) => (one.kind === 'error' ? one.reason : one.kind))).toEqual([
      reason,
      'recorded',
    ])
    expect((await everything(shop)).payments.map(({ pgTxId }) => pgTxId)).toEqual([good])
  })
  it.each([
    ['20241120140322', '14:03:22'],
    ['202411201403', '14:03:00'],
    ['2024/11/20 14:03', '14:03:00'],
    ['2024.11.20 14:03:22', '14:03:22'],
    ['2024-11-20T14:03:22', '14:03:22'],
    ['2024-11-20 오후 2:03:22', '14:03:22'],
    ['2024-11-20 오전 12:03:22', '00:03:22'],
  ])('reads %s as a time in Seoul', async (text, clock) => {
    const shop = await newShop()
    const [row] = await rowsOf(shop, csv([rowOf(newNumber(), { 승인일시: text })]))
    expect(row?.approvedAt).toBe(parseIso(`2024-11-20T${clock}+09:00`))
  })
  it('takes day and time from two columns', async () => {
    const shop = await newShop()
    const head = [...HEAD.map((title) => (title === '승인일시' ? '승인일자' : title)), '승인시간']
    const row = [...rowOf(newNumber()).map((value) => (value.startsWith('2024') ? '20241120' : value)), '140322']
    const [read] = await rowsOf(shop, csv([row], head))
    expect(read?.approvedAt).toBe(parseIso('2024-11-20T14:03:22+09:00'))
  })
  it('takes a number once, and not at all where the file holds a cancel of it', async () => {
    const shop = await newShop()
    const [twice, cancelled] = [newNumber(), newNumber()]
    const rows = [rowOf(twice), rowOf(twice), rowOf(cancelled), rowOf(cancelled, { 거래상태: '승인취소' })]
    expect(kinds(await rowsOf(shop, csv(rows)))).toEqual(['new', 'twice', 'cancelled_elsewhere', 'cancelled'])
    await take(shop, csv(rows))
    expect((await everything(shop)).payments.map(({ pgTxId }) => pgTxId)).toEqual([twice])
  })
  it('that says otherwise than what is known changes nothing and becomes a task', async () => {
    const shop = await newShop()
    const number = newNumber()
    await take(shop, csv([rowOf(number)]))
    const before = await everything(shop)
    const file = csv([rowOf(number, { 거래금액: '12,000' })])
    expect(await rowsOf(shop, file)).toMatchObject([{ verdict: { kind: 'differs', ours: 11_000 } }])
    expect((await everything(shop)).tasks).toBe(0)
    expect((await take(shop, file)).map(({ kind }) => kind)).toEqual(['differs'])
    const after = await everything(shop)
    expect([after.payments, after.tasks]).toEqual([before.payments, 1])
  })
  it('a number cell keeps no zeros, so it is no text; a formula is nothing; a transaction number has one length', async () => {
    const shop = await newShop()
    const number = newNumber()
    const cells = rowOf(number).map((value): Cell => ({ text: value }))
    const withCell = (index: number, cell: Cell) => cells.map((one, at) => (at === index ? cell : one))
    expect(kinds(await rowsOf(shop, await sheet([withCell(1, { number: 123 })])))).toEqual(['number'])
    expect(kinds(await rowsOf(shop, await sheet([withCell(0, { number: Number(number) })])))).toEqual(['new'])
    const parts = unzipSync(await sheet([cells]))
    const name = 'xl/worksheets/sheet1.xml'
    const formula = strFromU8(parts[name] ?? new Uint8Array()).replace(
      /<c r="D2"[^>]*>.*?<\/c>/,
      '<c r="D2"><f>5500*2</f><v>11000</v></c>',
    )
    expect(kinds(await rowsOf(shop, zipSync({ ...parts, [name]: strToU8(formula) })))).toEqual(['formula'])
  })
  it('without a column for the method asks for one, and remembers what was chosen for the next file', async () => {
    const shop = await newShop()
    const head = ['번호표', '값', '언제', '주문']
    const file = (number: string) => csv([[number, '5000', '2024-11-20 10:00', '000777']], head)
    const first = file(newNumber())
    const empty = await preview(shop, first)
    expect([empty.rows, empty.columns, empty.titles]).toEqual([null, {}, head])
    expect(empty.samples).toMatchObject({ 주문: '000777' })
    const columns = { number: '번호표', amount: '값', approvedAt: '언제', orderNumber: '주문' }
    const given = { accountId: shop.accountId, content: base64(first), columns, allMethod: 'CARD' as const }
    expect((await previewImport(shop.context, given)).rows).toHaveLength(1)
    const part = { ...given, id: randomUUID(), fileName: 'a.csv', from: 0, count: 10 }
    expect((await importPayments(shop.context, part)).results).toMatchObject([{ kind: 'recorded' }])
    const next = await preview(shop, file(newNumber()))
    expect(next).toMatchObject({ columns, allMethod: 'CARD' })
    expect(kinds(next.rows ?? [])).toEqual(['new'])
  })
  it('comes in parts; a part sent again records and counts nothing twice', async () => {
    const shop = await newShop()
    const file = csv(Array.from({ length: 5 }, () => rowOf(newNumber())))
    const id = randomUUID()
    const { columns, allMethod } = await preview(shop, file)
    const given = { id, accountId: shop.accountId, fileName: 'a.csv', content: base64(file), columns, allMethod }
    for (const from of [0, 0, 2, 2, 4])
      expect((await importPayments(shop.context, { ...given, from, count: 2 })).rows).toBe(5)
    expect(await db.paymentImport.findUniqueOrThrow({ where: { id } })).toMatchObject({ added: 5, known: 0, failed: 0 })
    expect((await everything(shop)).payments).toHaveLength(5)
    const other = { ...given, content: base64(csv([rowOf(newNumber())])), from: 0, count: 2 }
    expect(await problemOf(importPayments(shop.context, other))).toBe('request.reused_id')
  })
  it.each([
    ['nothing', '', 'upload.unreadable empty'],
    ['titles alone', HEAD.join(','), 'upload.unreadable empty'],
    ['no titles', 'a\nb\nc', 'upload.unreadable titles'],
    ['an old Excel file', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'upload.unreadable old_excel'],
    ['a page that calls itself xls', '<html><table><tr><td>1</td></tr></table></html>', 'upload.unreadable old_excel'],
    ['a broken zip', 'PK\u0003\u0004 and nothing', 'upload.unreadable xlsx'],
    ['more than 2 MB', 'a'.repeat(2 * 1024 * 1024 + 1), 'request.too_large'],
    ['too many rows', `a,b,c\n${'1,2,3\n'.repeat(IMPORT_ROWS_MAX + 1)}`, 'upload.unreadable rows'],
  ])('of %s is refused', async (_, file, problem) => {
    expect(await problemOf(preview(await newShop(), file))).toBe(problem)
  })
  it('is for managers of the store; to those of another store its account is not there', async () => {
    const shop = await newShop()
    const other = await newShop()
    const operator = contextOf(await person(shop.storeId, 'OPERATOR'))
    const file = csv([rowOf(newNumber())])
    expect(await problemOf(preview({ ...shop, context: operator }, file))).toBe('permission.missing')
    expect(await problemOf(preview({ ...shop, context: other.context }, file))).toBe('account.not_found')
    expect(await problemOf(listImports(operator))).toBe('permission.missing')
    const listed = await listImports(shop.context)
    expect(listed.accounts.map(({ id }) => id)).toEqual([shop.accountId])
    expect(listed.tokens).toBeNull()
    const sharing = await newShop(shop.siteCd)
    await take(shop, file)
    expect(kinds(await rowsOf(sharing, file))).toEqual(['at_other_store'])
    expect((await take(sharing, file)).map((one) => (one.kind === 'error' ? one.reason : ''))).toEqual([
      'at_other_store',
    ])
  })
  it('of five thousand rows is previewed in one go', async () => {
    const shop = await newShop()
    const file = csv(Array.from({ length: IMPORT_ROWS_MAX }, () => rowOf(newNumber())))
    const rows = await rowsOf(shop, file)
    expect(rows).toHaveLength(IMPORT_ROWS_MAX)
    expect(new Set(kinds(rows))).toEqual(new Set(['new']))
  })
})
