import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { csv, unmarked } from './csv.ts'
import type { Cell } from './stream-of.ts'

const textOf = async (header: readonly string[], rows: readonly (readonly Cell[])[]) =>
  Buffer.from(await new Response(csv(header, rows)).arrayBuffer()).toString('utf8')
const text = (value: string): Cell => ({ text: value })

test('begins with the mark, ends lines with CR LF, quotes what must be', async () => {
  expect(
    await textOf(
      ['번호', '이름'],
      [
        [{ number: -5 }, text('a,"b"')],
        [null, text('둘\n째')],
      ],
    ),
  ).toBe('\uFEFF번호,이름\r\n-5,"a,""b"""\r\n,"둘\n째"\r\n')
})

test('a text of digits is marked as text, an amount is not, and dates stay as on the screen', async () => {
  const body = await textOf(
    ['a', 'b', 'c', 'd'],
    [[text('000123456789'), text('12E5'), { number: 12_000 }, text('2026-11-21 14:03:22')]],
  )
  expect(body.split('\r\n')[1]).toBe('"\t000123456789","\t12E5",12000,2026-11-21 14:03:22')
})

test('nothing that a spreadsheet would calculate begins a cell', async () => {
  const wild = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1']
  const body = await textOf(
    ['a'],
    wild.map((one) => [text(one)]),
  )
  const cells: string[][] = parse(body, { bom: true, from: 2, relax_column_count: true })
  expect(cells).toHaveLength(wild.length)
  for (const [cell] of cells) expect(cell).toMatch(/^'/)
})

test('our own reader gets every value back', async () => {
  const values = ['000123456789', '1-2', '12E5', '=1+1', '-1', '@a', "'quoted'", '홍*동', 'a\nb', '110-***-4567']
  const body = await textOf(
    ['a'],
    values.map((one) => [text(one)]),
  )
  const cells: string[][] = parse(body, { bom: true, from: 2 })
  expect(cells.map(([cell]) => unmarked(cell ?? ''))).toEqual(values)
})
