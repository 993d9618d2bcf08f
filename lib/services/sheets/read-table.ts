import 'server-only'
import { parse } from 'csv-parse/sync'
import { strFromU8, unzipSync, zipSync } from 'fflate'
import { readSheet as readXlsx } from 'read-excel-file/node'
import { DomainError } from '#lib/domain/problem.ts'

export const SHEET_BYTES_MAX = 2 * 1024 * 1024
/** A full file of 2 MB unpacks to less. */
const UNPACKED_MAX = 20 * 1024 * 1024
const PARTS_MAX = 200

/** Cells as the file holds them. */
export type Table = readonly (readonly unknown[])[]
/** Line, as Excel numbers it -> columns, from 0. */
export type Formulas = ReadonlyMap<number, ReadonlySet<number>>

export const unreadable = (reason: string, facts: Readonly<Record<string, string | number>> = {}) =>
  new DomainError('upload.unreadable', { reason, ...facts })

/**
 * The first sheet of a file: xlsx by its first bytes, otherwise CSV in UTF-8 or CP949, as Korean Excel writes it. `loose`: a
 * quotation mark may stand inside a cell of a CSV, as in `="000123"`.
 * Fails with: upload.unreadable (facts.reason), request.too_large.
 */
export async function readTable(
  bytes: Uint8Array,
  rowsMax: number,
  quotes: 'strict' | 'loose' = 'strict',
  bytesMax = SHEET_BYTES_MAX,
): Promise<{ readonly table: Table; readonly formulas: Formulas }> {
  if (bytes.length === 0) throw unreadable('empty')
  if (bytes.length > bytesMax) throw new DomainError('request.too_large')
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b
  return zipped ? xlsxOf(bytes, rowsMax) : { table: csvOf(bytes, rowsMax, quotes === 'loose'), formulas: new Map() }
}

function csvOf(bytes: Uint8Array, rowsMax: number, loose: boolean): Table {
  const text = textOf(bytes)
  try {
    return parse(text, {
      bom: true,
      delimiter: [',', '\t', ';'],
      relax_column_count: true,
      relax_quotes: loose,
      skip_empty_lines: false,
      max_record_size: 10_000,
      to: rowsMax + 2,
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

async function xlsxOf(bytes: Uint8Array, rowsMax: number) {
  const parts = unpacked(bytes)
  refuseFar(parts, rowsMax)
  // Packed anew without compression: the reader unpacks without a bound, so it is given nothing that could grow.
  const safe = Buffer.from(zipSync(parts, { level: 0 }))
  let table: Table
  try {
    table = await readXlsx(safe)
  } catch {
    throw unreadable('xlsx')
  }
  return { table, formulas: formulasOf(parts) }
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
function refuseFar(parts: Readonly<Record<string, Uint8Array>>, rowsMax: number): void {
  for (const part of Object.values(parts)) {
    const xml = strFromU8(part)
    if (ENDLESS.test(xml)) throw unreadable('xlsx')
    for (const [tag] of xml.matchAll(PLACED)) {
      const most = NOTHING_IN_IT.test(tag) ? EXCEL_LINES : LINES_MAX
      for (const [, letters = '', line] of tag.matchAll(PLACE)) {
        if (line === undefined || columnIndex(letters) >= COLUMNS_MAX) throw unreadable('xlsx')
        if (Number(line) > most) throw unreadable('rows', { max: Math.min(rowsMax, LINES_MAX) })
      }
    }
  }
}

/** Each in one pass, whatever the file repeats. */
const BEFORE_FORMULA = /<c\b([^<>]*)>\s*<f[\s>/]/g
const CELL_PLACE = /\br="([A-Z]+)(\d+)"/

/** The reader gives what a formula came to last, which another program may have left stale: so formulas are found here. */
function formulasOf(parts: Readonly<Record<string, Uint8Array>>): Formulas {
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
