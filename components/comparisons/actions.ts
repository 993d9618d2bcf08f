import type { FileMeaning } from '#lib/domain/comparison.ts'
import type { KstDate } from '#lib/domain/kst.ts'
import type { ComparedFileView, ImportRowResult } from '#lib/domain/views.ts'
import type { Action } from '../use-action.ts'

type Done = { readonly id: string }

/** What can be done with a file; the page gives the server's actions. */
export type ComparisonActions = {
  readonly upload: Action<
    {
      readonly id: string
      readonly channelId: string
      readonly fileName: string
      readonly index: number
      /** A part of the file, as base64. */
      readonly content: string
    },
    Done
  >
  readonly preview: Action<{ readonly id: string; readonly meaning: FileMeaning | null }, ComparedFileView>
  readonly start: Action<
    { readonly id: string; readonly meaning: FileMeaning; readonly from: KstDate; readonly to: KstDate },
    { readonly parts: number }
  >
  readonly proceed: Action<
    { readonly id: string },
    { readonly state: 'COMPARING' | 'DONE'; readonly parts: number; readonly partsLeft: number }
  >
}

/** What can be done with one difference. */
export type DifferenceActions = {
  readonly assign: Action<{ readonly id: string; readonly assigneeId: string | null }, Done>
  readonly explain: Action<{ readonly id: string; readonly text: string }, Done>
  readonly close: Action<{ readonly id: string; readonly text: string }, Done>
  readonly record: Action<
    { readonly id: string; readonly amount: number; readonly before: number },
    { readonly state: 'recorded' | 'held' | 'known' }
  >
  readonly take: Action<{ readonly id: string }, ImportRowResult>
}
