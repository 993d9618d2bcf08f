'use client'

import type { PaymentItem } from '#lib/domain/views.ts'
import { useWords } from '../words.tsx'

/** `카드 국민`, `간편결제 KAKAOPAY`: the way it was paid, and by whom where that was told. */
export function MethodWord({ payment }: { readonly payment: Pick<PaymentItem, 'method' | 'methodFacts'> }) {
  const words = useWords()
  const { card, easyPay, virtualAccount, transfer } = payment.methodFacts
  const code = easyPay?.provider ?? card?.issuer ?? virtualAccount?.bank ?? transfer?.bank
  const by = code === undefined ? null : words.institution(code)
  return (
    <span className="inline-flex max-w-36 gap-1.5">
      <span className="whitespace-nowrap">{words.t(`method.${payment.method}`)}</span>
      {by ? (
        <span className="truncate text-faint" title={by}>
          {by}
        </span>
      ) : null}
    </span>
  )
}
