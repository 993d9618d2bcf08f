import type { ImportColumns, ImportMethod } from '#lib/domain/payment-import.ts'
import type { ImportRowResult, ImportView } from '#lib/domain/views.ts'
import type { Action } from '../use-action.ts'

type OfFile = {
  readonly accountId: string
  /** The file, as base64. */
  readonly content: string
  readonly allMethod: ImportMethod | null
}

/** What can be done with a file; the page gives the server's actions. */
export type ImportActions = {
  readonly preview: Action<OfFile & { readonly columns: ImportColumns | null }, ImportView>
  readonly take: Action<
    OfFile & {
      readonly columns: ImportColumns
      readonly id: string
      readonly fileName: string
      readonly from: number
      readonly count: number
    },
    { results: readonly ImportRowResult[]; rows: number }
  >
}
