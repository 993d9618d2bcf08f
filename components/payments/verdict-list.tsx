'use client'

import { clsx } from 'clsx'
import type { Currency } from '#lib/domain/money.ts'
import type { VerdictView } from '#lib/domain/views.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { textOf, type Tone } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'

const looks: Record<VerdictView['kind'], { tone: Tone; icon: IconName }> = {
  allowed: { tone: 'done', icon: 'check' },
  warned: { tone: 'waiting', icon: 'warn' },
  not_now: { tone: 'waiting', icon: 'hourglass' },
  never: { tone: 'refused', icon: 'cross' },
  needs: { tone: 'waiting', icon: 'hourglass' },
}

/** Each rule that speaks: may it be done, why (with the time, where there is one), and by whose word. */
export function VerdictList({
  verdicts,
  currency,
}: {
  readonly verdicts: readonly VerdictView[]
  readonly currency: Currency
}) {
  const words = useWords()
  const { t } = words
  if (verdicts.length === 0) return <p className="text-soft">{t('sheet.noRules')}</p>
  return (
    <ul className="grid gap-2.5">
      {verdicts.map((verdict) => {
        const { tone, icon } = looks[verdict.kind]
        return (
          <li key={`${verdict.rule} ${verdict.reason}`} className="flex gap-2">
            <Icon name={icon} className={clsx('mt-0.5 size-4', textOf[tone])} />
            <div className="min-w-0">
              <p>
                <span className={clsx('font-medium', textOf[tone])}>{words.ruleTitle(verdict.rule)}</span>
                <span className="sr-only"> ({t(`kind.${verdict.kind}`)})</span>{' '}
                {words.rule({ ...verdict, facts: { currency, ...verdict.facts } })}
              </p>
              <p className="text-meta text-faint">{t('sheet.source', { source: words.ruleSource(verdict.rule) })}</p>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
