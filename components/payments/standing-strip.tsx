'use client'

import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'
import type { PaymentView } from '#lib/domain/views.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { fillOf, shapeOf, textOf } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'
import { SlipLink } from './slip.tsx'
import { standingOf, waitsForGateway } from './standing.ts'
import { VerdictList } from './verdict-list.tsx'

type Props = {
  readonly payment: PaymentView
  readonly onCancel: () => void
  readonly onCloseAccount: () => void
  /** What is seldom done. */
  readonly menu: ReactNode
}

/** First on the page: one sentence, one button. */
export function StandingStrip({ payment, onCancel, onCloseAccount, menu }: Props) {
  const words = useWords()
  const { t } = words
  const { tone, word, sentence, mayBegin } = standingOf(payment, words)
  const mayClose = payment.may.cancel && payment.close?.denial === null
  const why = useId()
  return (
    <section className={clsx('my-4 rounded px-4 py-3.5', fillOf[tone])}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className={clsx('flex items-center gap-2 text-lead font-semibold', textOf[tone])}>
            <Icon name={shapeOf[tone]} className="size-5" />
            {word}
          </h1>
          <div id={why} className="grid gap-1 pt-1 pl-7">
            <p>{sentence}</p>
            {payment.may.cancel ? null : (
              <p className="text-soft">
                {t('denied.inline', {
                  permission: words.permission('cancellation.request'),
                  who: words.roles(payment.whoMayCancel),
                })}
              </p>
            )}
          </div>
          {waitsForGateway(payment) ? <Desk payment={payment} /> : null}
        </div>
        <div className="flex flex-wrap gap-2">
          {payment.close ? (
            <Button
              look="primary"
              disabled={!mayClose}
              aria-describedby={mayClose ? undefined : why}
              onClick={onCloseAccount}
            >
              {t('close.begin')}
            </Button>
          ) : (
            <Button
              look="primary"
              disabled={!mayBegin}
              aria-describedby={mayBegin ? undefined : why}
              onClick={onCancel}
            >
              {t('detail.cancel')}
            </Button>
          )}
          <SlipLink payment={payment} />
          {menu}
        </div>
      </div>
      {payment.verdicts.length > 0 ? (
        <details className="mt-2 pl-7">
          <summary className="w-fit text-meta text-soft hover:text-ink">
            {t('detail.rulesBehind', { count: payment.verdicts.length })}
          </summary>
          <div className="pt-3">
            <VerdictList verdicts={payment.verdicts} currency={payment.currency} />
          </div>
        </details>
      ) : null}
    </section>
  )
}

/** The gateway's own desk: where to ask while the result is not known. */
function Desk({ payment }: { readonly payment: PaymentView }) {
  const { t } = useWords()
  const { phone, console: address } = payment.desk
  return (
    <p className="mt-1 flex flex-wrap gap-x-4 pl-7 text-soft">
      {phone === null ? null : <span>{t('detail.sentence.desk', { phone })}</span>}
      <a
        href={address}
        target="_blank"
        rel="noopener noreferrer"
        className="inline-flex items-center gap-1 text-accent underline underline-offset-2"
      >
        {t('detail.sentence.deskConsole')}
        <Icon name="out" className="size-3" />
      </a>
    </p>
  )
}
