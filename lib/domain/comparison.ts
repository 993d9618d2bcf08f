import type { Instant, KstDate } from './kst.ts'
import type { Minor } from './money.ts'
import { neededFields, type FileColumns, type ImportMethod } from './payment-import.ts'
import type { Method } from './payment.ts'

/** What one row of an export is: a payment with what was cancelled of it so far, or one approval or one cancel. */
export const layouts = ['payments', 'events'] as const
export type Layout = (typeof layouts)[number]

/** How a person said the columns of a file are meant. */
export type FileMeaning = {
  readonly columns: FileColumns
  readonly layout: Layout
  readonly allMethod: ImportMethod | null
}
/** Without these nothing can be compared. */
export const isMeant = ({ columns }: FileMeaning): boolean =>
  neededFields.every((field) => columns[field] !== undefined)

export const COMPARED_DAYS_MAX = 31

export type Days = { readonly from: KstDate; readonly to: KstDate }

export type CancelTold = {
  readonly amount: Minor
  /** Null where the file does not say when. */
  readonly at: Instant | null
}
/** What a file says of one transaction. Null: it does not say. */
export type Told = {
  readonly number: string
  readonly lines: readonly number[]
  readonly amount: Minor | null
  readonly method: Method | null
  readonly approvedAt: Instant | null
  /** Money came in; false: a virtual account that waits for it. */
  readonly paid: boolean | null
  /** Of a file of payments all that was cancelled so far; of one of events what was cancelled on these days. */
  readonly cancelled: Minor | null
  /** Something was, it does not say how much. */
  readonly partly: boolean
  readonly cancels: readonly CancelTold[]
}

export const differenceKinds = ['differs', 'only_here', 'only_there'] as const
export type DifferenceKind = (typeof differenceKinds)[number]
export type Why =
  | 'amount'
  | 'cancelled_more'
  | 'cancelled_less'
  | 'status'
  | 'method'
  /** Known, but at another store. */
  | 'other_store'
  /** Ours has no number by which a file could name it. */
  | 'no_number'
