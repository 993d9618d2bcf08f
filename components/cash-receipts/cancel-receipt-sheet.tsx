'use client'

import { useState } from 'react'
import type { CashReceiptsView, PaymentView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import type { CashReceiptActions } from './actions.ts'

type Props = {
  readonly payment: PaymentView
  readonly view: CashReceiptsView
  readonly open: boolean
  readonly onClose: () => void
  readonly cancel: CashReceiptActions['cancel']
  readonly onOrdered: () => void
}

export function CancelReceiptSheet({ payment, view, open, onClose, cancel, onOrdered }: Props) {
  const words = useWords()
  const { t } = words
  const [id] = useState(() => crypto.randomUUID())
  const { run, pending, problem } = useAction(cancel)
  const amount = view.receipt?.amount ?? null
  const send = async () => {
    if ((await run({ id, paymentId: payment.id })) === null) return
    onClose()
    onOrdered()
  }
  return (
    <Sheet open={open} onClose={onClose} held={false} locked={pending} title={t('cashReceipts.cancelTitle')}>
      <div className="grid gap-4">
        <p>
          {amount === null
            ? t('cashReceipts.cancelWhole')
            : t('cashReceipts.cancelReadBack', { amount: words.money(amount, payment.currency) })}
        </p>
        {view.left > 0 ? <p className="text-soft">{t('cashReceipts.thenIssue')}</p> : null}
        <ProblemCallout problem={problem} />
        <Button look="primary" disabled={pending} className="justify-self-start" onClick={() => void send()}>
          {pending ? t('cashReceipts.sending') : t('cashReceipts.cancelNow')}
        </Button>
      </div>
    </Sheet>
  )
}
