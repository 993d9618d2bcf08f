'use client'

import { minor } from '#lib/domain/money.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { problemOf } from '../problem-state.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useWords } from '../words.tsx'
import { accountWords } from './account-words.ts'
import type { Wish } from './actions.ts'
import { reasonWords } from './approval-words.ts'
import type { WishForm } from './use-wish.ts'

type Props = { readonly payment: PaymentView; readonly form: WishForm; readonly onSend: (wish: Wish) => void }

/** What will happen, in one sentence, above the button that does it. */
export function CancelReadBack({ payment, form, onSend }: Props) {
  const words = useWords()
  const { t } = words
  const { wish, current, amount } = form
  // Before the rules have spoken of this amount nothing is said against it.
  const stop = form.preview ? form.verdict.stop : null
  const ready = wish !== null && current && stop === null
  return (
    <div className="grid gap-3">
      {form.error ? (
        <Callout tone="refused" live>
          {words.problem(problemOf(form.error))}
        </Callout>
      ) : stop ? (
        <Callout tone={stop.kind === 'never' ? 'refused' : 'waiting'}>
          {words.rule({ ...stop, facts: { currency: payment.currency, ...stop.facts } })}
        </Callout>
      ) : (
        <>
          <p className="font-medium">
            {readBack(payment, form, words)}{' '}
            <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
          </p>
          <Besides form={form} />
        </>
      )}
      {stop === null && form.error === null && !ready ? (
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
        {buttonOf(form, words.money(amount ?? minor(0), payment.currency), words)}
      </Button>
    </div>
  )
}

/** What else happens before money moves: who must agree and why, when it goes, that the sign-in is asked again. */
function Besides({ form }: { readonly form: WishForm }) {
  const words = useWords()
  const { t } = words
  const { sendAt } = form.verdict
  const approval = form.preview?.approval ?? []
  const lines = [
    approval.length > 0 ? t('approval.needed', { why: reasonWords(approval, words) }) : null,
    sendAt === null
      ? null
      : t(approval.length > 0 ? 'sheet.sendsAfter' : 'sheet.sendsAt', { at: words.instant(sendAt) }),
    form.preview?.stepUp ? t('sheet.stepUp') : null,
  ].filter((line) => line !== null)
  if (lines.length === 0) return null
  return (
    <ul className="grid gap-0.5 text-soft">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}

function buttonOf({ preview, verdict }: WishForm, amount: string, { t, time }: Words): string {
  if (preview && preview.approval.length > 0) return t('sheet.submitApproval', { amount })
  if (verdict.sendAt === null) return t('sheet.submit', { amount })
  return t('sheet.submitLater', { amount, time: time(verdict.sendAt).replace(/:00$/, '') })
}

/** Why the button waits. */
function missing({ amount, reason, current }: WishForm) {
  if (amount === null) return 'sheet.amountBad'
  return current && reason.trim() === '' ? 'sheet.needReason' : 'sheet.checking'
}

function readBack(payment: PaymentView, { amount, preview, refund }: WishForm, words: Words): string {
  const { t, money } = words
  if (amount === null) return t('sheet.amountBad')
  const buyer = payment.buyerMasked === null ? '' : t('sheet.buyer', { name: payment.buyerMasked })
  const account =
    refund.account && refund.view ? t('sheet.toAccount', { account: accountWords(refund.view.account, words) }) : ''
  const said = {
    buyer,
    method: t(`methodLong.${payment.method}`),
    total: money(payment.received, payment.currency),
    account,
  }
  if (amount === payment.received) return t('sheet.readBackWhole', said).trim()
  const n = preview?.partialNumber ?? null
  const nth = n === null || payment.partialLimit === null ? '' : t('sheet.nth', { n, limit: payment.partialLimit })
  return t('sheet.readBack', { ...said, amount: money(amount, payment.currency), nth }).trim()
}
