'use client'

import { clsx } from 'clsx'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type Instant } from '#lib/domain/kst.ts'
import type { DeskItem } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { MethodWord } from '../payments/method-word.tsx'
import { StateMark } from '../payments/status-mark.tsx'
import { useWords } from '../words.tsx'

/** How long it has been out: beside the exact time, never instead of it. */
export function ageOf(since: Instant, now: Instant, { t }: Words): string {
  const age = Math.max(0, now - since)
  if (age < MINUTE_MS) return t('age.seconds', { count: Math.floor(age / SECOND_MS) })
  if (age < HOUR_MS) return t('age.minutes', { count: Math.floor(age / MINUTE_MS) })
  return age < DAY_MS
    ? t('age.hours', { count: Math.floor(age / HOUR_MS) })
    : t('age.days', { count: Math.floor(age / DAY_MS) })
}

/** One cancellation as a thing to be worked on: what it is, then what is known of it, then what can be done. */
export function DeskCard({
  item,
  aside,
  children,
  foot,
}: {
  readonly item: DeskItem
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly foot?: ReactNode
}) {
  const words = useWords()
  const { payment } = item
  const number = payment.pgTxId ?? payment.paymentId ?? payment.orderName
  return (
    <li className="grid gap-4 rounded border border-line bg-paper p-4" aria-label={number}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateMark cancellation={item} />
        <span className="inline-flex items-center gap-1.5">
          <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
          <span className="text-lead font-semibold">
            {item.kind === 'CLOSE' ? words.t('detail.ledger.close') : words.back(item.amount, payment.currency)}
          </span>
        </span>
        <MethodWord payment={payment} />
        <Link href={`/payments/${payment.id}`} className="text-accent underline underline-offset-2">
          {number}
        </Link>
        <span className="min-w-0 truncate text-soft">
          {[payment.store.name, payment.orderName, payment.buyerMasked].filter(Boolean).join(' · ')}
        </span>
        <span className={clsx('text-soft md:ml-auto', !aside && 'hidden')}>{aside}</span>
      </div>
      {children}
      {foot ? <div className="flex flex-wrap items-center gap-2 border-t border-line pt-3">{foot}</div> : null}
    </li>
  )
}
