import 'server-only'
import { parse } from 'csv-parse/sync'
import { strFromU8, unzipSync, zipSync } from 'fflate'
import { readSheet as readXlsx } from 'read-excel-file/node'
import { formatKst, fromDate, fromWall } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { columnOf, type SheetColumn } from './sheet-columns.ts'

export const SHEET_BYTES_MAX = 2 * 1024 * 1024
export const SHEET_ROWS_MAX = 2_000
/** A file of 2,000 rows unpacks to a tenth of this. */
const UNPACKED_MAX = 20 * 1024 * 1024
const PARTS_MAX = 200
const CELL_MAX = 200

/** What stands in the columns that are read, as text. `problem`: something that is no text, and must not be guessed into one. */
export type SheetRow = {
  /** As Excel numbers it. */
  readonly line: number
  readonly cells: Readonly<Record<Asked, string>>
  readonly problem: { readonly reason: 'formula' | 'number' | 'kind'; readonly column: Asked } | null
}
const askedColumns = ['number', 'courier', 'trackingNumber', 'sentAt'] as const satisfies readonly SheetColumn[]
type Asked = (typeof askedColumns)[number]

const unreadable = (reason: string, facts: Readonly<Record<string, string | number>> = {}) =>
  new DomainError('upload.unreadable', { reason, ...facts })

/**
 * Reads a filled file: xlsx by its first bytes, otherwise CSV in UTF-8 or CP949, as Korean Excel writes it.
 * Fails with: upload.unreadable (facts.reason), request.too_large.
 */
export async function readSheet(bytes: Uint8Array): Promise<SheetRow[]> {
  if (bytes.length === 0) throw unreadable('empty')
  if (bytes.length > SHEET_BYTES_MAX) throw new DomainError('request.too_large')
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b
  return zipped ? rowsOfXlsx(bytes) : rowsOfTable(csvOf(bytes), new Map())
}

type Table = readonly (readonly unknown[])[]

function csvOf(bytes: Uint8Array): Table {
  const text = textOf(bytes)
  try {
    return parse(text, {
      bom: true,
      delimiter: [',', '\t', ';'],
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: 10_000,
      to: SHEET_ROWS_MAX + 2,
    })
  } catch {
    throw unreadable('csv')
  }
}

function textOf(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'euc-kr']) {
    const text = decoded(bytes, encoding)
    if (text !== null) return text
  }
  throw unreadable('encoding')
}

/** Null where the bytes are not of this encoding. */
function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

async function rowsOfXlsx(bytes: Uint8Array): Promise<SheetRow[]> {
  const parts = unpacked(bytes)
  refuseFar(parts)
  // Packed anew without compression: the reader unpacks without a bound, so it is given nothing that could grow.
  const safe = Buffer.from(zipSync(parts, { level: 0 }))
  let table: Table
  try {
    table = await readXlsx(safe)
  } catch {
    throw unreadable('xlsx')
  }
  return rowsOfTable(table, formulasOf(parts))
}

/** Never more than the bound is unpacked, whatever a file says of its own sizes: each part gets a buffer of the size it claims. */
function unpacked(bytes: Uint8Array): Record<string, Uint8Array> {
  let size = 0
  let count = 0
  const parts = () =>
    unzipSync(bytes, {
      filter: (file) => {
        size += file.originalSize
        count += 1
        if (size > UNPACKED_MAX || count > PARTS_MAX) throw new DomainError('request.too_large')
        return file.name.endsWith('.xml') || file.name.endsWith('.rels')
      },
    })
  try {
    return parts()
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw unreadable('xlsx')
  }
}

const EXCEL_LINES = 1_048_576
const LINES_MAX = 20_000
const COLUMNS_MAX = 200
/** A cell holds 32,767 letters. On a name that goes on, the reader takes ever longer. */
const ENDLESS = /<[^<]{40000}/
const PLACED = /<(?:[\w.-]+:)?(?:row|c)\b[^<]*(?:<\/)?/g
const NOTHING_IN_IT = /^<[^<>]*(?:\/>\s*|>\s*<\/)$/
const PLACE = /\br\s*=\s*(?:"([A-Z]{0,3})(\d{1,7})")?/g

/**
 * The reader fills what lies before a row or a cell with empty ones: a few bytes that name a far one would take all memory. Rows with
 * nothing in them, as some programs write the last one, are dropped.
 */
function refuseFar(parts: Readonly<Record<string, Uint8Array>>): void {
  for (const part of Object.values(parts)) {
    const xml = strFromU8(part)
    if (ENDLESS.test(xml)) throw unreadable('xlsx')
    for (const [tag] of xml.matchAll(PLACED)) {
      const most = NOTHING_IN_IT.test(tag) ? EXCEL_LINES : LINES_MAX
      for (const [, letters = '', line] of tag.matchAll(PLACE)) {
        if (line === undefined || columnIndex(letters) >= COLUMNS_MAX) throw unreadable('xlsx')
        if (Number(line) > most) throw unreadable('rows', { max: SHEET_ROWS_MAX })
      }
    }
  }
}

/** Each in one pass, whatever the file repeats. */
const BEFORE_FORMULA = /<c\b([^<>]*)>\s*<f[\s>/]/g
const CELL_PLACE = /\br="([A-Z]+)(\d+)"/

/** The reader gives what a formula came to last, which another program may have left stale: so formulas are found here. Line -> columns. */
function formulasOf(parts: Readonly<Record<string, Uint8Array>>): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>()
  for (const [name, part] of Object.entries(parts)) {
    if (!name.startsWith('xl/worksheets/')) continue
    for (const [, attributes = ''] of strFromU8(part).matchAll(BEFORE_FORMULA)) {
      const [, letters = '', line = ''] = CELL_PLACE.exec(attributes) ?? []
      const columns = found.get(Number(line)) ?? new Set<number>()
      columns.add(columnIndex(letters))
      found.set(Number(line), columns)
    }
  }
  return found
}

const columnIndex = (letters: string): number =>
  [...letters].reduce((index, letter) => index * 26 + (letter.codePointAt(0) ?? 0) - 64, 0) - 1

function rowsOfTable(table: Table, formulas: ReadonlyMap<number, ReadonlySet<number>>): SheetRow[] {
  const [head, ...body] = table
  if (!head) throw unreadable('empty')
  const titles = head.map((cell) => (typeof cell === 'string' ? columnOf(cell) : null))
  const at = (column: Asked) => titles.indexOf(column)
  const missing = askedColumns.filter((column) => column !== 'sentAt' && at(column) === -1)
  if (missing.length > 0) throw unreadable('columns', { columns: missing.join(', ') })
  const rows = body.flatMap((cells, index): SheetRow[] => {
    const line = index + 2
    const read = Object.fromEntries(askedColumns.map((column) => [column, cellOf(cells[at(column)], column)]))
    const of = (column: Asked): Cell => read[column] ?? EMPTY
    const empty = askedColumns.every((column) => of(column).text === '')
    if (empty) return []
    const formula = askedColumns.find((column) => formulas.get(line)?.has(at(column)))
    const odd = askedColumns.find((column) => of(column).problem !== null)
    return [
      {
        line,
        cells: {
          number: of('number').text,
          courier: of('courier').text,
          trackingNumber: of('trackingNumber').text,
          sentAt: of('sentAt').text,
        },
        problem: formula
          ? { reason: 'formula', column: formula }
          : odd
            ? { reason: of(odd).problem ?? 'kind', column: odd }
            : null,
      },
    ]
  })
  if (rows.length > SHEET_ROWS_MAX) throw unreadable('rows', { max: SHEET_ROWS_MAX })
  if (rows.length === 0) throw unreadable('empty')
  return rows
}

type Cell = { readonly text: string; readonly problem: 'number' | 'kind' | null }
const EMPTY: Cell = { text: '', problem: null }

/** A number has lost the zeros before it, if there were any: it is not taken for a text. A date is one only where a time is asked. */
function cellOf(value: unknown, column: Asked): Cell {
  if (value === null || value === undefined) return EMPTY
  if (typeof value === 'string') return { text: value.trim().slice(0, CELL_MAX), problem: null }
  if (value instanceof Date && column === 'sentAt') return { text: formatKst(fromWall(fromDate(value))), problem: null }
  return typeof value === 'number' ? { text: String(value), problem: 'number' } : { text: '?', problem: 'kind' }
}
