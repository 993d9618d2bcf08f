'use client'

import { useState } from 'react'
import type { DifferenceView, ImportRowResult, TakePreview } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { DifferenceActions } from './actions.ts'
import { fieldWords } from './comparison-words.ts'

type Props = {
  readonly one: DifferenceView
  readonly take: DifferenceActions['take']
  readonly onDone: () => void
}

/** A payment that only the file knows, taken over as an import takes it. */
export function TakeStep({ one, take, onDone }: Props) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(take)
  const [refused, setRefused] = useState<ImportRowResult | null>(null)
  const preview = one.take
  if (one.state !== 'OPEN' || preview === null) return null
  const send = async () => {
    const taken = await run({ id: one.id })
    if (!taken) return
    if (taken.kind === 'error' || taken.kind === 'differs') setRefused(taken)
    onDone()
  }
  return (
    <section className="grid gap-3 border-t border-line pt-4" aria-label={t('comparisons.takeTitle')}>
      <h3 className="font-semibold">{t('comparisons.takeTitle')}</h3>
      {preview.kind === 'error' ? (
        <p className="text-soft">{t('comparisons.takeError', { why: whyOf(preview, words) })}</p>
      ) : (
        <>
          <p>
            {t('comparisons.takeWhat', {
              amount: words.money(preview.amount, 'KRW'),
              method: t(`method.${preview.method}`),
              at: words.instant(preview.approvedAt),
            })}
          </p>
          <Button
            look="primary"
            className="justify-self-start"
            disabled={pending || !one.may.take}
            onClick={() => void send()}
          >
            {pending ? t('common.saving') : t('comparisons.takeButton', { amount: words.money(preview.amount, 'KRW') })}
          </Button>
          {one.may.take ? null : (
            <p className="text-meta text-soft">
              {t('comparisons.needs', {
                permission: words.permission('payment.import'),
                who: words.roles(one.may.whoTakes),
              })}
            </p>
          )}
        </>
      )}
      {refused ? (
        <Callout tone="refused" live>
          {t('comparisons.takeRefused', {
            why: refused.kind === 'error' ? whyOf(refused, words) : t('imports.row.differs'),
          })}
        </Callout>
      ) : null}
      <ProblemCallout problem={problem} />
    </section>
  )
}

const whyOf = ({ reason, facts }: Extract<TakePreview, { kind: 'error' }>, words: Words): string =>
  words.sentence(
    `imports.row.${reason}`,
    { ...facts, column: fieldWords(String(facts['column'] ?? ''), words) },
    reason,
  )
