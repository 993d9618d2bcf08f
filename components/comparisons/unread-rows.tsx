'use client'

import type { UnreadRowView } from '#lib/domain/views.ts'
import { useWords } from '../words.tsx'
import { fieldWords } from './comparison-words.ts'

/** Rows that were left out, each with its reason. */
export function UnreadRows({ rows }: { readonly rows: readonly UnreadRowView[] }) {
  const words = useWords()
  const { t } = words
  return (
    <ul aria-label={t('comparisons.unreadTitle')} className="max-w-3xl border-t border-line">
      {rows.map(({ line, number, reason, facts }) => {
        const said = { ...facts, column: fieldWords(String(facts['column'] ?? ''), words) }
        const known = words.sentence(`imports.row.${reason}`, said, reason)
        return (
          <li key={line} className="flex flex-wrap gap-x-3 border-b border-line py-1.5 text-meta">
            <span className="text-soft">{t('escrowBoard.line', { line })}</span>
            <span className="break-all">{number}</span>
            <span>{words.sentence(`comparisons.row.${reason}`, said, known)}</span>
          </li>
        )
      })}
    </ul>
  )
}
