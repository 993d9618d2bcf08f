import 'server-only'
import type { CancelTold, FileMeaning, Told } from '#lib/domain/comparison.ts'
import type { Instant } from '#lib/domain/kst.ts'
import { minor, parseMoney, type Minor } from '#lib/domain/money.ts'
import { readFields, type FileColumns } from '#lib/domain/payment-import.ts'
import type { Method } from '#lib/domain/payment.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { Span } from '#lib/policy/comparing.ts'
import type { FileRow, ImportFile } from '../imports/import-file.ts'
import { methodNamed, numberOf, statusNamed, timeNamed, type NamedStatus } from '../imports/read-row.ts'

/** A transaction of the file, and the row from which it could be taken over. */
export type ToldRow = { readonly told: Told; readonly row: FileRow }
export type Unread = { readonly line: number; readonly number: string; readonly reason: string; readonly facts: Facts }
export type ReadFile = {
  readonly rows: readonly ToldRow[]
  /** Every number that stands in the file, compared or not: what is named there is not missing there. */
  readonly numbers: readonly string[]
  /** Rows of other days, and of what was never approved. */
  readonly outside: number
  readonly unread: readonly Unread[]
  /** From the first to the last approval or cancel in the file; null where no row could be read. */
  readonly span: { readonly first: Instant; readonly last: Instant } | null
  readonly count: number
}

/** Other columns are not read here, so that what stands in them stops nothing. */
const onlyRead = (columns: FileColumns): FileColumns =>
  Object.fromEntries(readFields.map((field) => [field, columns[field]]))

/** What a file says of each transaction on these days; without days, of all it holds. */
export function readTold(file: ImportFile, meaning: FileMeaning, days: Span | null): ReadFile {
  const whole = new Map(file.rows(meaning.columns).map((row) => [row.line, row]))
  const lines = file.rows(onlyRead(meaning.columns)).map((row) => lineOf(row, meaning))
  const bad = lines.flatMap((line) => ('unread' in line ? [line.unread] : []))
  const good = lines.flatMap((line) => ('unread' in line ? [] : [line]))
  const groups = Map.groupBy(good, ({ number }) => number)
  const rows: ToldRow[] = []
  const unread = [...bad]
  const badNumbers = new Set(bad.map(({ number }) => number))
  let outside = 0
  for (const [number, all] of groups) {
    const counted = all.filter(
      (line) => line.status !== 'refused' && (days === null || isWithin(line, days, meaning.layout)),
    )
    outside += all.length - counted.length
    if (badNumbers.has(number) || counted.length === 0) continue
    const told = toldOf(number, distinct(counted), meaning)
    const first = told && whole.get(told.lines[0] ?? 0)
    if (told && first) rows.push({ told, row: first })
    else unread.push(...counted.map(({ line }) => ({ line, number, reason: 'twice_differs', facts: {} })))
  }
  const times = good.flatMap(({ at, cancelledAt }) => [at, cancelledAt ?? at])
  return {
    rows,
    numbers: [...new Set([...groups.keys(), ...badNumbers])].filter((number) => number !== ''),
    outside,
    unread: unread.toSorted((a, b) => a.line - b.line),
    span: times.length === 0 ? null : { first: earliest(times), last: latest(times) },
    count: lines.length,
  }
}

const earliest = (times: readonly Instant[]): Instant => times.reduce((a, b) => (b < a ? b : a))
const latest = (times: readonly Instant[]): Instant => times.reduce((a, b) => (b > a ? b : a))

type Line = {
  readonly line: number
  readonly number: string
  readonly amount: Minor
  readonly negative: boolean
  readonly cancelled: Minor | null
  readonly status: NamedStatus
  readonly method: Method | null
  readonly at: Instant
  readonly cancelledAt: Instant | null
}

/** A cancel that is a row of its own counts on the day it was made. */
function isWithin(line: Line, { start, end }: Span, layout: FileMeaning['layout']): boolean {
  const { at, cancelledAt } = line
  const times = layout === 'events' && isCancel(line) ? [cancelledAt ?? at] : [at, cancelledAt]
  return times.some((one) => one !== null && one >= start && one < end)
}

/** KSNET's have 12 letters and digits, KCP's 14: no telephone number is taken for one, and no card's, since they are kept. */
const FORM = /^(?!\d{15,16}$)[0-9A-Za-z]{12,40}$/
export const isNumberLike = (text: string): boolean => FORM.test(text)

function lineOf(row: FileRow, { allMethod, layout }: FileMeaning): Line | { readonly unread: Unread } {
  const { line, cells } = row
  const number = numberOf(row)
  const unread = (reason: string, facts: Facts = {}) => ({ unread: { line, number, reason, facts } })
  if (number === '') return unread('no_number')
  if (!FORM.test(number)) return unread('number_form')
  if (row.problem) return unread(row.problem.reason, { column: row.problem.column })
  const amount = moneyOf(cells.amount ?? '')
  if (amount === null || (amount.negative && layout === 'payments')) return unread('amount')
  const cancelled = moneyOf(cells.cancelledAmount ?? '0')
  if (cancelled === null && cells.cancelledAmount !== '') return unread('cancelled_amount')
  const status = statusNamed(cells.status ?? '')
  if (status === null) return unread('status_unknown', { text: (cells.status ?? '').slice(0, 40) })
  const text = cells.approvedAt ?? ''
  if (text === '') return unread('no_time')
  const time = timeNamed(text, cells.approvedTime ?? '')
  const cancelTime = (cells.cancelledAt ?? '') === '' ? undefined : timeNamed(cells.cancelledAt ?? '', '')
  if (time === null || cancelTime === null) return unread('time_form', { text: text.slice(0, 40) })
  const method = (cells.method ?? '') === '' ? allMethod : (methodNamed(cells.method ?? '')?.method ?? null)
  return {
    line,
    number,
    amount: amount.value,
    negative: amount.negative,
    cancelled: cells.cancelledAmount === undefined || cells.cancelledAmount === '' ? null : (cancelled?.value ?? null),
    status,
    method,
    at: time.at,
    cancelledAt: cancelTime?.at ?? null,
  }
}

/** Some exports write what goes back with a minus sign. */
function moneyOf(text: string): { readonly value: Minor; readonly negative: boolean } | null {
  const negative = text.startsWith('-')
  const value = parseMoney(negative ? text.slice(1) : text, 'KRW')
  return value === null ? null : { value, negative: negative && value > 0 }
}

/** The same row twice is once. */
function distinct(lines: readonly Line[]): readonly Line[] {
  const seen = new Set<string>()
  return lines.filter((one) => {
    const text = JSON.stringify({ ...one, line: 0 })
    // Two cancels of one amount on one day are two: a time of day is not always told.
    const again = !isCancel(one) && seen.has(text)
    seen.add(text)
    return !again
  })
}

const isCancel = ({ status, negative }: Pick<Line, 'status' | 'negative'>): boolean =>
  negative || status === 'cancelled' || status === 'partly_cancelled'

const toldOf = (number: string, lines: readonly Line[], { columns, layout }: FileMeaning): Told | null =>
  layout === 'payments' ? ofPayment(number, lines, columns) : ofEvents(number, lines)

/** One row is all there is of a payment. */
function ofPayment(number: string, lines: readonly Line[], columns: FileColumns): Told | null {
  const [line, second] = lines
  if (!line || second) return null
  const whole = line.status === 'cancelled' && (line.cancelled ?? 0) === 0
  const unsaid = line.status === 'partly_cancelled' && (line.cancelled ?? 0) === 0
  const says = columns.cancelledAmount !== undefined || columns.status !== undefined
  const cancelled = whole ? line.amount : unsaid || !says ? null : (line.cancelled ?? minor(0))
  return {
    number,
    lines: [line.line],
    amount: line.amount,
    method: line.method,
    approvedAt: line.at,
    paid: paidOf(line),
    cancelled,
    partly: line.status === 'partly_cancelled',
    cancels: cancelled !== null && cancelled > 0 ? [{ amount: cancelled, at: line.cancelledAt }] : [],
  }
}

/** One approval at most, and each cancel a row of its own. */
function ofEvents(number: string, lines: readonly Line[]): Told | null {
  const [approval, second] = lines.filter((line) => !isCancel(line))
  if (second) return null
  const cancels = lines.filter(isCancel)
  const told: readonly CancelTold[] = cancels.map((line) => ({
    amount: line.cancelled !== null && line.cancelled > 0 ? line.cancelled : line.amount,
    at: line.cancelledAt ?? line.at,
  }))
  return {
    number,
    lines: [...(approval ? [approval] : []), ...cancels].map(({ line }) => line),
    amount: approval?.amount ?? null,
    method: approval?.method ?? cancels[0]?.method ?? null,
    approvedAt: approval?.at ?? null,
    paid: approval ? paidOf(approval) : null,
    cancelled: minor(told.reduce((sum, { amount }) => sum + amount, 0)),
    partly: false,
    cancels: told,
  }
}

/** Where the file does not say, a virtual account may only have been issued. */
function paidOf({ status, method }: Line): boolean | null {
  if (status === 'issued') return false
  if (status === 'paid') return true
  return method === 'VIRTUAL_ACCOUNT' || method === null ? null : true
}
