'use client'

import { useWords } from '../words.tsx'

/** How far it is. */
export function Comparing({ left, parts }: { readonly left: number; readonly parts: number }) {
  const { t, count } = useWords()
  return (
    <div className="grid max-w-xl gap-2">
      <progress className="w-full" max={parts} value={parts - left} aria-label={t('comparisons.title')} />
      <output>{t('comparisons.progress', { done: count(parts - left), total: count(parts) })}</output>
    </div>
  )
}
