'use client'

import { useId, useState } from 'react'
import { minor, subtract } from '#lib/domain/money.ts'
import type { DifferenceView, RecordPreview } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { DifferenceActions } from './actions.ts'
import { cancelWords } from './comparison-words.ts'

type Props = {
  readonly one: DifferenceView
  readonly record: DifferenceActions['record']
  readonly onDone: () => void
}

/** Cancels that only the file knows: what would be written, and it is written only when somebody says that they saw them. */
export function RecordStep({ one, record, onDone }: Props) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(record)
  const [state, setState] = useState<'recorded' | 'held' | 'known' | null>(null)
  const preview = one.record
  if (one.state !== 'OPEN' || !one.whys.includes('cancelled_more')) return null
  const send = async (amount: number, before: number) => {
    const done = await run({ id: one.id, amount, before })
    if (!done) return
    setState(done.state)
    onDone()
  }
  return (
    <section className="grid gap-3 border-t border-line pt-4" aria-label={t('comparisons.recordTitle')}>
      <h3 className="font-semibold">{t('comparisons.recordTitle')}</h3>
      {preview === null ? <p className="text-soft">{t('comparisons.notRecordable')}</p> : null}
      {preview?.kind === 'ready' ? (
        <Ready preview={preview} may={one.may.record} pending={pending} onSend={(...given) => void send(...given)} />
      ) : null}
      {preview?.kind === 'held' ? (
        <>
          <Callout tone="waiting" title={t('comparisons.heldTitle')}>
            {t('comparisons.held', {
              ours: words.money(preview.ours, 'KRW'),
              amount: words.money(preview.amount, 'KRW'),
            })}
          </Callout>
          {state === 'held' ? (
            <output>{t('comparisons.heldDone')}</output>
          ) : (
            <Button
              className="justify-self-start"
              disabled={pending || !one.may.record}
              onClick={() => void send(preview.amount, preview.before)}
            >
              {t('comparisons.heldButton')}
            </Button>
          )}
        </>
      ) : null}
      {preview?.kind === 'known' ? (
        <>
          <p>{t('comparisons.known')}</p>
          <Button className="justify-self-start" disabled={pending || !one.may.record} onClick={() => void send(1, 0)}>
            {t('comparisons.knownButton')}
          </Button>
        </>
      ) : null}
      {preview === null || one.may.record ? null : (
        <p className="text-meta text-soft">
          {t('comparisons.needs', {
            permission: words.permission('comparison.record'),
            who: words.roles(one.may.whoRecords),
          })}
        </p>
      )}
      <ProblemCallout problem={problem} />
    </section>
  )
}

type ReadyProps = {
  readonly preview: Extract<RecordPreview, { kind: 'ready' }>
  readonly may: boolean
  readonly pending: boolean
  readonly onSend: (amount: number, before: number) => void
}

function Ready({ preview, may, pending, onSend }: ReadyProps) {
  const words = useWords()
  const { t, money, count } = words
  const id = useId()
  const [confirmed, setConfirmed] = useState(false)
  const { cancels, amount, before, after, received, withdraws } = preview
  return (
    <>
      <p>
        {t('comparisons.recordWhat', {
          before: money(before, 'KRW'),
          after: money(after, 'KRW'),
          left: money(subtract(received, minor(after)), 'KRW'),
        })}
      </p>
      <ul className="border-t border-line">
        {cancels.map((one) => (
          <li key={`${one.at} ${one.amount}`} className="border-b border-line py-1.5 font-medium">
            {cancelWords(one, words)}
          </li>
        ))}
      </ul>
      <p className="text-meta text-soft">
        {t('comparisons.recordMark')} {t('comparisons.recordAsk')}
      </p>
      {withdraws > 0 ? (
        <Callout tone="waiting">{t('comparisons.recordWithdraws', { count: count(withdraws) })}</Callout>
      ) : null}
      <div className="flex items-start gap-2">
        <input
          id={id}
          type="checkbox"
          className="mt-1 accent-accent"
          checked={confirmed}
          disabled={!may || pending}
          onChange={({ target }) => setConfirmed(target.checked)}
        />
        <label htmlFor={id}>{t('comparisons.recordConfirm')}</label>
      </div>
      <Button
        look="primary"
        className="justify-self-start"
        disabled={!may || !confirmed || pending}
        onClick={() => onSend(amount, before)}
      >
        {pending ? t('common.saving') : t('comparisons.recordButton', { amount: money(amount, 'KRW') })}
      </Button>
    </>
  )
}
