'use client'

import { Callout } from '../ui/callout.tsx'
import { useWords } from '../words.tsx'
import { useFrame } from './frame-context.tsx'

/** On every screen while nothing is sent for a store: which, by whom, why, since when. */
export function StoppedBanner() {
  const words = useWords()
  const { t } = words
  const { stopped } = useFrame()
  if (stopped.length === 0) return null
  return (
    <div className="grid gap-2 pt-3">
      {stopped.map(({ id, store, who, why, since }) => (
        <Callout key={id} tone="refused" title={t('frame.stopped', { store })}>
          {t('frame.stoppedWhy', { who, why, at: words.instant(since) })}
        </Callout>
      ))}
    </div>
  )
}
