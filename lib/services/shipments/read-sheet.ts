import 'server-only'
import { formatKst, fromDate, fromWall } from '#lib/domain/kst.ts'
import { readTable, unreadable, type Formulas, type Table } from '../sheets/read-table.ts'
import { columnOf, type SheetColumn } from './sheet-columns.ts'

export const SHEET_ROWS_MAX = 2_000
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

/** Reads a filled file. Fails with: upload.unreadable (facts.reason), request.too_large. */
export async function readSheet(bytes: Uint8Array): Promise<SheetRow[]> {
  const { table, formulas } = await readTable(bytes, SHEET_ROWS_MAX)
  return rowsOfTable(table, formulas)
}

function rowsOfTable(table: Table, formulas: Formulas): SheetRow[] {
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
