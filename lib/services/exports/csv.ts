import 'server-only'
import { stringify } from 'csv-stringify/sync'
import { streamOf, type Cell, type Rows } from './stream-of.ts'

/**
 * Excel takes a text of digits for a number and loses its noughts and its end; the same with `12E5` and `1-2`. A tab before it
 * makes it text, is no formula as `="0001"` is, and is gone wherever a reader trims: our own, a search box. An apostrophe would
 * stay a part of the value in every program.
 */
const LIKE_A_NUMBER = /^\d[\d.,eE-]*$/
const TEXT_MARK = '\t'
/** What `escape_formulas` puts before a text that a spreadsheet would calculate. */
const FORMULA_MARK = /^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/

const field = (cell: Cell): string | number | null =>
  cell === null ? null : 'number' in cell ? cell.number : cell.text

/** The text as it was before `csv` marked it: for whoever reads such a file, ours or one that was made after it. */
export const unmarked = (text: string): string => text.replace(FORMULA_MARK, '').trim()

const lines = (rows: readonly (readonly (string | number | null)[])[], bom: boolean): string =>
  stringify(
    rows.map((row) => [...row]),
    { bom, record_delimiter: 'windows', quoted_match: /[\r\n]/, escape_formulas: true, cast: { string: marked } },
  )
function marked(text: string) {
  const kept = text.replaceAll('\0', '')
  if (!LIKE_A_NUMBER.test(kept)) return kept
  const asText = { value: TEXT_MARK + kept, quoted: true, escape_formulas: false }
  return asText
}

/** UTF-8 with the mark by which Excel knows it, lines ending with CR LF; made as it is read, as the workbook is. */
export function csv(header: readonly string[], rows: Rows): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let head = lines([header], true)
  return streamOf(rows, (batch) => {
    const fields = batch.map((row) => row.map(field))
    const text = head + lines(fields, false)
    head = ''
    return text === '' ? [] : [encoder.encode(text)]
  })
}
