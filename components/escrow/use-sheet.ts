'use client'

import { useState } from 'react'
import { toKstIso } from '#lib/domain/kst.ts'
import type { ShipmentRowResult, ShipmentRowView } from '#lib/domain/views.ts'
import type { Said } from '#lib/i18n/words.ts'
import { useAction } from '../use-action.ts'
import type { SheetActions, ShipmentWish } from './actions.ts'

export const FILE_BYTES_MAX = 2 * 1024 * 1024
const ROWS_AT_ONCE = 50

/** A row of the file with the id of its order: made once, so that sending it again cannot register twice. */
export type SheetRow = ShipmentRowView & { readonly id: string }
type State = {
  readonly rows: readonly SheetRow[] | null
  readonly results: ReadonlyMap<string, ShipmentRowResult>
  readonly reading: boolean
  readonly tooLarge: boolean
  readonly sending: boolean
  readonly brokenOff: boolean
}
const empty: State = {
  rows: null,
  results: new Map(),
  reading: false,
  tooLarge: false,
  sending: false,
  brokenOff: false,
}

/** The file as base64; null where the browser cannot read it. */
export async function base64Of(file: File): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      const text = typeof reader.result === 'string' ? reader.result : ''
      resolve(text.slice(text.indexOf(',') + 1))
    })
    reader.addEventListener('error', () => resolve(null))
    reader.readAsDataURL(file)
  })
}

/** A file: read, shown row by row, then sent in parts, so that there is progress and nothing is lost with one answer. */
export function useSheet(actions: SheetActions) {
  const [state, setState] = useState(empty)
  const preview = useAction(actions.preview)
  const register = useAction(actions.register)
  const set = (change: Partial<State>) => setState((before) => ({ ...before, ...change }))

  const take = async (file: File) => {
    setState({ ...empty, reading: true, tooLarge: file.size > FILE_BYTES_MAX })
    if (file.size > FILE_BYTES_MAX) return set({ reading: false })
    const content = await base64Of(file)
    const read = content === null ? null : await preview.run({ content })
    set({ reading: false, rows: read?.rows.map((row) => ({ ...row, id: crypto.randomUUID() })) ?? null })
  }

  const wishesOf = (sendEmail: boolean): readonly ShipmentWish[] =>
    (state.rows ?? []).flatMap(({ id, verdict, trackingNumber }) =>
      verdict.ok && !state.results.has(id)
        ? [
            {
              id,
              paymentId: verdict.paymentId,
              kind: verdict.kind,
              courier: verdict.courier,
              trackingNumber,
              sentAt: toKstIso(verdict.sentAt),
              sendEmail,
            },
          ]
        : [],
    )

  const send = async (sendEmail: boolean) => {
    const wishes = wishesOf(sendEmail)
    set({ sending: true, brokenOff: false })
    for (let from = 0; from < wishes.length; from += ROWS_AT_ONCE) {
      const answer = await register.run({ rows: wishes.slice(from, from + ROWS_AT_ONCE) })
      if (!answer) return set({ sending: false, brokenOff: true })
      setState((before) => ({
        ...before,
        results: new Map([...before.results, ...answer.results.map((one) => [one.id, one] as const)]),
      }))
    }
    set({ sending: false })
  }

  const problem: Said | null = preview.problem ?? register.problem
  return { ...state, problem, take, send, left: wishesOf(false).length, reset: () => setState(empty) }
}
