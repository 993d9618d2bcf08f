'use client'

import type { Conflict, Source, Span } from '#lib/domain/dated/dated.ts'
import type { Words } from '#lib/i18n/words.ts'
import { Mark } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'

/** Of the tables of dated facts. */
export const head = 'border-b border-line py-1.5 pr-4 text-meta whitespace-nowrap text-soft last:pr-0'
export const cell = 'border-b border-line py-1.5 pr-4 align-top last:pr-0'

/** From when to when something holds; empty where the documents name no day. */
export function spanText({ from, to }: Span, { t }: Words): string {
  if (from !== null && to !== null) return t('dated.between', { from, to })
  if (from !== null) return t('dated.from', { from })
  return to === null ? '' : t('dated.to', { to })
}

export function SourceLine({ source }: { readonly source: Source }) {
  const { t } = useWords()
  return <p className="text-meta text-faint">{t('dated.sourceLabel', { source: t(`dated.source.${source}`) })}</p>
}

/** Where documents contradict each other it is said at the entry, with what is taken. */
export function ConflictLine({ conflict }: { readonly conflict: Conflict }) {
  const { t } = useWords()
  return (
    <p className="text-meta">
      <Mark tone="waiting" className="mr-1.5 font-medium">
        {t('dated.conflictLabel')}
      </Mark>
      <span className="text-soft">{t(`dated.conflict.${conflict}`)}</span>
    </p>
  )
}
