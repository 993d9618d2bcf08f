'use client'

import { minor } from '#lib/domain/money.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { problemOf } from '../problem-state.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useWords } from '../words.tsx'
import type { Wish } from './actions.ts'
import type { WishForm } from './use-wish.ts'

type Props = { readonly payment: PaymentView; readonly form: WishForm; readonly onSend: (wish: Wish) => void }

/** What will happen, in one sentence, above the button that does it. */
export function CancelReadBack({ payment, form, onSend }: Props) {
  const words = useWords()
  const { t } = words
  const { wish, current, amount } = form
  const denial = form.preview?.denial ?? null
  const ready = wish !== null && current && denial === null
  return (
    <div className="grid gap-3">
      {form.error ? (
        <Callout tone="refused" live>
          {words.problem(problemOf(form.error))}
        </Callout>
      ) : denial ? (
        <Callout tone={denial.kind === 'never' ? 'refused' : 'waiting'}>
          {words.rule({ ...denial, facts: { currency: payment.currency, ...denial.facts } })}
        </Callout>
      ) : (
        <p className="font-medium">
          {readBack(payment, form, words)}{' '}
          <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
        </p>
      )}
      {denial === null && form.error === null && !ready ? (
        <p className="text-meta text-soft">{t(missing(form))}</p>
      ) : null}
      <Button
        look="primary"
        className="w-full"
        disabled={!ready}
        onClick={() => {
          if (wish && ready) onSend(wish)
        }}
      >
        {t('sheet.submit', { amount: words.money(amount ?? minor(0), payment.currency) })}
      </Button>
    </div>
  )
}

/** Why the button waits. */
function missing({ amount, reason, current }: WishForm) {
  if (amount === null) return 'sheet.amountBad'
  return current && reason.trim() === '' ? 'sheet.needReason' : 'sheet.checking'
}

function readBack(payment: PaymentView, { amount, preview }: WishForm, { t, money }: Words): string {
  if (amount === null) return t('sheet.amountBad')
  const buyer = payment.buyerMasked === null ? '' : t('sheet.buyer', { name: payment.buyerMasked })
  const said = { buyer, method: t(`methodLong.${payment.method}`), total: money(payment.received, payment.currency) }
  if (amount === payment.received) return t('sheet.readBackWhole', said).trim()
  const n = preview?.partialNumber ?? null
  const nth = n === null || payment.partialLimit === null ? '' : t('sheet.nth', { n, limit: payment.partialLimit })
  return t('sheet.readBack', { ...said, amount: money(amount, payment.currency), nth }).trim()
}
