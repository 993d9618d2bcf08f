'use client'

import type { TestFinding } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { Mark, type Tone } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'

const tones: Record<TestFinding['result'], Tone> = { proven: 'done', failed: 'refused', unprovable: 'waiting' }

/** What the test proved, what failed, and what nothing that can be asked shows. */
export function Findings({ findings }: { readonly findings: readonly TestFinding[] }) {
  const words = useWords()
  const { t } = words
  if (findings.length === 0) return <p className="text-soft">{t('accounts.testNone')}</p>
  return (
    <ul aria-label={t('accounts.testTitle')} className="grid border-t border-line">
      {findings.map(({ check, result, reason, facts }) => (
        <li
          key={`${check} ${Object.values(facts).join(' ')}`}
          className="grid gap-x-4 border-b border-line py-1.5 sm:grid-cols-[9rem_9rem_1fr]"
        >
          <Mark tone={tones[result]}>{t(`accounts.${result}`)}</Mark>
          <span className="font-medium">{words.sentence(`finding.${check}.title`, {}, check)}</span>
          <span className="min-w-0">
            {words.sentence(`finding.${check}.${reason}`, facts, t('finding.other', { check, reason }))}
            <span className="ml-2 text-meta text-faint">{detailOf(facts, words)}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** What was named; what the wire said is for whoever sets the account up, and said to be so. */
const detailOf = ({ cause, channel, store, code }: TestFinding['facts'], { t }: Words) =>
  [channel, store, code, cause ? t('cause.other', { cause: String(cause) }) : null].filter(Boolean).join(' ')
