'use client'

import { useState } from 'react'
import { COMPARED_DAYS_MAX, isMeant, type FileMeaning } from '#lib/domain/comparison.ts'
import { addDays, type KstDate } from '#lib/domain/kst.ts'
import type { FileField } from '#lib/domain/payment-import.ts'
import type { ComparedFileView } from '#lib/domain/views.ts'
import { base64Of } from '../escrow/use-sheet.ts'
import { useAction } from '../use-action.ts'
import type { ComparisonActions } from './actions.ts'

const PART_BYTES = 2 * 1024 * 1024
const FILE_BYTES_MAX = 8 * PART_BYTES

type Step = { readonly done: number; readonly total: number }
type State = {
  /** Made once for one file, so that what is sent again is known. */
  readonly file: { readonly id: string; readonly name: string; readonly channelId: string } | null
  readonly view: ComparedFileView | null
  /** What stands in the choices now; the file was read by what stands in the view. */
  readonly meaning: FileMeaning | null
  readonly from: KstDate | null
  readonly to: KstDate | null
  readonly uploading: Step | null
  readonly reading: boolean
  readonly tooLarge: boolean
}
const empty: State = {
  file: null,
  view: null,
  meaning: null,
  from: null,
  to: null,
  uploading: null,
  reading: false,
  tooLarge: false,
}

const same = (one: FileMeaning, other: FileMeaning | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** A file: uploaded in parts, read, its columns said, and laid out for comparing. */
export function useComparison(actions: Pick<ComparisonActions, 'upload' | 'preview' | 'start'>) {
  const [state, setState] = useState(empty)
  const upload = useAction(actions.upload)
  const preview = useAction(actions.preview)
  const start = useAction(actions.start)
  const set = (change: Partial<State>) => setState((before) => ({ ...before, ...change }))
  const { file, view, meaning, from, to } = state

  const read = async (id: string, meant: FileMeaning | null) => {
    set({ reading: true })
    const seen = await preview.run({ id, meaning: meant })
    set({
      reading: false,
      ...(seen && { view: seen, meaning: seen.meaning }),
      ...(seen?.found?.days && daysOf(seen.found.days)),
    })
  }

  const open = async (picked: File, channelId: string) => {
    setState({ ...empty, tooLarge: picked.size > FILE_BYTES_MAX })
    if (picked.size > FILE_BYTES_MAX) return
    const id = crypto.randomUUID()
    const fileName = picked.name.slice(0, 200)
    const total = Math.max(1, Math.ceil(picked.size / PART_BYTES))
    for (let index = 0; index < total; index += 1) {
      set({ uploading: { done: index, total } })
      const part = new File([picked.slice(index * PART_BYTES, (index + 1) * PART_BYTES)], 'part')
      const content = await base64Of(part)
      const kept = content === null ? null : await upload.run({ id, channelId, fileName, index, content })
      if (!kept) return set({ uploading: null })
    }
    set({ uploading: null, file: { id, name: fileName, channelId } })
    await read(id, null)
  }

  const daysWrong = from === null || to === null || to < from || to >= addDays(from, COMPARED_DAYS_MAX)
  const complete = meaning !== null && isMeant(meaning)
  const begin = async (): Promise<string | null> => {
    if (!file || !meaning || from === null || to === null) return null
    const begun = await start.run({ id: file.id, meaning, from, to })
    return begun ? file.id : null
  }
  const change = (part: Partial<FileMeaning>) => (meaning ? set({ meaning: { ...meaning, ...part } }) : undefined)

  return {
    ...state,
    problem: upload.problem ?? preview.problem ?? start.problem,
    beginning: start.pending,
    open,
    begin,
    readAgain: () => (file && meaning ? read(file.id, meaning) : undefined),
    choose: (field: FileField, title: string) => {
      const others = Object.entries(meaning?.columns ?? {}).filter(([one]) => one !== field)
      change({ columns: Object.fromEntries(title === '' ? others : [...others, [field, title]]) })
    },
    change,
    chooseDays: (days: { readonly from?: KstDate; readonly to?: KstDate }) => set(days),
    complete,
    daysWrong,
    /** What was read is not by what is chosen now. */
    stale: meaning !== null && !same(meaning, view?.meaning),
    reset: () => setState(empty),
  }
}
export type Flow = ReturnType<typeof useComparison>

/** All the days of the file where they are not too many; else its last ones. */
const daysOf = ({ from, to }: { readonly from: KstDate; readonly to: KstDate }) => {
  const earliest = addDays(to, 1 - COMPARED_DAYS_MAX)
  return { from: from < earliest ? earliest : from, to }
}
