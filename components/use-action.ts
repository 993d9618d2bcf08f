'use client'

import { useState } from 'react'
import type { ActionResult } from '#lib/domain/views.ts'
import type { Said } from '#lib/i18n/words.ts'
import { useFresh } from './session/fresh.ts'

export type Action<Input, Value> = (input: Input) => Promise<ActionResult<Value>>
type State = { readonly pending: boolean; readonly problem: Said | null }

/** No answer came: whether it was carried out is not known. */
export const lost: Said = { code: 'lost', facts: {} }

/** Runs an action once at a time (again after a fresh sign-in), and keeps what went wrong. `run` answers the value, or null where there is none. */
export function useAction<Input, Value>(action: Action<Input, Value>) {
  const [state, setState] = useState<State>({ pending: false, problem: null })
  const freshly = useFresh()
  const run = async (input: Input): Promise<Value | null> => {
    setState({ pending: true, problem: null })
    try {
      const result = await freshly(() => action(input))
      setState({ pending: false, problem: result.ok ? null : result.problem })
      return result.ok ? result.value : null
    } catch {
      setState({ pending: false, problem: lost })
      return null
    }
  }
  return { ...state, run }
}
