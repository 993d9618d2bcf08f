'use client'

import { clsx } from 'clsx'
import type { KstDate } from '#lib/domain/kst.ts'
import { TestEdge } from '../frame/environment-badge.tsx'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { Button } from '../ui/button.tsx'
import { More } from '../ui/more.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import { Filters } from './filters.tsx'
import { periodOf, statusChoice, understand } from './list-query.ts'
import { LookUp, type LookUpAction } from './look-up.tsx'
import { PaymentCards, PaymentTable } from './payment-rows.tsx'
import { useList, useListFilters, type ListFilters } from './use-list.ts'

export function PaymentList({ today, lookUp }: { readonly today: KstDate; readonly lookUp: LookUpAction }) {
  const { t } = useWords()
  const list = useListFilters(today)
  const found = useList(list)
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const { basis } = list.filters
  const body = () => {
    if (found.isPending) return <Skeleton rows={12} label={t('common.loading')} />
    if (found.isError && items.length === 0)
      return <ProblemState problem={problemOf(found.error)} retry={() => void found.refetch()} />
    if (items.length === 0) return <Empty list={list} today={today} lookUp={lookUp} />
    return (
      <div className={clsx(found.isPlaceholderData && 'opacity-60')} aria-busy={found.isPlaceholderData}>
        <PaymentTable items={items} basis={basis} />
        <PaymentCards items={items} basis={basis} />
        <More list={found} />
      </div>
    )
  }
  return (
    <>
      <TestEdge shown={items.some((item) => item.environment !== 'live' || item.testStore)} />
      <PageHead
        title={t('list.title')}
        note={found.isPending ? null : <Shown list={list} count={items.length} more={found.hasNextPage} />}
      />
      <Filters list={list} today={today} />
      {body()}
    </>
  )
}

/** How many are shown, and by which time: the same number means nothing without its basis. */
function Shown({ list, count, more }: { readonly list: ListFilters; readonly count: number; readonly more: boolean }) {
  const words = useWords()
  const { t } = words
  const basis = t(`list.basisOf.${list.filters.basis}`)
  const note = list.byNumber ? t('list.numberNote') : t('list.basisNote', { basis, ...list.period })
  return (
    <output>
      {t(more ? 'list.shownMore' : 'list.shown', { count: words.count(count) })}{' '}
      <span className="text-faint">({note})</span>
    </output>
  )
}

function Empty({
  list,
  today,
  lookUp,
}: {
  readonly list: ListFilters
  readonly today: KstDate
  readonly lookUp: LookUpAction
}) {
  const words = useWords()
  const { t } = words
  const { filters, setFilters, period, storeName, store, byNumber } = list
  const widest = periodOf('month6', today)
  const test = !byNumber && filters.test === 'hide' ? t('list.emptyTest') : ''
  const narrowed = [
    filters.method && t(`method.${filters.method}`),
    filters.status && statusChoice(filters.status, filters.method, words),
  ].filter(Boolean)
  const narrow = narrowed.map((one) => `, ${one}`).join('')
  const actions = (
    <>
      {!byNumber && period.from > widest.from ? (
        <Button onClick={() => void setFilters(widest)}>{t('list.widen')}</Button>
      ) : null}
      {test ? <Button onClick={() => void setFilters({ test: null })}>{t('list.showTest')}</Button> : null}
      {narrow ? (
        <Button onClick={() => void setFilters({ method: null, status: null, channel: null })}>
          {t('list.clear')}
        </Button>
      ) : null}
    </>
  )
  return (
    <State title={t('list.emptyTitle')} actions={byNumber ? null : actions}>
      <p>
        {byNumber
          ? t('list.emptyNumber', {
              q: filters.q,
              kind: t(`list.kind.${understand(filters.q)}`),
              store: storeName,
              test,
            })
          : t('list.emptyPeriod', {
              ...period,
              basis: t(`list.basisOf.${filters.basis}`),
              store: storeName,
              filters: narrow,
              test,
            })}
      </p>
      {byNumber ? <LookUp q={filters.q} store={store} action={lookUp} /> : null}
    </State>
  )
}
