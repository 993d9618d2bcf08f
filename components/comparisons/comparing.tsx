'use client'

import type { ReactNode } from 'react'
import { useWords } from '../words.tsx'

type Props = { readonly done: number; readonly total: number; readonly label: string; readonly children: ReactNode }

/** How far something is, as a bar and in words. */
export const Progress = ({ done, total, label, children }: Props) => (
  <div className="grid max-w-xl gap-2">
    <progress className="w-full" max={total} value={done} aria-label={label} />
    <output>{children}</output>
  </div>
)

export function Comparing({ left, parts }: { readonly left: number; readonly parts: number }) {
  const { t, count } = useWords()
  const done = parts - left
  return (
    <Progress done={done} total={parts} label={t('comparisons.title')}>
      {t('comparisons.progress', { done: count(done), total: count(parts) })}
    </Progress>
  )
}
