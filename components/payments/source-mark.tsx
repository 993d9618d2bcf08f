'use client'

import type { PaymentItem, PaymentView } from '#lib/domain/views.ts'
import { Mark } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'

/** Who told of a payment whose gateway was not read yet. Nothing for the others. */
export function SourceMark({ source }: Pick<PaymentItem, 'source'>) {
  const { t } = useWords()
  if (source !== 'shop' && source !== 'file') return null
  return (
    <span title={t(`source.${source}.hint`)} className="inline-flex">
      <Mark tone="waiting" className="text-meta">
        {t(`source.${source}.mark`)}
      </Mark>
    </span>
  )
}

/** The same on the payment's page, with what it means. */
export function SourceNote({ payment: { source, canAsk } }: { readonly payment: PaymentView }) {
  const { t } = useWords()
  if (source !== 'shop' && source !== 'file') return null
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 pt-1">
      <Mark tone="waiting">{t(`source.${source}.mark`)}</Mark>
      <span className="text-soft">
        {t(`source.${source}.hint`)} {canAsk ? t('source.ask') : null}
      </span>
    </p>
  )
}
