'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import type { ComparisonView } from '#lib/domain/views.ts'
import { EnvironmentBadge, TestEdge } from '../frame/environment-badge.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Icon } from '../ui/icon.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import type { ComparisonActions, DifferenceActions } from './actions.ts'
import { Comparing } from './comparing.tsx'
import { daysWords } from './comparison-words.ts'
import { DifferenceList } from './difference-list.tsx'
import { UnreadRows } from './unread-rows.tsx'
import { useProceed } from './use-proceed.ts'

type Props = {
  readonly comparison: ComparisonView
  readonly actions: Pick<ComparisonActions, 'proceed'> & { readonly differences: DifferenceActions }
}

/** One export beside our record: what came of it, or how far it is. */
export function ComparisonPage({ comparison, actions }: Props) {
  const words = useWords()
  const { t } = words
  const { store, channel, fileName, by, at, environment } = comparison
  return (
    <>
      <TestEdge shown={environment !== 'live'} />
      <Link href="/comparisons" className="inline-flex items-center gap-1 pt-4 text-accent">
        <Icon name="back" className="size-3.5" />
        {t('comparisons.title')}
      </Link>
      <PageHead
        title={daysWords(comparison.days, words)}
        note={<EnvironmentBadge environment={environment} testStore={false} />}
      />
      <p className="pb-4 break-all text-soft">
        {[store.name, `${channel.pg} ${channel.mid}`, fileName, by, words.instant(at)].join(' · ')}
      </p>
      {comparison.state === 'DONE' ? (
        <Result comparison={comparison} actions={actions.differences} />
      ) : (
        <Unfinished comparison={comparison} proceed={actions.proceed} />
      )}
    </>
  )
}

/** Broken off, or gone on with elsewhere: somebody goes on with it. */
function Unfinished({ comparison, proceed }: Pick<Props, 'comparison'> & Pick<ComparisonActions, 'proceed'>) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const { at, going, problem, run } = useProceed(proceed)
  const { id, parts, partsLeft } = comparison
  const goOn = async () => {
    if (await run(id)) router.refresh()
  }
  return (
    <div className="grid gap-3">
      <Comparing left={at?.left ?? partsLeft} parts={parts} />
      {problem ? (
        <Callout tone="waiting" title={words.problem(problem)} live>
          {problem.code === 'comparison.expired' ? null : t('comparisons.brokenOff')}
        </Callout>
      ) : (
        <p className="max-w-3xl text-soft">{t('comparisons.unfinished')}</p>
      )}
      <Button look="primary" className="justify-self-start" disabled={going} onClick={() => void goOn()}>
        {t('comparisons.goOn')}
      </Button>
    </div>
  )
}

function Result({ comparison, actions }: Pick<Props, 'comparison'> & { readonly actions: DifferenceActions }) {
  const words = useWords()
  const { t, count } = words
  const { matched, differs, onlyHere, onlyThere, unread, unreadOf, outside } = comparison
  const numbers = { matched, differs, onlyHere, onlyThere, unread }
  const agree = differs + onlyHere + onlyThere + unread === 0
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 border-t border-line py-4 sm:grid-cols-5">
        {countNames.map((name) => (
          <div key={name} className="grid gap-0.5">
            <dt className="text-meta text-soft">{t(`comparisons.count.${name}`)}</dt>
            <dd className="text-title font-semibold tabular-nums">{count(numbers[name])}</dd>
          </div>
        ))}
      </dl>
      {outside > 0 ? (
        <p className="pb-3 text-meta text-soft">{t('comparisons.outside', { count: count(outside) })}</p>
      ) : null}
      {agree ? (
        <Callout tone="done" title={t('comparisons.allMatch')}>
          {t('comparisons.allMatchHint', { days: daysWords(comparison.days, words), count: count(matched) })}
        </Callout>
      ) : (
        <Section title={t('comparisons.differences')}>
          <DifferenceList comparison={comparison.id} actions={actions} />
        </Section>
      )}
      {unreadOf.length > 0 ? (
        <Section title={t('comparisons.unreadTitle')}>
          <p className="max-w-3xl pb-3 text-soft">
            {t('comparisons.unreadHint')}{' '}
            {unread > unreadOf.length ? t('comparisons.unreadMore', { count: count(unreadOf.length) }) : null}
          </p>
          <UnreadRows rows={unreadOf} />
        </Section>
      ) : null}
    </>
  )
}

const countNames = ['matched', 'differs', 'onlyHere', 'onlyThere', 'unread'] as const
