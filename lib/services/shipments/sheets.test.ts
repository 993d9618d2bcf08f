import { randomUUID } from 'node:crypto'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { beforeEach, describe, expect, it } from 'vitest'
import { instant, toIso } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import {
  contextOf,
  control,
  newPayment,
  newWorld,
  person,
  systemContext,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { xlsx, type Cell } from '../exports/xlsx.ts'
import { SHEET_BYTES_MAX } from '../sheets/read-table.ts'
import { dueSheet } from './due-sheet.ts'
import { previewSheet } from './preview-sheet.ts'
import { readSheet, SHEET_ROWS_MAX } from './read-sheet.ts'
import { registerMany, RegisterMany } from './register-many.ts'
import { headOf } from './sheet-columns.ts'
import { sweepShipments } from './sweep-shipments.ts'

const bytesOf = async (stream: ReadableStream<Uint8Array>) => new Uint8Array(await new Response(stream).arrayBuffer())
const sheet = (rows: readonly (readonly Cell[])[], head = headOf('ko')) => bytesOf(xlsx(head, rows))
const text = (value: string): Cell => ({ text: value })
const row = (number: string, courier: Cell, tracking: Cell, sentAt: Cell = null): readonly Cell[] => [
  text(number),
  text('주문'),
  null,
  { number: 1_000 },
  null,
  courier,
  tracking,
  sentAt,
]
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('no problem')
}
/** The same file with a change in its sheet, as another program could write it. */
function changed(bytes: Uint8Array, change: (xml: string) => string): Uint8Array {
  const parts = unzipSync(bytes)
  const name = 'xl/worksheets/sheet1.xml'
  return zipSync({ ...parts, [name]: strToU8(change(strFromU8(parts[name] ?? new Uint8Array()))) })
}

describe('a file that is read', () => {
  it('keeps every digit of a text, in xlsx and in CSV, with or without a mark, in UTF-8 and CP949', async () => {
    const expected = { number: '000001', courier: 'CJ대한통운', trackingNumber: '000123456789', sentAt: '' }
    const wanted = [{ line: 2, cells: expected, problem: null }]
    expect(await readSheet(await sheet([row('000001', text('CJ대한통운'), text('000123456789'))]))).toEqual(wanted)
    const csv = '결제번호,택배사,운송장번호\n000001,CJ대한통운,000123456789\n'
    expect(await readSheet(strToU8(csv))).toEqual(wanted)
    expect(await readSheet(strToU8(`\uFEFF${csv}`))).toEqual(wanted)
    const head = [0xb0, 0xe1, 0xc1, 0xa6, 0xb9, 0xf8, 0xc8, 0xa3]
    const courier = [0xc5, 0xc3, 0xb9, 0xe8, 0xbb, 0xe7]
    const tracking = [0xbf, 0xee, 0xbc, 0xdb, 0xc0, 0xe5, 0xb9, 0xf8, 0xc8, 0xa3]
    const cp949 = Uint8Array.from([...head, 44, ...courier, 44, ...tracking, 10, ...strToU8('000001,CJ,000123456789')])
    expect((await readSheet(cp949))[0]?.cells.trackingNumber).toBe('000123456789')
  })
  it('finds its columns by name in either language and in any order, and leaves out empty rows', async () => {
    const csv = 'Tracking number,Note,Payment number,Courier\n\n000123456789,x,p-1,CJ\n,,,\n'
    expect(await readSheet(strToU8(csv))).toMatchObject([{ line: 3, cells: { number: 'p-1', courier: 'CJ' } }])
  })
  it('says where a number, a formula or something else stands instead of a text', async () => {
    const numbers = await sheet([row('p-1', text('CJ'), { number: 123456789012 })])
    expect(await readSheet(numbers)).toMatchObject([{ problem: { reason: 'number', column: 'trackingNumber' } }])
    const plain = await sheet([row('p-1', text('CJ'), text('000123456789'))])
    const formula = changed(plain, (xml) =>
      xml.replace(/<c r="G2"[^>]*>.*?<\/c>/, '<c r="G2" t="str"><f>REPT("1",12)</f><v>111111111111</v></c>'),
    )
    expect(await readSheet(formula)).toMatchObject([{ problem: { reason: 'formula', column: 'trackingNumber' } }])
    const truth = changed(plain, (xml) => xml.replace(/<c r="G2"[^>]*>.*?<\/c>/, '<c r="G2" t="b"><v>1</v></c>'))
    expect(await readSheet(truth)).toMatchObject([{ problem: { reason: 'kind', column: 'trackingNumber' } }])
  })
  it.each([
    ['nothing', new Uint8Array(), 'upload.unreadable', 'empty'],
    ['a head alone', strToU8('결제번호,택배사,운송장번호\n'), 'upload.unreadable', 'empty'],
    ['other columns', strToU8('a,b\n1,2\n'), 'upload.unreadable', 'columns'],
    ['a broken zip', strToU8('PK\u0003\u0004 and nothing'), 'upload.unreadable', 'xlsx'],
    ['a zip that is no sheet', zipSync({ 'a.xml': strToU8('<a/>') }), 'upload.unreadable', 'xlsx'],
    ['bytes of no encoding', Uint8Array.from([0xff, 0xff, 0xff]), 'upload.unreadable', 'encoding'],
    ['more bytes than allowed', new Uint8Array(SHEET_BYTES_MAX + 1), 'request.too_large', undefined],
    [
      'a small file that unpacks to much',
      zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(21 * 1024 * 1024) }),
      'request.too_large',
      undefined,
    ],
    [
      'more rows than allowed',
      strToU8(`결제번호,택배사,운송장번호\n${'p,CJ,000123456789\n'.repeat(SHEET_ROWS_MAX + 1)}`),
      'upload.unreadable',
      'rows',
    ],
  ])('refuses %s', async (_, bytes, code, reason) => {
    const problem = await problemOf(readSheet(bytes))
    expect([problem.code, problem.facts['reason']]).toEqual([code, reason])
  })
  it.each([
    ['a row', '<row r="999999999999"><c r="A2"><v>1</v></c></row>'],
    ['a row behind a sign that ends a tag', '<row x=">" r="9999999"><c r="A2"><v>1</v></c></row>'],
    ['a row written otherwise', '<row r=\'9e9\'><c r="A2"><v>1</v></c></row>'],
    ['a row in a character of its own', '<row r="&#57;e9"><c r="A2"><v>1</v></c></row>'],
    ['a line', '<row r="900000"><c r="A900000"><v>1</v></c></row>'],
    ['a column', '<row r="9"><c r="XFD9"><v>1</v></c></row>'],
    ['a name', `<row x=">" ${'a'.repeat(5_000_000)}`],
  ])('refuses %s so far out that it would take all memory, or an hour', async (_, far) => {
    const plain = await sheet([row('p-1', text('CJ'), text('000123456789'))])
    const file = changed(plain, (xml) => xml.replace('</sheetData>', `${far}</sheetData>`))
    expect((await problemOf(readSheet(file))).code).toBe('upload.unreadable')
    const empty = '<row r="1048576" ht="12.8"/>'
    const harmless = changed(plain, (xml) => xml.replace('</sheetData>', `${empty}</sheetData>`))
    expect(await readSheet(harmless)).toHaveLength(1)
  })
  it('reads a part that repeats itself without end in one pass', async () => {
    const parts = unzipSync(await sheet([row('p-1', text('CJ'), text('000123456789'))]))
    const endless = strToU8(`${`<c${' r="A1"'.repeat(5_000)}`.repeat(50)}${'<c r="A1" '.repeat(100_000)}`)
    const started = Date.now()
    expect(await readSheet(zipSync({ ...parts, 'xl/worksheets/other.xml': endless }))).toHaveLength(1)
    expect(Date.now() - started).toBeLessThan(15_000)
  })
  it('a size that lies gives no more memory than it claims', async () => {
    const parts = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(30 * 1024 * 1024) })
    const view = new DataView(parts.buffer, parts.byteOffset)
    // Uncompressed size, in the central directory: claimed to be 100 bytes.
    const central = parts.findLastIndex(
      (byte, at) => byte === 0x50 && parts[at + 1] === 0x4b && parts[at + 2] === 1 && parts[at + 3] === 2,
    )
    view.setUint32(central + 24, 100, true)
    const before = process.memoryUsage().arrayBuffers
    expect((await problemOf(readSheet(parts))).code).toBe('upload.unreadable')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * 1024 * 1024)
  })
})

describe('out, filled in, and back', () => {
  let world: World
  const clock = instant(Math.floor(Date.now() / 1_000) * 1_000)
  const clerk = () => ({ ...contextOf(world.operator), now: () => clock })
  const system = () => ({ ...systemContext(), now: () => clock })
  const escrowPayment = (amount: number): Promise<Made> =>
    newPayment(world, { amount, escrow: true, customer: { name: '홍길동', email: 'h@example.com' } } as Parameters<
      typeof newPayment
    >[1])

  beforeEach(async () => {
    await control('/reset', {})
    await control('/clock', { now: toIso(clock) })
    world = await newWorld()
  })
  const previewOf = async (bytes: Uint8Array) =>
    (await previewSheet(clerk(), { content: Buffer.from(bytes).toString('base64') })).rows

  it('000123456789 is at the gateway as it was typed', async () => {
    const payments = [await escrowPayment(1_000), await escrowPayment(2_000)]
    const given = await bytesOf(await dueSheet(clerk(), { store: world.storeId }, 'ko'))
    expect(strFromU8(unzipSync(given)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())).not.toContain('홍길동')
    const filled = changed(given, (xml) =>
      xml
        .replace(/(<c r="F2"[^>]*>).*?<\/c>/, '$1<is><t>우체국택배</t></is></c>')
        .replace(/(<c r="G2"[^>]*>).*?<\/c>/, '$1<is><t>0001234567890</t></is></c>')
        .replace(/(<c r="F3"[^>]*>).*?<\/c>/, '$1<is><t>CJ대한통운</t></is></c>')
        .replace(/(<c r="G3"[^>]*>).*?<\/c>/, '$1<is><t>000123456789</t></is></c>'),
    )
    const rows = await previewOf(filled)
    expect(rows.map((one) => [one.number, one.trackingNumber, one.verdict.ok])).toEqual([
      [payments[0]?.paymentId, '0001234567890', true],
      [payments[1]?.paymentId, '000123456789', true],
    ])
    const wishes = rows.flatMap(({ verdict, trackingNumber }) =>
      verdict.ok
        ? [
            {
              id: randomUUID(),
              paymentId: verdict.paymentId,
              kind: verdict.kind,
              courier: verdict.courier,
              trackingNumber,
              sentAt: toIso(verdict.sentAt),
              sendEmail: false,
            },
          ]
        : [],
    )
    const { results } = await registerMany(clerk(), RegisterMany.parse({ rows: wishes }))
    expect(results.map((one) => one.ok)).toEqual([true, true])
    expect((await registerMany(clerk(), RegisterMany.parse({ rows: wishes }))).results.map((one) => one.ok)).toEqual([
      true,
      true,
    ])
    while ((await sweepShipments(system())) > 0);
    for (const [index, number] of ['0001234567890', '000123456789'].entries()) {
      const stored = await db.payment.findUniqueOrThrow({ where: { id: payments[index]?.id ?? '' } })
      expect(stored.escrow).toMatchObject({ status: 'REGISTERED', invoiceNumber: number })
    }
    expect(await previewOf(filled)).toMatchObject([
      { verdict: { ok: false, reason: 'same' } },
      { verdict: { ok: false, reason: 'same' } },
    ])
  })

  it('says of every row what is wrong with it, and takes the others', async () => {
    const [good, plain] = [await escrowPayment(1_000), await newPayment(world, { amount: 3_000 })]
    const stranger = await newWorld(1)
    const hidden = await newPayment(stranger, { amount: 4_000 })
    const reasons = (
      await previewOf(
        await sheet([
          row(good.paymentId, text('CJ'), text('0001-2345 6789'), text('2020-01-01')),
          row(good.paymentId, text('CJ'), text('000123456789')),
          row(plain.paymentId, text('CJ'), text('000123456789')),
          row(hidden.paymentId, text('CJ'), text('000123456789')),
          row('nobody', text('CJ'), text('000123456789')),
          row('', text('CJ'), text('000123456789')),
          row(good.paymentId, null, null),
          row(good.paymentId, text('비둘기'), text('000123456789')),
          row(plain.paymentId, text('CJ'), text('12')),
          row(plain.paymentId, text('CJ'), null),
          row(plain.paymentId, null, text('000123456789')),
        ]),
      )
    ).map(({ verdict }) => (verdict.ok ? 'ok' : verdict.reason))
    expect(reasons).toEqual([
      'sent_before_paid',
      'twice',
      'not_escrow',
      'not_found',
      'not_found',
      'no_number',
      'not_filled',
      'twice',
      'twice',
      'twice',
      'twice',
    ])
    const alone = async (courier: Cell, tracking: Cell, sentAt: Cell = null) => {
      const [one] = await previewOf(await sheet([row(good.paymentId, courier, tracking, sentAt)]))
      return one?.verdict.ok === false ? one.verdict.reason : 'ok'
    }
    expect(await alone(text('비둘기'), text('000123456789'))).toBe('courier_unknown')
    expect(await alone(text('CJ'), text('12'))).toBe('tracking_form')
    expect(await alone(text('CJ'), null)).toBe('no_tracking')
    expect(await alone(null, text('000123456789'))).toBe('no_courier')
    expect(await alone(text('CJ'), text('000123456789'), text('어제'))).toBe('sent_at_form')
    expect(await alone(text('CJ'), text('000123456789'))).toBe('ok')
  })

  it('is nothing for a viewer, and one refused row does not stop the next', async () => {
    const viewer = contextOf(await person(world.storeId, 'VIEWER'))
    const content = Buffer.from(await sheet([row('x', text('CJ'), text('000123456789'))])).toString('base64')
    expect((await problemOf(previewSheet(viewer, { content }))).code).toBe('permission.missing')
    expect((await problemOf(dueSheet(viewer, {}, 'ko'))).code).toBe('permission.missing')
    const { storeId } = await newWorld(1)
    expect((await problemOf(dueSheet(clerk(), { store: storeId }, 'ko'))).code).toBe('store.not_found')
    expect(await db.auditEntry.count({ where: { storeId } })).toBe(0)
    const [plain, good] = [await newPayment(world, { amount: 3_000 }), await escrowPayment(1_000)]
    const wish = (payment: Made) => ({
      id: randomUUID(),
      paymentId: payment.id,
      kind: 'register',
      courier: 'CJ',
      trackingNumber: '000123456789',
      sentAt: toIso(clock),
      sendEmail: false,
    })
    const { results } = await registerMany(clerk(), RegisterMany.parse({ rows: [wish(plain), wish(good)] }))
    expect(results).toMatchObject([
      { ok: false, problem: { code: 'shipment.not_allowed', facts: { reason: 'not_escrow' } } },
      { ok: true },
    ])
  })
})
