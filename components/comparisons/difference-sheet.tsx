'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { DifferenceView } from '#lib/domain/views.ts'
import { getJson } from '../fetch-json.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { Facts, type Fact } from '../ui/facts.tsx'
import { Mark } from '../ui/mark.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useWords } from '../words.tsx'
import type { DifferenceActions } from './actions.ts'
import { toneOf, whyWords } from './comparison-words.ts'
import { DifferenceWork } from './difference-work.tsx'
import { RecordStep } from './record-step.tsx'
import { TakeStep } from './take-step.tsx'

type Props = {
  readonly id: string | null
  readonly actions: DifferenceActions
  readonly onClose: () => void
  readonly onChanged: () => void
}

/** One difference: both sides, the one thing that can be written, and what the staff make of it. */
export function DifferenceSheet({ id, actions, onClose, onChanged }: Props) {
  const words = useWords()
  const { t } = words
  const found = useQuery({
    queryKey: ['difference', id],
    queryFn: ({ signal }) =>
      getJson<DifferenceView>(`/api/comparisons/differences/${encodeURIComponent(id ?? '')}`, signal),
    enabled: id !== null,
  })
  const one = found.data
  const client = useQueryClient()
  // By its own key: when the answer comes, the sheet may have been closed.
  const changed = () => {
    void client.invalidateQueries({ queryKey: ['difference', id] })
    onChanged()
  }
  return (
    <Sheet
      open={id !== null}
      onClose={onClose}
      held={false}
      title={one === undefined ? t('comparisons.differences') : one.number || t('comparisons.noNumber')}
    >
      {one ? (
        <div className="grid gap-5">
          <Head one={one} />
          <Sides one={one} />
          <RecordStep key={`record ${one.id} ${one.state}`} one={one} record={actions.record} onDone={changed} />
          <TakeStep key={`take ${one.id} ${one.state}`} one={one} take={actions.take} onDone={changed} />
          <DifferenceWork key={one.id} one={one} actions={actions} onDone={changed} />
        </div>
      ) : found.isError ? (
        <ProblemState problem={problemOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <Skeleton rows={6} label={t('common.loading')} />
      )}
    </Sheet>
  )
}

type Of = { readonly one: DifferenceView }

function Head({ one }: Of) {
  const words = useWords()
  const { t } = words
  const { closedBy, closedAt, closedByName } = one
  return (
    <div className="grid gap-1">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Mark tone={toneOf(one)}>
          {one.state === 'CLOSED' ? t('comparisons.state.closed') : t(`comparisons.kind.${one.kind}`)}
        </Mark>
        <span className="font-semibold">{whyWords(one, words).join(' · ')}</span>
        <EnvironmentBadge environment={one.environment} testStore={false} />
      </p>
      {closedBy !== null && closedAt !== null ? (
        <output>
          {words.sentence(
            `comparisons.closedBy.${closedBy}`,
            { who: closedByName ?? '', at: words.instant(closedAt) },
            '',
          )}
        </output>
      ) : null}
      <p className="text-meta text-soft">
        {[one.store.name, `${one.pg} ${one.mid}`, t('comparisons.foundAt', { at: words.instant(one.foundAt) })].join(
          ' · ',
        )}
      </p>
    </div>
  )
}

function Sides({ one }: Of) {
  const { t } = useWords()
  return (
    <div className="grid gap-x-6 gap-y-4 border-t border-line pt-4 sm:grid-cols-2">
      <section aria-label={t('comparisons.ours')} className="grid content-start gap-2">
        <h3 className="text-meta font-medium text-soft">{t('comparisons.ours')}</h3>
        <Ours one={one} />
        {one.paymentId === null ? null : (
          <Link href={`/payments/${one.paymentId}`} className="w-fit text-accent">
            {t('comparisons.toPayment')}
          </Link>
        )}
      </section>
      <section aria-label={t('comparisons.told')} className="grid content-start gap-2">
        <h3 className="text-meta font-medium text-soft">{t('comparisons.told')}</h3>
        <Told one={one} />
      </section>
    </div>
  )
}

function Ours({ one: { ours } }: Of) {
  const words = useWords()
  const { t, money, instant } = words
  if (ours === null) return <p>{t('comparisons.nothingHere')}</p>
  const facts: readonly Fact[] = [
    { label: t('comparisons.fact.amount'), value: money(ours.amount, 'KRW') },
    { label: t('comparisons.fact.cancelled'), value: money(ours.refunded, 'KRW') },
    { label: t('comparisons.fact.status'), value: t(ours.paid ? 'comparisons.paid' : 'comparisons.waiting') },
    { label: t('comparisons.fact.method'), value: t(`method.${ours.method}`) },
    { label: t('comparisons.fact.at'), value: instant(ours.at) },
  ]
  return <Facts facts={facts} />
}

/** What is not the same bears a sign of its own. */
const unlike = (value: ReactNode, differs: boolean): ReactNode =>
  differs ? <span className="font-semibold text-refused">≠ {value}</span> : value

function Told({ one: { told, whys } }: Of) {
  const words = useWords()
  const { t, money, instant } = words
  if (told === null) return <p>{t('comparisons.nothingThere')}</p>
  const unsaid = t('comparisons.unsaid')
  const amount = told.amount === null ? unsaid : money(told.amount, 'KRW')
  const cancelled =
    told.cancelled !== null ? money(told.cancelled, 'KRW') : told.partly ? t('comparisons.partly') : unsaid
  const status = told.paid === null ? unsaid : t(told.paid ? 'comparisons.paid' : 'comparisons.waiting')
  const method = told.method === null ? unsaid : t(`method.${told.method}`)
  const cancelledDiffers = whys.includes('cancelled_more') || whys.includes('cancelled_less')
  const facts: readonly Fact[] = [
    { label: t('comparisons.fact.amount'), value: unlike(amount, whys.includes('amount')) },
    { label: t('comparisons.fact.cancelled'), value: unlike(cancelled, cancelledDiffers) },
    { label: t('comparisons.fact.status'), value: unlike(status, whys.includes('status')) },
    { label: t('comparisons.fact.method'), value: unlike(method, whys.includes('method')) },
    { label: t('comparisons.fact.at'), value: told.approvedAt === null ? unsaid : instant(told.approvedAt) },
    { label: t('comparisons.fact.lines'), value: t('comparisons.line', { lines: told.lines.join(', ') }) },
  ]
  return <Facts facts={facts} />
}
