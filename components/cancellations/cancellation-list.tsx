'use client'

import { clsx } from 'clsx'
import Link from 'next/link'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useState } from 'react'
import { instant } from '#lib/domain/kst.ts'
import { CancellationExport } from '../exports/list-exports.tsx'
import { TestEdge } from '../frame/environment-badge.tsx'
import { withStore } from '../frame/nav-items.ts'
import { useStore } from '../frame/use-store.ts'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { More } from '../ui/more.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import type { DeskActions } from './actions.ts'
import { ApprovalsDesk } from './approvals-desk.tsx'
import { CancellationCards, CancellationTable } from './cancellation-rows.tsx'
import { ConfirmingDesk } from './confirming-desk.tsx'
import { ScheduledDesk } from './scheduled-desk.tsx'
import { useCancellations, views, type Cancellations, type DeskView } from './use-cancellations.ts'

const choices = ['UNCONFIRMED', 'SENDING', 'DONE', 'DECLINED', 'WITHDRAWN'] as const
const fallback = 'all' satisfies DeskView
const itemsOf = ({ data }: Cancellations) => data?.pages.flatMap((page) => page.items) ?? []

/** All cancellations, and the three desks of those that wait for somebody or something. */
export function CancellationList({ actions }: { readonly actions: DeskActions }) {
  const words = useWords()
  const { t } = words
  const { store, name } = useStore()
  const history = { history: 'push' } as const
  const [view, setView] = useQueryState('view', parseAsStringLiteral(views).withDefault(fallback).withOptions(history))
  const [state, setState] = useQueryState('state', parseAsStringLiteral(choices).withOptions(history))
  const [told, setTold] = useState<string | null>(null)
  const found = {
    all: useCancellations({ view: 'all', state, store }, view === 'all'),
    confirming: useCancellations({ view: 'confirming', state: null, store }),
    approvals: useCancellations({ view: 'approvals', state: null, store }),
    scheduled: useCancellations({ view: 'scheduled', state: null, store }),
  }
  const here = found[view]
  const items = itemsOf(here)
  const waiting = itemsOf(found.confirming).length
  const go = (next: DeskView) => {
    setTold(null)
    void setView(next)
  }
  const body = () => {
    if (here.isPending) return <Skeleton rows={10} label={t('common.loading')} />
    if (here.isError && items.length === 0)
      return <ProblemState problem={problemOf(here.error)} retry={() => void here.refetch()} />
    if (items.length === 0)
      return view === 'all' ? (
        <State
          title={t('cancellations.emptyTitle')}
          actions={
            state ? (
              <Button onClick={() => void setState(null)}>{t('cancellations.showAll')}</Button>
            ) : (
              <Link href={withStore('/payments', store)} className={buttonClass()}>
                {t('cancellations.toPayments')}
              </Link>
            )
          }
        >
          <p>{t('cancellations.empty', { state: t(`cancellations.filter.${state ?? 'all'}`), store: name })}</p>
        </State>
      ) : (
        <State
          title={t(`desk.empty.${view}.title`)}
          actions={<Button onClick={() => go('all')}>{t('desk.showAll')}</Button>}
        >
          <p>{t(`desk.empty.${view}.text`, { store: name })}</p>
        </State>
      )
    return (
      <>
        <Shown view={view} found={here} actions={actions} onTell={setTold} />
        <More list={here} />
      </>
    )
  }
  return (
    <>
      <TestEdge shown={items.some((item) => item.payment.environment !== 'live' || item.payment.testStore)} />
      <PageHead
        title={t('cancellations.title')}
        actions={<CancellationExport view={view} state={state} />}
        note={
          here.isPending ? null : (
            <output>
              {t(here.hasNextPage ? 'list.shownMore' : 'list.shown', { count: words.count(items.length) })}
            </output>
          )
        }
      />
      <Tabs view={view} found={found} onChoose={go} />
      {view === 'all' && waiting > 0 ? (
        <div className="pb-4">
          <Callout tone="waiting" title={t('cancellations.waitingTitle', { count: words.count(waiting) })}>
            {t('cancellations.waitingHint')}
          </Callout>
        </div>
      ) : null}
      {view === 'all' ? <StateFilter state={state} onChoose={(next) => void setState(next)} /> : null}
      <output className="block pb-4 empty:hidden">{told ? <Callout tone="ended">{told}</Callout> : null}</output>
      {body()}
    </>
  )
}

function Shown({
  view,
  found,
  actions,
  onTell,
}: {
  readonly view: DeskView
  readonly found: Cancellations
  readonly actions: DeskActions
  readonly onTell: (said: string) => void
}) {
  const items = itemsOf(found)
  const asOf = found.data?.pages[0]?.asOf ?? instant(found.dataUpdatedAt)
  const desk = { items, asOf, actions, reload: () => found.refetch() }
  switch (view) {
    case 'all':
      return (
        <>
          <CancellationTable items={items} now={asOf} />
          <CancellationCards items={items} now={asOf} />
        </>
      )
    case 'confirming':
      return <ConfirmingDesk {...desk} />
    case 'approvals':
      return <ApprovalsDesk {...desk} onTell={onTell} />
    case 'scheduled':
      return <ScheduledDesk {...desk} />
  }
}

/** Where something waits, how much. */
function Tabs({
  view,
  found,
  onChoose,
}: {
  readonly view: DeskView
  readonly found: Readonly<Record<DeskView, Cancellations>>
  readonly onChoose: (view: DeskView) => void
}) {
  const { t, count } = useWords()
  const waits = (one: DeskView) => {
    const length = itemsOf(found[one]).length
    return one === 'all' || length === 0 ? '' : `${count(length)}${found[one].hasNextPage ? '+' : ''}`
  }
  return (
    <nav aria-label={t('desk.views')} className="mb-4 flex min-w-0 gap-1 overflow-x-auto border-b border-line">
      {views.map((one) => (
        <button
          key={one}
          type="button"
          aria-current={one === view ? 'page' : undefined}
          onClick={() => onChoose(one)}
          className={clsx(
            '-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 px-3',
            one === view ? 'border-accent font-semibold text-accent' : 'border-transparent text-soft hover:text-ink',
          )}
        >
          {t(`desk.view.${one}`)}
          {waits(one) === '' ? null : (
            <span className="rounded bg-waiting-soft px-1 text-meta font-semibold text-waiting">{waits(one)}</span>
          )}
        </button>
      ))}
    </nav>
  )
}

function StateFilter({
  state,
  onChoose,
}: {
  readonly state: (typeof choices)[number] | null
  readonly onChoose: (state: (typeof choices)[number] | null) => void
}) {
  const { t } = useWords()
  return (
    <fieldset aria-label={t('cancellations.state')} className="-mx-1 flex min-w-0 max-w-full overflow-x-auto px-1 pb-3">
      {[null, ...choices].map((choice) => (
        <button
          key={choice ?? 'all'}
          type="button"
          aria-pressed={choice === state}
          onClick={() => onChoose(choice)}
          className={clsx(
            'h-7 shrink-0 rounded px-2.5 text-meta',
            choice === state ? 'bg-accent-soft font-semibold text-accent' : 'text-soft hover:bg-sunk',
          )}
        >
          {t(`cancellations.filter.${choice ?? 'all'}`)}
        </button>
      ))}
    </fieldset>
  )
}
