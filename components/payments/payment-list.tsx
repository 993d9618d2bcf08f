'use client'

import { clsx } from 'clsx'
import type { KstDate } from '#lib/domain/kst.ts'
import type { UnderstoodView } from '#lib/domain/views.ts'
import { PaymentExport } from '../exports/list-exports.tsx'
import { TestEdge } from '../frame/environment-badge.tsx'
import { ProblemState, problemOf } from '../problem-state.tsx'
import type { Words } from '#lib/i18n/words.ts'
import { Button } from '../ui/button.tsx'
import { TotalsLine } from '../today/totals-line.tsx'
import { More } from '../ui/more.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import { Filters } from './filters.tsx'
import { periodOf, statusChoice, understand } from './list-query.ts'
import { LookUp, type LookUpAction } from './look-up.tsx'
import { PaymentCards, PaymentTable } from './payment-rows.tsx'
import { partWords } from './understood.tsx'
import { askedOf, useList, useListFilters, type ListFilters } from './use-list.ts'

export function PaymentList({ today, lookUp }: { readonly today: KstDate; readonly lookUp: LookUpAction }) {
  const { t } = useWords()
  const list = useListFilters(today)
  const found = useList(list)
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const { basis } = list.filters
  const understood = found.isPlaceholderData ? null : (found.data?.pages[0]?.understood ?? null)
  const body = () => {
    if (found.isPending) return <Skeleton rows={12} label={t('common.loading')} />
    if (found.isError && items.length === 0)
      return <ProblemState problem={problemOf(found.error)} retry={() => void found.refetch()} />
    if (items.length === 0) return <Empty list={list} today={today} lookUp={lookUp} understood={understood} />
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
        note={
          found.isPending ? null : (
            <Shown list={list} count={items.length} more={found.hasNextPage} understood={understood} />
          )
        }
        actions={<PaymentExport list={list} />}
      />
      {items.length > 0 ? <TotalsLine query={askedOf(list)} /> : null}
      <Filters list={list} today={today} understood={understood} />
      {body()}
    </>
  )
}

type ShownProps = {
  readonly list: ListFilters
  readonly count: number
  readonly more: boolean
  readonly understood: UnderstoodView | null
}

/** How many are shown, and by which time: the same number means nothing without its basis. */
function Shown({ list, count, more, understood }: ShownProps) {
  const words = useWords()
  const { t } = words
  const basis = t(`list.basisOf.${list.filters.basis}`)
  const found = t(numberIn(understood) === null ? 'search.note' : 'list.numberNote')
  const note = list.searched ? found : t('list.basisNote', { basis, ...list.period })
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
  understood,
}: {
  readonly list: ListFilters
  readonly today: KstDate
  readonly lookUp: LookUpAction
  readonly understood: UnderstoodView | null
}) {
  const words = useWords()
  const { t } = words
  const { filters, setFilters, period, storeName, store, searched } = list
  const number = searched ? numberIn(understood) : null
  const widest = periodOf('month6', today)
  const test = !searched && filters.test === 'hide' ? t('list.emptyTest') : ''
  const narrowed = [
    filters.method && t(`method.${filters.method}`),
    filters.status && statusChoice(filters.status, filters.method, words),
  ].filter(Boolean)
  const narrow = narrowed.map((one) => `, ${one}`).join('')
  const actions = (
    <>
      {!searched && period.from > widest.from ? (
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
    <State title={t('list.emptyTitle')} actions={searched ? null : actions}>
      <p>
        {searched
          ? emptySearch(understood, list, words)
          : t('list.emptyPeriod', {
              ...period,
              basis: t(`list.basisOf.${filters.basis}`),
              store: storeName,
              filters: narrow,
              test,
            })}
      </p>
      {number === null ? null : <LookUp key={number} q={number} store={store} action={lookUp} />}
    </State>
  )
}

/** The one number that was searched by itself: a gateway can be asked for it. */
function numberIn(understood: UnderstoodView | null): string | null {
  const [only, ...others] = understood?.parts ?? []
  if (only === undefined || others.length > 0) return null
  return only.kind === 'number' || (only.kind === 'name' && only.orNumber) ? only.value : null
}

function emptySearch(understood: UnderstoodView | null, { storeName }: ListFilters, words: Words): string {
  const { t } = words
  const number = numberIn(understood)
  if (number !== null)
    return t('list.emptyNumber', { q: number, kind: t(`list.kind.${understand(number)}`), store: storeName, test: '' })
  if (!understood || understood.parts.length === 0) return t('search.nothing')
  const parts = understood.parts.map((part) => partWords(part, words)).join(', ')
  return `${t('search.empty', { parts, store: storeName })} ${understood.parts.length > 1 ? t('search.emptyHint') : ''}`
}
