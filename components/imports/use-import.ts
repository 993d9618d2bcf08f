'use client'

import { useState } from 'react'
import { isComplete, type ImportColumns, type ImportField, type ImportMethod } from '#lib/domain/payment-import.ts'
import type { ImportRowResult, ImportView } from '#lib/domain/views.ts'
import type { Said } from '#lib/i18n/words.ts'
import { base64Of, FILE_BYTES_MAX } from '../escrow/use-sheet.ts'
import { useAction } from '../use-action.ts'
import type { ImportActions } from './actions.ts'

const ROWS_AT_ONCE = 200

type Chosen = { readonly columns: ImportColumns; readonly allMethod: ImportMethod | null }
type State = {
  /** The id is made once for one file, so that a part sent again is known. */
  readonly file: {
    readonly id: string
    readonly name: string
    readonly content: string
    readonly accountId: string
  } | null
  readonly view: ImportView | null
  /** What stands in the choices now; the rows were read by what stands in the view. */
  readonly chosen: Chosen
  readonly results: ReadonlyMap<number, ImportRowResult>
  readonly reading: boolean
  readonly tooLarge: boolean
  readonly sending: boolean
  readonly brokenOff: boolean
}
const nothing: Chosen = { columns: {}, allMethod: null }
const empty: State = {
  file: null,
  view: null,
  chosen: nothing,
  results: new Map(),
  reading: false,
  tooLarge: false,
  sending: false,
  brokenOff: false,
}

const same = (one: Chosen, other: Chosen): boolean => JSON.stringify(one) === JSON.stringify(other)

/** A file: read, mapped, shown row by row, then taken over in parts, so that there is progress and nothing is lost with one answer. */
export function useImport(actions: ImportActions) {
  const [state, setState] = useState(empty)
  const preview = useAction(actions.preview)
  const take = useAction(actions.take)
  const set = (change: Partial<State>) => setState((before) => ({ ...before, ...change }))
  const { file, view, chosen, results } = state
  const rows = view?.rows ?? null

  const show = (read: ImportView | null) =>
    set({
      reading: false,
      view: read,
      ...(read && { chosen: { columns: read.columns, allMethod: read.allMethod } }),
    })

  const open = async (picked: File, accountId: string) => {
    setState({ ...empty, reading: true, tooLarge: picked.size > FILE_BYTES_MAX })
    if (picked.size > FILE_BYTES_MAX) return set({ reading: false })
    const content = await base64Of(picked)
    if (content === null) return set({ reading: false })
    set({ file: { id: crypto.randomUUID(), name: picked.name.slice(0, 200), content, accountId } })
    show(await preview.run({ accountId, content, columns: null, allMethod: null }))
  }

  /** Reads the file anew by what is chosen now. What was shown stays where no answer comes. */
  const read = async () => {
    if (!file) return
    set({ reading: true })
    const { accountId, content } = file
    show((await preview.run({ accountId, content, ...chosen })) ?? view)
  }

  const send = async () => {
    if (!file || !rows) return
    const { id, name: fileName, content, accountId } = file
    set({ sending: true, brokenOff: false })
    for (let from = results.size; from < rows.length; from += ROWS_AT_ONCE) {
      const answer = await take.run({ id, fileName, accountId, content, ...chosen, from, count: ROWS_AT_ONCE })
      if (!answer) return set({ sending: false, brokenOff: true })
      setState((before) => ({
        ...before,
        results: new Map([...before.results, ...answer.results.map((one) => [one.line, one] as const)]),
      }))
    }
    set({ sending: false })
  }

  const choose = (field: ImportField, title: string) => {
    const others = Object.entries(chosen.columns).filter(([one]) => one !== field)
    const columns: ImportColumns = Object.fromEntries(title === '' ? others : [...others, [field, title]])
    set({ chosen: { ...chosen, columns } })
  }

  const started = state.sending || results.size > 0 || state.brokenOff
  const problem: Said | null = preview.problem ?? (started ? take.problem : null)
  return {
    ...state,
    rows,
    problem,
    open,
    read,
    send,
    choose,
    chooseMethod: (allMethod: ImportMethod | null) => set({ chosen: { ...chosen, allMethod } }),
    complete: isComplete(chosen.columns, chosen.allMethod),
    /** The rows shown are not of what is chosen now. */
    stale: view !== null && !same(chosen, { columns: view.columns, allMethod: view.allMethod }),
    started,
    finished: rows !== null && results.size >= rows.length && !state.sending,
    reset: () => setState(empty),
  }
}
export type Import = ReturnType<typeof useImport>
