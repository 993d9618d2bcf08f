'use client'

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type Instant } from '#lib/domain/kst.ts'
import type { Words } from '#lib/i18n/words.ts'
import { useWords } from '../words.tsx'

/** `9분 32초`; of more than an hour the seconds say nothing. */
export function leftWords(until: Instant, now: Instant, { t }: Words): string {
  const left = Math.max(0, until - now)
  const hours = Math.floor(left / HOUR_MS)
  const minutes = Math.floor((left % HOUR_MS) / MINUTE_MS)
  if (left >= DAY_MS) return t('remaining.days', { days: Math.floor(left / DAY_MS), hours: hours % 24 })
  if (left >= HOUR_MS) return t('remaining.hours', { hours, minutes })
  return t('remaining.minutes', { minutes, seconds: Math.floor((left % MINUTE_MS) / SECOND_MS) })
}

/** Runs down to the eye; a screen reader asks for it when it wants it. */
export function Countdown({ until, now }: { readonly until: Instant; readonly now: Instant }) {
  const words = useWords()
  return (
    <span role="timer" className="font-semibold whitespace-nowrap">
      {leftWords(until, now, words)}
    </span>
  )
}
