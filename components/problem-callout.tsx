import type { Said } from '#lib/i18n/words.ts'
import { Callout } from './ui/callout.tsx'
import { useWords } from './words.tsx'

/** Why a step was refused, beside what the reader pressed. `lost`: what it means here that no answer came. */
export function ProblemCallout({
  problem,
  lost,
}: {
  readonly problem: Said | null | undefined
  readonly lost?: string
}) {
  const words = useWords()
  if (!problem) return null
  return (
    <Callout tone="refused" live>
      {lost !== undefined && problem.code === 'lost' ? lost : words.problem(problem)}
    </Callout>
  )
}
