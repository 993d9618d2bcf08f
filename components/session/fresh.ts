'use client'

import { createContext, useCallback, useContext } from 'react'
import type { ActionResult } from '#lib/domain/views.ts'

/** Asks for password and code. Answers whether they were given. */
export type Ask = () => Promise<boolean>

export const FreshContext = createContext<Ask | null>(null)

/** Runs an action; where a fresh sign-in is missing it is asked for, and the action runs once more, the same. */
export function useFresh() {
  const ask = useContext(FreshContext)
  return useCallback(
    async <Value>(run: () => Promise<ActionResult<Value>>): Promise<ActionResult<Value>> => {
      const first = await run()
      if (first.ok || first.problem.code !== 'session.step_up' || ask === null) return first
      return (await ask()) ? run() : first
    },
    [ask],
  )
}
