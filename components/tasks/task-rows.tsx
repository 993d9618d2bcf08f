'use client'

import Link from 'next/link'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '#lib/domain/kst.ts'
import type { TaskItem } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { factsLine } from '../payments/fact-words.ts'
import { MethodWord } from '../payments/method-word.tsx'
import { useWords } from '../words.tsx'
import { taskSentence } from './task-sentence.ts'
import { DueMark, TaskStep, type ResolveTask } from './task-step.tsx'

type Props = {
  readonly items: readonly TaskItem[]
  readonly asOf: Instant
  readonly resolve: ResolveTask
  readonly onResolved: () => void
}

/** One list for wide and narrow screens: each row holds a button, which must not be there twice. */
export function TaskRows({ items, ...rest }: Props) {
  const { t } = useWords()
  return (
    <ul aria-label={t('tasks.caption')} className="border-t border-line">
      {items.map((item) => (
        <Row key={item.id} item={item} {...rest} />
      ))}
    </ul>
  )
}

function Row({ item, asOf, resolve, onResolved }: Omit<Props, 'items'> & { readonly item: TaskItem }) {
  const words = useWords()
  const { t } = words
  const { payment } = item
  return (
    <li className="flex flex-wrap items-start gap-x-5 gap-y-2 border-b border-line py-3">
      <div className="w-full shrink-0 md:w-64">
        <DueMark task={item} />
        <p className="text-meta text-soft">
          {t('tasks.found', { at: words.instant(item.foundAt), age: ageOf(item.foundAt, asOf, words) })}
        </p>
      </div>
      <div className="min-w-0 flex-1 basis-72">
        <p>{taskSentence(item, words)}</p>
        <p className="text-meta text-soft">
          {[item.rule && words.ruleTitle(item.rule), factsLine(item.facts, payment, words)].filter(Boolean).join(' · ')}
        </p>
      </div>
      <div className="min-w-0 basis-60 md:shrink-0 md:grow-0">
        <Link
          href={`/payments/${payment.id}`}
          className="inline-flex items-center gap-1.5 rounded font-semibold text-accent"
        >
          {words.money(payment.amount, payment.currency)}
          <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
        </Link>
        <p className="text-meta text-soft">
          <MethodWord payment={payment} /> · {payment.store.name}
        </p>
        <p className="text-meta break-all text-soft">{payment.pgTxId ?? payment.paymentId}</p>
      </div>
      <div className="ml-auto md:flex md:w-32 md:justify-end">
        <TaskStep task={item} paymentId={payment.id} may={item.may} resolve={resolve} onResolved={onResolved} />
      </div>
    </li>
  )
}

/** How long it has waited: beside the exact time, never instead of it. */
function ageOf(since: Instant, now: Instant, { t }: Words): string {
  const age = Math.max(0, now - since)
  if (age < HOUR_MS) return t('age.minutes', { count: Math.floor(age / MINUTE_MS) })
  return age < DAY_MS
    ? t('age.hours', { count: Math.floor(age / HOUR_MS) })
    : t('age.days', { count: Math.floor(age / DAY_MS) })
}
