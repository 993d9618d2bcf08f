'use client'

import { clsx } from 'clsx'
import Link from 'next/link'
import { isOut } from '#lib/domain/cancellation.ts'
import type { Instant } from '#lib/domain/kst.ts'
import type { DeskItem } from '#lib/domain/views.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { evidenceOf, peopleLines } from '../payments/ledger-lines.ts'
import { MethodWord } from '../payments/method-word.tsx'
import { StateMark } from '../payments/status-mark.tsx'
import { useWords } from '../words.tsx'
import { ageOf } from './desk-frame.tsx'

type Rows = { readonly items: readonly DeskItem[]; /** When they were read. */ readonly now: Instant }

export function CancellationTable({ items, now }: Rows) {
  const { t } = useWords()
  return (
    <table className="hidden w-full border-collapse md:table">
      <caption className="sr-only">{t('cancellations.caption')}</caption>
      <thead className="text-meta whitespace-nowrap text-soft">
        <tr className="h-8 border-y border-line">
          <th className="px-2 pl-0">{t('cancellations.column.requested')}</th>
          <th className="px-2">{t('cancellations.column.state')}</th>
          <th className="px-2 text-end">{t('cancellations.column.amount')}</th>
          <th className="px-2 pl-5">{t('cancellations.column.payment')}</th>
          <th className="px-2">{t('cancellations.column.who')}</th>
          <th className="px-2">{t('cancellations.column.reason')}</th>
          <th className="px-2 pr-0">{t('cancellations.column.evidence')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row key={item.id} item={item} now={now} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ item, now }: { readonly item: DeskItem; readonly now: Instant }) {
  const words = useWords()
  const { payment } = item
  return (
    <tr className={clsx('relative h-9 border-b border-line hover:bg-sunk', isOut(item.state) && 'bg-waiting-soft')}>
      <td className="px-2 py-1.5 pl-0 whitespace-nowrap">
        <Link href={`/payments/${payment.id}`} className="rounded after:absolute after:inset-0">
          {words.instant(item.requestedAt)}
        </Link>
      </td>
      <td className="px-2">
        <StateMark cancellation={item} />
      </td>
      <td className="px-2 text-end whitespace-nowrap">
        <span className="inline-flex items-center gap-1.5">
          <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
          <span className="font-semibold">{words.back(item.amount, payment.currency)}</span>
        </span>
        <span className="block text-meta text-soft">
          {words.t('cancellations.of', { total: words.money(payment.received, payment.currency) })}
        </span>
      </td>
      <td className="px-2 pl-5">
        <MethodWord payment={payment} />
        <span className="block text-meta text-soft">{payment.pgTxId ?? payment.paymentId}</span>
      </td>
      <td className="px-2 whitespace-nowrap">{item.requestedBy}</td>
      <td className="max-w-40 truncate px-2" title={item.reason}>
        {item.reason}
      </td>
      <td className="px-2 py-1.5 pr-0">
        <Next item={item} now={now} />
      </td>
    </tr>
  )
}

/** What proves it; while it is out: when it was sent, how long ago, when it is asked next. */
function Next({ item, now }: { readonly item: DeskItem; readonly now: Instant }) {
  const words = useWords()
  const { t } = words
  const since = isOut(item.state) ? item.sendingSince : null
  return (
    <span className="grid gap-0.5">
      {since === null ? null : (
        <span>
          {t('cancellations.sent', { time: words.instant(since) })} (
          {t('cancellations.age', { age: ageOf(since, now, words) })})
        </span>
      )}
      {[...evidenceOf(item, words), ...peopleLines(item, words)].map((text) => (
        <span key={text} className={clsx(since !== null && 'text-meta text-soft')}>
          {text}
        </span>
      ))}
    </span>
  )
}

export function CancellationCards({ items, now }: Rows) {
  const words = useWords()
  return (
    <ul aria-label={words.t('cancellations.caption')} className="border-t border-line md:hidden">
      {items.map((item) => (
        <li key={item.id} className="border-b border-line">
          <Link href={`/payments/${item.payment.id}`} className="grid grid-cols-1 gap-1 py-2.5">
            <span className="flex items-center gap-2">
              <StateMark cancellation={item} />
              <span className="ml-auto inline-flex items-center gap-1.5">
                <EnvironmentBadge environment={item.payment.environment} testStore={item.payment.testStore} />
                <span className="font-semibold">{words.back(item.amount, item.payment.currency)}</span>
              </span>
            </span>
            <span className="flex gap-2 text-meta text-soft">
              <span className="whitespace-nowrap">{words.instant(item.requestedAt)}</span>
              <span className="truncate">
                {item.requestedBy} · {item.reason}
              </span>
            </span>
            <span className="text-meta">
              <Next item={item} now={now} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
