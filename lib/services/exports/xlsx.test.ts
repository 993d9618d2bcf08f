import { unzipSync, strFromU8 } from 'fflate'
import readExcel from 'read-excel-file/node'
import { expect, test } from 'vitest'
import { xlsx, type Cell, type Rows } from './xlsx.ts'

const bytesOf = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).arrayBuffer())
async function readBack(header: readonly string[], rows: Rows) {
  const [sheet] = await readExcel(await bytesOf(xlsx(header, rows)), { trim: false })
  return sheet?.data
}
const text = (value: string): Cell => ({ text: value })

test('what is written is read back: text as text, numbers as numbers, nothing as nothing', async () => {
  const rows = [
    [text('000123456789'), { number: 12_000 }, null, text('홍*동 <주문> & "따옴표"')],
    [text('12E5'), { number: -3.5 }, text('2026-11-21 14:03:22'), text('두\n줄')],
    [text('9007199254740993123'), { number: 0 }, text(' 앞 '), text('😀')],
  ]
  expect(await readBack(['번호', '금액', '빈칸', '이름'], rows)).toEqual([
    ['번호', '금액', '빈칸', '이름'],
    ['000123456789', 12_000, null, '홍*동 <주문> & "따옴표"'],
    ['12E5', -3.5, '2026-11-21 14:03:22', '두\n줄'],
    ['9007199254740993123', 0, ' 앞 ', '😀'],
  ])
})

test('a formula is a text, and says so in the sheet: no cell has a formula, each text the format @', async () => {
  const files = unzipSync(await bytesOf(xlsx(['a'], [[text('=HYPERLINK("http://x","y")')], [text('+1')]])))
  const sheet = strFromU8(files['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
  expect(sheet).not.toContain('<f>')
  expect(sheet.match(/<c r="A[23]" s="1" t="inlineStr">/g)).toHaveLength(2)
  expect(strFromU8(files['xl/styles.xml'] ?? new Uint8Array())).toContain('numFmtId="49"')
})

test('what XML cannot hold is left out, halves of letters too, and a very long text is cut at what a cell takes', async () => {
  const wild = [[text('a\u0000b\u0007c\uFFFEd'), text('x\uD83Dy'), text('가'.repeat(40_000))]]
  const [, row] = (await readBack(['1', '2', '3'], wild)) ?? []
  expect(row?.[0]).toBe('abcd')
  expect(row?.[1]).toBe('x\uFFFDy')
  expect(String(row?.[2])).toHaveLength(32_767)
})

test('no row at all is a valid workbook, and columns go on after Z', async () => {
  expect(await readBack(['하나'], [])).toEqual([['하나']])
  const header = Array.from({ length: 60 }, (_, index) => `c${index}`)
  const row = header.map((_, index) => ({ number: index }))
  expect((await readBack(header, [row]))?.[1]).toEqual(row.map((cell) => cell.number))
})

test('a row that is no number, or one too many, breaks the stream instead of making a wrong file', async () => {
  await expect(bytesOf(xlsx(['a'], [[{ number: Number.NaN }]]))).rejects.toThrow(RangeError)
  function* many() {
    for (let index = 0; index < 1_048_576; index++) yield []
  }
  const stream = xlsx(['a'], many())
  await expect(
    (async () => {
      for await (const _ of stream);
    })(),
  ).rejects.toThrow('1048576')
})

test('the rows may come slower than they are read', async () => {
  async function* slow() {
    for (let index = 0; index < 3; index++) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      yield [text(String(index))]
    }
  }
  expect(await readBack(['a'], slow())).toEqual([['a'], ['0'], ['1'], ['2']])
})

test('rows are taken only as they are read, and no more once the reader has gone', async () => {
  let taken = 0
  let ended = false
  const begun = () => taken > 0
  async function* rows() {
    try {
      for (;;) {
        taken++
        yield [text(crypto.randomUUID())]
        await Promise.resolve()
      }
    } finally {
      ended = true
    }
  }
  const reader = xlsx(['a'], rows()).getReader()
  do await reader.read()
  while (!begun())
  await new Promise((resolve) => setTimeout(resolve, 50))
  const soFar = taken
  expect(soFar).toBeLessThan(20_000)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(taken).toBe(soFar)
  await reader.cancel()
  expect(ended).toBe(true)
})
