'use client'

import { clsx } from 'clsx'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { instant } from '#lib/domain/kst.ts'
import { TestEdge } from '../frame/environment-badge.tsx'
import { useFrame } from '../frame/frame-context.tsx'
import { useStore } from '../frame/use-store.ts'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { Button } from '../ui/button.tsx'
import { More } from '../ui/more.tsx'
import { Callout } from '../ui/callout.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import { CancellationCards, CancellationTable } from './cancellation-rows.tsx'
import { useCancellations } from './use-cancellations.ts'

const choices = ['UNCONFIRMED', 'SENDING', 'DONE', 'DECLINED', 'WITHDRAWN'] as const

export function CancellationList() {
  const words = useWords()
  const { t } = words
  const { confirming } = useFrame()
  const { store, name } = useStore()
  const [state, setState] = useQueryState('state', parseAsStringLiteral(choices).withOptions({ history: 'push' }))
  const found = useCancellations(state, store)
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const body = () => {
    if (found.isPending) return <Skeleton rows={10} label={t('common.loading')} />
    if (found.isError && items.length === 0)
      return <ProblemState problem={problemOf(found.error)} retry={() => void found.refetch()} />
    if (items.length === 0) {
      return (
        <State
          title={t('cancellations.emptyTitle')}
          actions={state ? <Button onClick={() => void setState(null)}>{t('cancellations.showAll')}</Button> : null}
        >
          <p>{t('cancellations.empty', { state: t(`cancellations.filter.${state ?? 'all'}`), store: name })}</p>
        </State>
      )
    }
    return (
      <>
        <CancellationTable items={items} now={instant(found.dataUpdatedAt)} />
        <CancellationCards items={items} now={instant(found.dataUpdatedAt)} />
        <More list={found} />
      </>
    )
  }
  return (
    <>
      <TestEdge shown={items.some((item) => item.payment.environment !== 'live' || item.payment.testStore)} />
      <PageHead
        title={t('cancellations.title')}
        note={
          found.isPending ? null : (
            <output>
              {t(found.hasNextPage ? 'list.shownMore' : 'list.shown', { count: words.count(items.length) })}
            </output>
          )
        }
      />
      {confirming > 0 ? (
        <div className="pb-4">
          <Callout tone="waiting" title={t('cancellations.waitingTitle', { count: words.count(confirming) })}>
            {t('cancellations.waitingHint')}
          </Callout>
        </div>
      ) : null}
      <fieldset
        aria-label={t('cancellations.state')}
        className="-mx-1 flex min-w-0 max-w-full overflow-x-auto px-1 pb-3"
      >
        {[null, ...choices].map((choice) => (
          <button
            key={choice ?? 'all'}
            type="button"
            aria-pressed={choice === state}
            onClick={() => void setState(choice)}
            className={clsx(
              'h-7 shrink-0 rounded px-2.5 text-meta',
              choice === state ? 'bg-accent-soft font-semibold text-accent' : 'text-soft hover:bg-sunk',
            )}
          >
            {t(`cancellations.filter.${choice ?? 'all'}`)}
          </button>
        ))}
      </fieldset>
      {body()}
    </>
  )
}
