'use client'

import { clsx } from 'clsx'
import type { Instant } from '#lib/domain/kst.ts'
import type { AttemptView, CancellationView, PaymentView, TimelineEntry } from '#lib/domain/views.ts'
import { Mark } from '../ui/mark.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { factsLine } from './fact-words.ts'
import { isDecidedNot, isNotSent } from './status-mark.tsx'

type Moment =
  | { readonly kind: 'entry'; readonly id: string; readonly at: Instant; readonly entry: TimelineEntry }
  | {
      readonly kind: 'attempt'
      readonly id: string
      readonly at: Instant
      readonly attempt: AttemptView
      readonly of: CancellationView
    }

/** An attempt tells more than the entry that it was begun: it takes its place. */
function momentsOf(payment: PaymentView): readonly Moment[] {
  const entries = payment.timeline.filter((entry) => entry.action !== 'cancellation.sending')
  const attempts = payment.cancellations.flatMap((of) => of.attempts.map((attempt) => ({ of, attempt })))
  return [
    ...entries.map((entry): Moment => ({ kind: 'entry', id: entry.id, at: entry.at, entry })),
    ...attempts.map(({ of, attempt }): Moment => ({
      kind: 'attempt',
      id: `${of.id} ${attempt.number}`,
      at: attempt.startedAt,
      attempt,
      of,
    })),
  ].toSorted((a, b) => b.at - a.at)
}

/** Newest first, one line each; what was said to the gateway behind a click. */
export function Timeline({ payment }: { readonly payment: PaymentView }) {
  const words = useWords()
  const { t } = words
  const moments = momentsOf(payment)
  return (
    <Section title={t('detail.timeline.title')}>
      {moments.length === 0 ? <p className="text-soft">{t('detail.timeline.empty')}</p> : null}
      <ol className="grid">
        {moments.map((moment) => (
          <li
            key={moment.id}
            className="grid gap-x-4 gap-y-0.5 border-b border-line py-2 last:border-b-0 md:grid-cols-[11.5rem_6rem_1fr]"
          >
            <span className="flex gap-3 text-soft md:contents">
              <time dateTime={new Date(moment.at).toISOString()} className="whitespace-nowrap">
                {words.instant(moment.at)}
              </time>
              <span className="truncate">{words.who(moment.kind === 'entry' ? moment.entry.who : 'worker')}</span>
            </span>
            {moment.kind === 'entry' ? (
              <Entry entry={moment.entry} payment={payment} />
            ) : (
              <Attempt attempt={moment.attempt} of={moment.of} payment={payment} />
            )}
          </li>
        ))}
      </ol>
    </Section>
  )
}

function Entry({ entry, payment }: { readonly entry: TimelineEntry; readonly payment: PaymentView }) {
  const words = useWords()
  const { t } = words
  return (
    <span className="min-w-0">
      {words.action(entry.action)}{' '}
      <span className="text-soft">{factsLine(factsOf(entry, payment), payment, words)}</span>
      {entry.outcome === 'done' ? null : (
        <Mark tone="refused" className="ml-2 text-meta">
          {t(`outcome.${entry.outcome}`)}
        </Mark>
      )}
    </span>
  )
}

/** A cancellation that never left, or of which people decided, is not one that a gateway refused. */
function factsOf({ facts }: TimelineEntry, { cancellations }: PaymentView): TimelineEntry['facts'] {
  const one = cancellations.find(({ id }) => id === facts['cancellation'])
  if (!one || facts['state'] !== 'DECLINED') return facts
  if (isNotSent(one)) return { ...facts, state: 'NOT_SENT' }
  return isDecidedNot(one) ? { ...facts, state: 'DECIDED_NOT' } : facts
}

function Attempt({
  attempt,
  of,
  payment,
}: {
  readonly attempt: AttemptView
  readonly of: CancellationView
  readonly payment: PaymentView
}) {
  const words = useWords()
  const { t } = words
  const amount = words.money(of.amount, payment.currency)
  const outcome =
    attempt.outcome === null
      ? t('detail.timeline.noAnswer')
      : words.sentence(`outcome.${attempt.outcome}`, {}, attempt.outcome)
  const known = attempt.outcome === 'done' || attempt.outcome === 'declined'
  return (
    <div className="min-w-0">
      {t('detail.timeline.attempt', { amount, number: attempt.number })}{' '}
      <span className={clsx(known ? 'text-soft' : 'text-waiting')}>{outcome}</span>
      {attempt.cause === null ? null : <span className="text-soft"> ({words.cause(attempt.cause)})</span>}
      {attempt.answeredAt === null ? null : (
        <span className="text-soft">
          {' '}
          · {t('detail.timeline.answeredAt', { time: words.time(attempt.answeredAt) })}
        </span>
      )}
      {attempt.transcript === null ? null : (
        <details className="mt-1">
          <summary className="w-fit text-meta text-accent">{t('detail.timeline.exchange')}</summary>
          <pre className="mt-1 max-h-80 overflow-auto rounded bg-sunk p-3 text-meta break-all whitespace-pre-wrap">
            {pretty(attempt.transcript)}
          </pre>
        </details>
      )}
    </div>
  )
}

export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
