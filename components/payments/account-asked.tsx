'use client'

import type { AccountCheckView, AskedAccountView, PaymentView } from '#lib/domain/views.ts'
import { Copy } from '../ui/copy.tsx'
import { useWords } from '../words.tsx'
import { askedName, referenceTime } from './account-words.ts'

/** Who will be asked, where it is not the payment's own gateway account that everybody expects. */
export function AskedBy({
  asked,
  payment,
}: {
  readonly asked: AskedAccountView | null
  readonly payment: Pick<PaymentView, 'gateway'>
}) {
  const words = useWords()
  if (asked === null || (asked.gateway === payment.gateway && asked.gateway === 'portone')) return null
  return (
    <p className="text-soft">
      {words.t('account.asks', { way: askedName(asked, words), name: asked.name })}
      {asked.gateway === 'kcp' ? ` ${words.t('account.asksKcp')}` : null}
    </p>
  )
}

/** Who answered, with the number and the time that the gateway gave its answer. */
export function AnsweredBy({ check: { asked, reference, referenceTime: time } }: { readonly check: AccountCheckView }) {
  const words = useWords()
  const { t } = words
  if (reference === null && time === null) return null
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-meta text-soft">
      {asked ? <span>{t('account.answeredBy', { way: askedName(asked, words) })}</span> : null}
      {reference === null ? null : (
        <span className="inline-flex items-center gap-1">
          {t('account.reference', { reference })}
          <Copy value={reference} what={t('account.referenceName')} />
        </span>
      )}
      {time === null ? null : <span>{t('account.referenceTime', { time: referenceTime(time) })}</span>}
    </p>
  )
}
