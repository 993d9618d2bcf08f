'use client'

import { useState } from 'react'
import { useAction } from '../use-action.ts'
import type { ComparisonActions } from './actions.ts'

/** Compares part by part, so that there is progress and nothing is lost with one answer. `run` answers whether it came to the end. */
export function useProceed(proceed: ComparisonActions['proceed']) {
  const { run: step, problem } = useAction(proceed)
  const [at, setAt] = useState<{ readonly left: number; readonly parts: number } | null>(null)
  const [going, setGoing] = useState(false)
  const run = async (id: string): Promise<boolean> => {
    setGoing(true)
    for (;;) {
      const now = await step({ id })
      if (now) setAt({ left: now.partsLeft, parts: now.parts })
      if (now?.state === 'COMPARING') continue
      setGoing(false)
      return now !== null
    }
  }
  return { at, going, problem, run }
}
