'use client'

import { useEffect, useId, useState, type FormEvent } from 'react'
import type { MayView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Copy } from '../ui/copy.tsx'
import { TextField } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { PaymentActions, PersonalField } from './actions.ts'

const SHOWN_SECONDS = 30
const REASON_MAX = 200

type Props = {
  readonly paymentId: string
  readonly field: PersonalField
  readonly label: string
  readonly masked: string
  readonly allowed: MayView
  readonly action: PaymentActions['staff']['reveal']
}

/** A masked value, and the way to see it: a reason, half a minute, masked again. What was shown is kept nowhere but here. */
export function Reveal({ paymentId, field, label, masked, allowed, action }: Props) {
  const { t } = useWords()
  const { run, pending, problem } = useAction(action)
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const { value, seconds, show, hide } = useShown()
  const formId = useId()
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = await run({ paymentId, field, reason: reason.trim() })
    if (found === null) return
    setAsking(false)
    setReason('')
    show(found.value)
  }
  return (
    <div className="grid gap-2">
      <span className="flex min-h-6 flex-wrap items-center gap-1.5">
        <span className="break-all" aria-live="polite">
          {value ?? masked}
        </span>
        {value === null ? (
          <button
            type="button"
            title={t('reveal.show', { field: label })}
            aria-label={t('reveal.show', { field: label })}
            aria-expanded={asking}
            aria-controls={asking ? formId : undefined}
            disabled={!allowed.may}
            onClick={() => setAsking(!asking)}
            className="inline-flex size-6 items-center justify-center rounded text-faint enabled:hover:bg-sunk enabled:hover:text-ink disabled:opacity-50"
          >
            <Icon name="eye" className="size-3.5" />
          </button>
        ) : (
          <>
            <Copy value={value} what={label} />
            <Button size="small" look="quiet" onClick={hide}>
              {t('reveal.hide')}
            </Button>
            <span className="text-meta text-faint">{t('reveal.shown', { seconds })}</span>
          </>
        )}
      </span>
      {asking && value === null ? (
        <form
          method="post"
          id={formId}
          onSubmit={(event) => void submit(event)}
          className="grid gap-2 rounded bg-sunk p-2"
        >
          <TextField
            label={t('reveal.reason')}
            hint={t('reveal.reasonHint')}
            value={reason}
            minLength={2}
            maxLength={REASON_MAX}
            autoComplete="off"
            required
            onChange={({ target }) => setReason(target.value)}
          />
          <ProblemCallout problem={problem} lost={t('reveal.lost')} />
          <span className="flex gap-2">
            <Button type="submit" size="small" look="primary" disabled={pending || reason.trim().length < 2}>
              {pending ? t('reveal.showing') : t('reveal.show', { field: label })}
            </Button>
            <Button size="small" onClick={() => setAsking(false)}>
              {t('reveal.cancel')}
            </Button>
          </span>
        </form>
      ) : null}
    </div>
  )
}

/** A value that goes by itself. */
function useShown() {
  const [shown, setShown] = useState<{ readonly value: string; readonly seconds: number } | null>(null)
  const value = shown?.value ?? null
  useEffect(() => {
    if (value === null) return
    const older = () => setShown((now) => (now && now.seconds > 1 ? { ...now, seconds: now.seconds - 1 } : null))
    const timer = setInterval(older, 1_000)
    return () => clearInterval(timer)
  }, [value])
  return {
    value,
    seconds: shown?.seconds ?? 0,
    show: (text: string) => setShown({ value: text, seconds: SHOWN_SECONDS }),
    hide: () => setShown(null),
  }
}
