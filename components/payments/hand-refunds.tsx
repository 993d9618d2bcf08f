'use client'

import { useState, type FormEvent } from 'react'
import { kstDate, parseKstDate } from '#lib/domain/kst.ts'
import { add, formatMinor, minor, parseMoney, subtract } from '#lib/domain/money.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { Section } from '../ui/section.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { PaymentActions } from './actions.ts'

type Props = {
  readonly payment: PaymentView
  readonly record: PaymentActions['staff']['byHand']
  readonly onRecorded: () => Promise<unknown>
  readonly open: boolean
  readonly onClose: () => void
}

const sumOf = ({ staff }: PaymentView) => staff.handRefunds.reduce((sum, one) => add(sum, one.amount), minor(0))

export const mayRecordByHand = (payment: PaymentView): boolean =>
  payment.staff.byHand.may && payment.received > 0 && sumOf(payment) < payment.received

/** Money given back without the gateway, apart from the ledger: it is in none of its sums. */
export function HandRefunds({ payment }: { readonly payment: PaymentView }) {
  const words = useWords()
  const { t } = words
  const { handRefunds } = payment.staff
  if (handRefunds.length === 0) return null
  return (
    <Section title={t('byHand.title')}>
      <ul className="grid gap-2.5">
        {handRefunds.map((one) => (
          <li key={one.id} className="grid gap-0.5">
            <span className="flex items-center gap-1.5">
              <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
              <span className="font-semibold">{words.back(one.amount, payment.currency)}</span>
              <span className="min-w-0 break-words">{one.why}</span>
            </span>
            <span className="text-meta text-soft">
              {t('byHand.by', { day: one.paidOn, how: one.how, who: one.who, at: words.instant(one.at) })}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-3 font-medium">{t('byHand.total', { amount: words.money(sumOf(payment), payment.currency) })}</p>
      <p className="text-meta text-soft">{t('byHand.note')}</p>
    </Section>
  )
}

export function HandRefundSheet({ payment, record, onRecorded, open, onClose }: Props) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(record)
  const today = kstDate(payment.asOf)
  const most = subtract(payment.received, sumOf(payment))
  const [amountText, setAmountText] = useState('')
  const [paidOn, setPaidOn] = useState<string>(today)
  const [how, setHow] = useState('')
  const [why, setWhy] = useState('')
  const amount = parseMoney(amountText, payment.currency)
  const fits = amount !== null && amount > 0 && amount <= most
  const day = parseKstDate(paidOn)
  const ready = fits && day !== null && day <= today && how.trim().length > 1 && why.trim().length > 1
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (amount === null) return
    const made = await run({ paymentId: payment.id, amount, paidOn, how: how.trim(), why: why.trim() })
    await onRecorded()
    if (made !== null) onClose()
  }
  return (
    <Sheet open={open} onClose={onClose} held={pending} title={t('byHand.formTitle')}>
      <form method="post" onSubmit={(event) => void submit(event)} className="grid gap-5">
        <Callout tone="waiting">{t('byHand.formNote')}</Callout>
        <TextField
          label={t('byHand.amount')}
          hint={t('byHand.amountHint', { left: words.money(most, payment.currency) })}
          error={amountText !== '' && !fits ? t('byHand.amountBad') : undefined}
          money
          inputMode="numeric"
          autoComplete="off"
          value={amountText}
          onChange={({ target }) => setAmountText(target.value)}
          onBlur={() => {
            if (amount !== null) setAmountText(formatMinor(amount, payment.currency))
          }}
          required
        />
        <TextField
          label={t('byHand.paidOn')}
          type="date"
          max={today}
          value={paidOn}
          onChange={({ target }) => setPaidOn(target.value)}
          required
        />
        <TextField
          label={t('byHand.how')}
          hint={t('byHand.howHint')}
          value={how}
          minLength={2}
          maxLength={100}
          autoComplete="off"
          onChange={({ target }) => setHow(target.value)}
          required
        />
        <TextField
          label={t('byHand.why')}
          value={why}
          minLength={2}
          maxLength={200}
          autoComplete="off"
          onChange={({ target }) => setWhy(target.value)}
          required
        />
        <ProblemCallout problem={problem} lost={t('byHand.lost')} />
        <Button type="submit" look="primary" disabled={pending || !ready}>
          {pending && t('byHand.submitting')}
          {!pending &&
            (fits ? t('byHand.submit', { amount: words.money(amount, payment.currency) }) : t('byHand.open'))}
        </Button>
      </form>
    </Sheet>
  )
}
