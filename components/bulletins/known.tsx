'use client'

import { knowns } from '#lib/domain/dated/bulletins.ts'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { SourceLine } from './dated-words.tsx'

/** Where the gateways' documents name a time (rule REFUND-WHEN). */
const whens = ['at_once', 'one_to_three_business_days', 'check_card', 'next_business_day'] as const

/** Conditions that people ask for, each with its source. */
export function Known() {
  const words = useWords()
  const { t } = words
  return (
    <>
      <p className="max-w-3xl pb-4 text-soft">{t('known.intro')}</p>
      <ul className="grid gap-x-10 border-t border-line md:grid-cols-2">
        {knowns.map(({ id, source }) => (
          <li key={id} className="grid content-start gap-1 border-b border-line py-3">
            <h2 className="font-semibold">{t(`known.${id}.title`)}</h2>
            <p>{t(`known.${id}.text`)}</p>
            <SourceLine source={source} />
          </li>
        ))}
      </ul>
      <Section title={t('known.refundWhen')} className="border-t-0">
        <ul className="grid max-w-3xl list-disc gap-1.5 pl-5">
          {whens.map((reason) => (
            <li key={reason}>{t(`known.when.${reason}`)}</li>
          ))}
        </ul>
        <p className="pt-2 text-meta text-faint">
          {t('dated.sourceLabel', { source: words.ruleSource('REFUND-WHEN') })}
        </p>
      </Section>
    </>
  )
}
