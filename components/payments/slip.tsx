'use client'

import type { PaymentView } from '#lib/domain/views.ts'
import { buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'

/** KSNET has slips for card and easy pay only; other gateways where they give an address. */
export const hasSlip = ({ method, pg }: Pick<PaymentView, 'method' | 'pg'>): boolean =>
  method === 'CARD' || method === 'EASY_PAY' || !/ksnet/i.test(pg)

export function SlipLink({ payment }: { readonly payment: PaymentView }) {
  const { t } = useWords()
  if (!hasSlip(payment) || payment.receiptUrl === null) return null
  return (
    <a
      href={payment.receiptUrl}
      target="_blank"
      rel="noopener noreferrer"
      title={t('detail.slipHint')}
      className={buttonClass('plain')}
    >
      {t('detail.slip')}
      <Icon name="out" className="size-3.5" />
      <span className="sr-only">({t('common.newWindow')})</span>
    </a>
  )
}

/** Says what the slip does, or why there is none, instead of a dead link. */
export function SlipNote({ payment }: { readonly payment: PaymentView }) {
  const { t } = useWords()
  if (!hasSlip(payment)) return t('detail.slipOnly')
  return payment.receiptUrl === null ? t('detail.slipMissing') : t('detail.slipHint')
}
