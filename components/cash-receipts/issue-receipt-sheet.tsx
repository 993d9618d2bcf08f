'use client'

import { useState, type FormEvent } from 'react'
import { formatMinor, minor, parseMoney } from '#lib/domain/money.ts'
import type { CashReceiptsView, PaymentView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { CashReceiptActions } from './actions.ts'

type Props = {
  readonly payment: PaymentView
  readonly view: CashReceiptsView
  readonly open: boolean
  readonly onClose: () => void
  readonly issue: CashReceiptActions['issue']
  readonly onOrdered: () => void
}

/** Rule CASH-DIGITS: what people write between digits is taken out before it is sent. */
const digitsOf = (text: string) => text.replace(/[\s-]/g, '')
const types = ['PERSONAL', 'CORPORATE'] as const

export function IssueReceiptSheet({ payment, view, open, onClose, issue, onOrdered }: Props) {
  const words = useWords()
  const { t } = words
  const { currency } = payment
  const [id] = useState(() => crypto.randomUUID())
  const [type, setType] = useState<(typeof types)[number]>('PERSONAL')
  const [number, setNumber] = useState('')
  const [amountText, setAmountText] = useState(() => formatMinor(view.left, currency))
  const [taxFreeText, setTaxFreeText] = useState(() => formatMinor(view.leftTaxFree, currency))
  const { run, pending, problem } = useAction(issue)
  const amount = parseMoney(amountText, currency)
  const taxFree = view.leftTaxFree > 0 ? parseMoney(taxFreeText, currency) : minor(0)
  const identityNumber = digitsOf(number)
  const notDigits = identityNumber !== '' && !/^\d+$/.test(identityNumber)
  const ready = amount !== null && amount > 0 && taxFree !== null && /^\d{10,13}$/.test(identityNumber)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (!ready || (await run({ id, paymentId: payment.id, type, identityNumber, amount, taxFree })) === null) return
    onClose()
    onOrdered()
  }
  return (
    <Sheet open={open} onClose={onClose} held={false} locked={pending} title={t('cashReceipts.issueTitle')}>
      <form method="post" className="grid gap-4" onSubmit={(event) => void send(event)}>
        <p className="text-soft">{t('cashReceipts.issueHint', { left: words.money(view.left, currency) })}</p>
        <SelectField
          label={t('cashReceipts.type')}
          value={type}
          onChange={({ target }) => setType(types.find((one) => one === target.value) ?? 'PERSONAL')}
        >
          {types.map((one) => (
            <option key={one} value={one}>
              {t(`cashReceipts.typeOf.${one}`)}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t(`cashReceipts.numberOf.${type}`)}
          hint={t('cashReceipts.numberHint')}
          error={notDigits ? t('cashReceipts.digitsOnly') : undefined}
          inputMode="numeric"
          autoComplete="off"
          maxLength={20}
          value={number}
          onChange={({ target }) => setNumber(target.value)}
        />
        <TextField
          label={t('cashReceipts.amount')}
          money
          inputMode="numeric"
          value={amountText}
          onChange={({ target }) => setAmountText(target.value)}
        />
        {view.leftTaxFree > 0 ? (
          <TextField
            label={t('cashReceipts.taxFree')}
            hint={t('cashReceipts.taxFreeHint', { amount: words.money(view.leftTaxFree, currency) })}
            money
            inputMode="numeric"
            value={taxFreeText}
            onChange={({ target }) => setTaxFreeText(target.value)}
          />
        ) : null}
        <ProblemCallout problem={problem} />
        <Button look="primary" type="submit" disabled={!ready || pending} className="justify-self-start">
          {pending || amount === null
            ? t(pending ? 'cashReceipts.sending' : 'cashReceipts.issueNow')
            : t('cashReceipts.issueAmount', { amount: words.money(amount, currency) })}
        </Button>
      </form>
    </Sheet>
  )
}
