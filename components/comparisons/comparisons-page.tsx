'use client'

import Link from 'next/link'
import type { ComparisonsView, ComparisonView } from '#lib/domain/views.ts'
import { EnvironmentBadge, TestEdge } from '../frame/environment-badge.tsx'
import { useStore } from '../frame/use-store.ts'
import { Mark } from '../ui/mark.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import type { ComparisonActions, DifferenceActions } from './actions.ts'
import { daysWords } from './comparison-words.ts'
import { DifferenceList } from './difference-list.tsx'
import { NewComparison } from './new-comparison.tsx'

type Props = {
  readonly listed: ComparisonsView
  readonly actions: {
    readonly files: ComparisonActions
    readonly differences: DifferenceActions
  }
}

/** Exports of the gateways' admin sites beside our record: a new one, what is open, and the last ones. */
export function ComparisonsPage({ listed, actions }: Props) {
  const { t } = useWords()
  const { store } = useStore()
  const channels = listed.channels.filter((channel) => store === '' || channel.store.id === store)
  const comparisons = listed.comparisons.filter((one) => store === '' || one.store.id === store)
  return (
    <>
      <TestEdge shown={channels.some(({ environment }) => environment !== 'live')} />
      <PageHead title={t('comparisons.title')} note={t('comparisons.note')} />
      <Section title={t('comparisons.start')}>
        {channels.length === 0 ? (
          <p className="max-w-3xl text-soft">{t('comparisons.noChannel')}</p>
        ) : (
          <NewComparison key={store} channels={channels} actions={actions.files} />
        )}
      </Section>
      <Section title={t('comparisons.openDifferences')}>
        <DifferenceList comparison="" actions={actions.differences} />
      </Section>
      <Section title={t('comparisons.recent')}>
        <Recent comparisons={comparisons} />
      </Section>
    </>
  )
}

function Recent({ comparisons }: Pick<ComparisonsView, 'comparisons'>) {
  const { t } = useWords()
  if (comparisons.length === 0) return <p className="text-soft">{t('comparisons.noRecent')}</p>
  return (
    <ul aria-label={t('comparisons.recent')} className="border-t border-line">
      {comparisons.map((one) => (
        <Line key={one.id} one={one} />
      ))}
    </ul>
  )
}

function Line({ one }: { readonly one: ComparisonView }) {
  const words = useWords()
  const { t, count } = words
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b border-line py-2">
      <span className="min-w-0 flex-1 basis-72">
        <span className="flex flex-wrap items-center gap-x-2">
          <Link href={`/comparisons/${one.id}`} className="font-medium break-all text-accent">
            {daysWords(one.days, words)}
          </Link>
          <EnvironmentBadge environment={one.environment} testStore={false} />
        </span>
        <span className="block text-meta break-all text-soft">
          {[one.store.name, `${one.channel.pg} ${one.channel.mid}`, one.fileName].join(' · ')}
        </span>
        <span className="block text-meta text-soft">{[one.by, words.instant(one.at)].filter(Boolean).join(' · ')}</span>
      </span>
      <span className="text-soft">
        {t('comparisons.became', {
          matched: count(one.matched),
          differs: count(one.differs),
          onlyHere: count(one.onlyHere),
          onlyThere: count(one.onlyThere),
        })}
      </span>
      <span className="w-28 md:text-right">
        {one.state === 'COMPARING' ? (
          <Mark tone="waiting">{t('comparisons.inProgress')}</Mark>
        ) : one.open > 0 ? (
          <Mark tone="waiting">{t('comparisons.stillOpen', { count: count(one.open) })}</Mark>
        ) : (
          <Mark tone="done">{t('comparisons.allClosed')}</Mark>
        )}
      </span>
    </li>
  )
}
