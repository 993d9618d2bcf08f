'use client'

import type { Environment } from '#lib/domain/payment.ts'
import { useWords } from '../words.tsx'

/** Beside every amount that is not live money; live needs none. */
export function EnvironmentBadge({
  environment,
  testStore = false,
}: {
  readonly environment: Environment
  readonly testStore?: boolean
}) {
  const { t } = useWords()
  const word = testStore ? t('environment.testStore') : environment === 'live' ? null : t(`environment.${environment}`)
  if (word === null) return null
  return (
    <span className="rounded-[4px] bg-waiting-soft px-1 py-px align-[1px] text-[10px] leading-4 font-semibold tracking-wide whitespace-nowrap text-waiting">
      {word}
    </span>
  )
}

/** The amber edge of a page that shows sandbox or test data. */
export function TestEdge({ shown }: { readonly shown: boolean }) {
  const { t } = useWords()
  if (!shown) return null
  return (
    <div
      className="fixed inset-y-0 left-0 z-40 w-1 bg-waiting-edge"
      role="note"
      aria-label={t('frame.testEdge')}
      title={t('frame.testEdge')}
    />
  )
}
