import 'server-only'
import { z } from 'zod'
import { formatKst, formatTime, fromDate, fromWall } from '#lib/domain/kst.ts'
import { hideCardNumbers } from '#lib/domain/mask.ts'
import {
  comparedFields,
  importFields,
  importMethods,
  type FileColumns,
  type FileField,
} from '#lib/domain/payment-import.ts'
import { readTable, SHEET_BYTES_MAX, unreadable, type Formulas, type Table } from '../sheets/read-table.ts'

export const IMPORT_ROWS_MAX = 5_000
const CELL_MAX = 300
/** A sheet says a long text once, and any number of cells name it: of each no more is looked at. */
const LOOKED_AT_MAX = 1_000
const COLUMNS_MAX = 200
const TITLE_MAX = 100
const SAMPLE_MAX = 40
/** Above the titles some programs write what the file is. */
const TITLES_WITHIN = 10
const TITLES_LEAST = 3

const title = z.string().min(1).max(TITLE_MAX)
export const Columns = z.partialRecord(z.enum(importFields), title)
export const Method = z.enum(importMethods)
export const Content = z.base64().max(Math.ceil(SHEET_BYTES_MAX / 3) * 4 + 4)

export type ImportFile = {
  readonly titles: readonly string[]
  /** By title: the first value, as it stands there. */
  readonly samples: Readonly<Record<string, string>>
  readonly rows: (columns: FileColumns) => readonly FileRow[]
}
/** What stands in the columns that are read, as text. */
export type FileRow = {
  /** As Excel numbers it. */
  readonly line: number
  readonly cells: Readonly<Partial<Record<FileField, string>>>
  readonly problem: {
    readonly reason: 'formula' | 'number' | 'kind' | 'long'
    readonly column: FileField
  } | null
}

/** Fails with: upload.unreadable (facts.reason), request.too_large. */
export async function readImportFile(
  bytes: Uint8Array,
  rowsMax = IMPORT_ROWS_MAX,
  bytesMax = SHEET_BYTES_MAX,
): Promise<ImportFile> {
  if (isOldExcel(bytes)) throw unreadable('old_excel')
  const { table, formulas } = await readTable(bytes, rowsMax + TITLES_WITHIN, 'loose', bytesMax)
  if (table.some((cells) => cells.length > COLUMNS_MAX)) throw unreadable('csv')
  const head = table.slice(0, TITLES_WITHIN).findIndex(isHead)
  if (head === -1) throw unreadable('titles')
  const titles = titlesOf(table[head] ?? [])
  const body = table.slice(head + 1)
  if (body.length > rowsMax) throw unreadable('rows', { max: rowsMax })
  if (body.length === 0) throw unreadable('empty')
  return {
    titles: titles.filter((one) => one !== ''),
    samples: samplesOf(titles, body),
    rows: (columns) => rowsOf({ titles, body, first: head + 2, formulas }, columns),
  }
}

/** Excel 97 to 2003, or a page that calls itself `.xls`, as some admin sites send. */
const isOldExcel = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xd0 && bytes[1] === 0xcf) ||
  /^(?:\u00ef\u00bb\u00bf)?\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))

const isTitle = (cell: unknown): cell is string => typeof cell === 'string' && cell.trim() !== ''
const isHead = (cells: readonly unknown[]): boolean => cells.filter(isTitle).length >= TITLES_LEAST

/** Empty for a column without one. The same title again gets a number. */
function titlesOf(cells: readonly unknown[]): readonly string[] {
  const seen = new Map<string, number>()
  return cells.map((cell) => {
    if (!isTitle(cell)) return ''
    const text = cell
      .trim()
      .replaceAll(/\s+/g, ' ')
      .toWellFormed()
      .slice(0, TITLE_MAX - 6)
    const count = (seen.get(text) ?? 0) + 1
    seen.set(text, count)
    return count === 1 ? text : `${text} (${count})`
  })
}

function samplesOf(titles: readonly string[], body: Table): ImportFile['samples'] {
  const sampleOf = (column: number) => {
    const row = body.find((cells) => sampleText(cells[column]) !== '')
    return hideCardNumbers(sampleText(row?.[column]).toWellFormed()).slice(0, SAMPLE_MAX)
  }
  return Object.fromEntries(titles.flatMap((one, column) => (one === '' ? [] : [[one, sampleOf(column)] as const])))
}

function sampleText(value: unknown): string {
  if (value instanceof Date) return formatKst(fromWall(fromDate(value)))
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

type Body = {
  readonly titles: readonly string[]
  readonly body: Table
  readonly first: number
  readonly formulas: Formulas
}

/** Rows in which all that is read is empty are left out. */
function rowsOf({ titles, body, first, formulas }: Body, columns: FileColumns): readonly FileRow[] {
  const placed = comparedFields.flatMap((field) => {
    const at = titles.indexOf(columns[field] ?? '')
    return columns[field] === undefined || at === -1 ? [] : [{ field, at }]
  })
  return body.flatMap((values, index) => {
    const line = first + index
    const read = placed.map(({ field, at }) => ({ field, at, ...cellOf(values[at], field) }))
    if (read.every(({ text }) => text === '')) return []
    const formula = read.find(({ at }) => formulas.get(line)?.has(at))
    const odd = read.find(({ problem }) => problem !== null)
    return [
      {
        line,
        cells: Object.fromEntries(read.map(({ field, text }) => [field, text])),
        problem: formula
          ? { reason: 'formula', column: formula.field }
          : odd?.problem
            ? { reason: odd.problem, column: odd.field }
            : null,
      },
    ]
  })
}

type Cell = { readonly text: string; readonly problem: 'number' | 'kind' | 'long' | null }

/** These are numbers, or of so many digits that a lost zero shows. */
const mayBeNumber: ReadonlySet<FileField> = new Set([
  'amount',
  'taxFree',
  'instalment',
  'number',
  'approvedAt',
  'cancelledAmount',
  'cancelledAt',
])
const dayFields: ReadonlySet<FileField> = new Set(['approvedAt', 'cancelledAt'])

/** A number has lost the zeros before it, if there were any: it is not taken for a text. A date is one only where a time is asked. */
function cellOf(value: unknown, field: FileField): Cell {
  if (value === null || value === undefined) return { text: '', problem: null }
  if (typeof value === 'string') return textOf(value)
  if (value instanceof Date && (dayFields.has(field) || field === 'approvedTime')) {
    const at = fromWall(fromDate(value))
    // A day without a time is written as its midnight.
    return { text: dayFields.has(field) ? formatKst(at).replace(/ 00:00:00$/, '') : formatTime(at), problem: null }
  }
  if (typeof value !== 'number') return { text: '?', problem: 'kind' }
  return { text: String(value), problem: mayBeNumber.has(field) && Number.isSafeInteger(value) ? null : 'number' }
}

/** `="000123"` and `'000123` keep a spreadsheet from taking a text for a number. */
function textOf(value: string): Cell {
  const text = value
    .slice(0, LOOKED_AT_MAX)
    .trim()
    .replace(/^="(.*)"$/s, '$1')
    .replace(/^'/, '')
    .trim()
  if (text.length > CELL_MAX || value.length > LOOKED_AT_MAX)
    return { text: text.slice(0, SAMPLE_MAX).toWellFormed() || '?', problem: 'long' }
  return /[\p{Cc}\p{Cs}]/u.test(text) ? { text: '?', problem: 'kind' } : { text, problem: null }
}
