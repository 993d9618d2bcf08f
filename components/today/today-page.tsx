'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { minor } from '#lib/domain/money.ts'
import type { TodayView, TotalView } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'
import { useFrame } from '../frame/frame-context.tsx'
import { TestEdge } from '../frame/environment-badge.tsx'
import { useStore } from '../frame/use-store.ts'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { buttonClass } from '../ui/button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Section } from '../ui/section.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import { Trend } from './trend.tsx'

const AGAIN_MS = 30_000

/** How the day stands and what waits: the first thing read in the morning. */
export function TodayPage() {
  const { t } = useWords()
  const { store, name } = useStore()
  const { environments } = useFrame()
  const found = useQuery({
    queryKey: ['today', store],
    queryFn: ({ signal }) => getJson<TodayView>(`/api/today?${queryOf({ store })}`, signal),
    refetchInterval: AGAIN_MS,
  })
  const view = found.data
  const body = () => {
    if (found.isPending) return <Skeleton rows={8} label={t('common.loading')} />
    if (!view) return <ProblemState problem={problemOf(found.error)} retry={() => void found.refetch()} />
    return view.any ? <Day view={view} store={store} /> : <NothingYet view={view} store={store} />
  }
  return (
    <>
      <TestEdge shown={environments.includes('sandbox')} />
      <PageHead title={t('today.title')} note={view ? `${view.day} · ${name}` : null} />
      {body()}
    </>
  )
}

const inStore = (path: string, store: string) =>
  store === '' ? path : `${path}${path.includes('?') ? '&' : '?'}store=${store}`

function NothingYet({ view, store }: { readonly view: TodayView; readonly store: string }) {
  const { t } = useWords()
  const { may } = useFrame()
  return (
    <State
      title={t('today.emptyTitle')}
      actions={
        view.channels ? (
          <Link className={buttonClass()} href={inStore('/payments', store)}>
            {t('today.toPayments')}
          </Link>
        ) : may.accounts ? (
          <Link className={buttonClass('primary')} href="/accounts">
            {t('today.toAccounts')}
          </Link>
        ) : null
      }
    >
      <p>{t(view.channels ? 'today.emptyChannels' : 'today.emptyNothing')}</p>
    </State>
  )
}

function Day({ view, store }: { readonly view: TodayView; readonly store: string }) {
  const { t } = useWords()
  const { trend } = view
  return (
    <>
      <p className="pb-3 text-soft">{t('today.basis')}</p>
      {trend.length === 0 ? <p className="border-t border-line py-5">{t('today.noneIn30')}</p> : null}
      {trend.map(({ currency }) => (
        <Sums key={currency} currency={currency} view={view} />
      ))}
      <Desk desk={view.desk} store={store} />
      {trend.map(({ currency, days }) => (
        <Section key={currency} title={t('today.trend', { currency })}>
          <Trend currency={currency} days={days} />
        </Section>
      ))}
      <Explained />
    </>
  )
}

function Sums({ currency, view }: { readonly currency: TotalView['currency']; readonly view: TodayView }) {
  const words = useWords()
  const { t } = words
  const of = (totals: readonly TotalView[]) => totals.find((total) => total.currency === currency)
  const [now, before] = [of(view.today), of(view.yesterday)]
  const money = (total: TotalView | undefined, part: 'approved' | 'cancelled' | 'net') =>
    words.money(total?.[part] ?? ZERO, currency)
  const counted = (part: 'approved' | 'cancelled') => ({
    part,
    value: money(now, part),
    count: t('today.count', { count: words.count(now?.[`${part}Count`] ?? 0) }),
    yesterday: t('today.yesterday', {
      amount: money(before, part),
      count: words.count(before?.[`${part}Count`] ?? 0),
    }),
  })
  const figures = [
    counted('approved'),
    counted('cancelled'),
    {
      part: 'net' as const,
      value: money(now, 'net'),
      count: null,
      yesterday: t('today.yesterdayNet', { amount: money(before, 'net') }),
    },
  ]
  return (
    <Section title={t('today.sums', { currency })}>
      <dl className="grid gap-x-8 gap-y-3 sm:grid-cols-3">
        {figures.map(({ part, value, count, yesterday }) => (
          <div key={part} className="grid grid-cols-[1fr_auto] content-start items-baseline gap-x-3 sm:grid-cols-1">
            <dt className="text-soft">{t(`today.${part}`)}</dt>
            <dd className="text-end text-title font-semibold sm:py-0.5 sm:text-start sm:text-big">{value}</dd>
            <dd className="col-start-2 text-end text-meta text-faint sm:col-start-1 sm:text-start">
              {count === null ? null : <span className="mr-2 text-soft">{count}</span>}
              {yesterday}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
const ZERO = minor(0)

const desks = {
  confirming: '/cancellations?view=confirming',
  approvals: '/cancellations?view=approvals',
  scheduled: '/cancellations?view=scheduled',
  overdue: '/tasks?due=now',
  shipments: '/escrow?stage=shipment_due',
} as const satisfies Record<keyof TodayView['desk'], string>
const deskNames = ['confirming', 'approvals', 'scheduled', 'overdue', 'shipments'] as const

function Desk({ desk, store }: { readonly desk: TodayView['desk']; readonly store: string }) {
  const { t, count } = useWords()
  return (
    <Section title={t('today.desk')}>
      {deskNames.every((name) => desk[name] === 0) ? <p className="pb-3 text-soft">{t('today.nothingWaits')}</p> : null}
      <ul className="grid gap-x-8 sm:grid-cols-2 lg:grid-cols-5">
        {deskNames.map((name) => (
          <li key={name} className="border-b border-line">
            <Link
              href={inStore(desks[name], store)}
              className="flex h-9 items-center justify-between gap-3 rounded hover:bg-sunk"
            >
              <span className="text-soft">{t(`today.desks.${name}`)}</span>
              <span className={desk[name] > 0 ? 'font-semibold text-waiting' : 'text-faint'}>
                {t('today.count', { count: count(desk[name]) })}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Explained() {
  const { t } = useWords()
  return (
    <details className="border-t border-line py-5">
      <summary className="font-semibold">{t('today.explain')}</summary>
      <ul className="grid max-w-3xl list-disc gap-1.5 pt-3 pl-5 text-soft">
        <li>{t('today.explainDays')}</li>
        <li>{t('today.explainList')}</li>
        <li>{t('today.explainRequested')}</li>
        <li>{t('today.explainTest')}</li>
      </ul>
    </details>
  )
}
