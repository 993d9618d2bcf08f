'use client'

import type { PaymentItem } from '#lib/domain/views.ts'
import { useWords } from '../words.tsx'

/** `카드 국민`, `간편결제 KAKAOPAY`: the way it was paid, and by whom where that was told. */
export function MethodWord({ payment }: { readonly payment: Pick<PaymentItem, 'method' | 'methodFacts'> }) {
  const { t } = useWords()
  const { card, easyPay, virtualAccount, transfer } = payment.methodFacts
  const by = easyPay?.provider ?? card?.issuer ?? virtualAccount?.bank ?? transfer?.bank
  return (
    <span className="inline-flex max-w-40 gap-1.5">
      <span className="whitespace-nowrap">{t(`method.${payment.method}`)}</span>
      {by ? (
        <span className="truncate text-faint" title={by}>
          {by}
        </span>
      ) : null}
    </span>
  )
}
