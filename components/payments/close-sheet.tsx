'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { minor } from '#lib/domain/money.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../words.tsx'
import type { PaymentActions, Wish } from './actions.ts'
import { CancelLost } from './cancel-lost.tsx'
import { CancelProgress, Status } from './cancel-progress.tsx'
import { paymentQuery } from './payment-query.ts'
import { useCancel } from './use-cancel.ts'

const FOLLOW_MS = 1_000
const REASON_MAX = 100

type Props = {
  readonly payment: PaymentView
  readonly open: boolean
  readonly onClose: () => void
  readonly actions: Pick<PaymentActions, 'cancel' | 'withdraw'>
  readonly reload: () => Promise<PaymentView | null>
}

/** Closes a virtual account nobody paid into. The same intent as a cancel, of no money. */
export function CloseSheet({ payment, open, onClose, actions, reload }: Props) {
  const words = useWords()
  const { t } = words
  const [reason, setReason] = useState('')
  const { id, phase, send, check } = useCancel({
    paymentId: payment.id,
    cancel: actions.cancel,
    reload,
    onSeen: () => undefined,
  })
  useQuery({ ...paymentQuery(payment.id), enabled: open && phase.kind === 'taken', refetchInterval: FOLLOW_MS })
  const mine = payment.cancellations.find((one) => one.id === id)
  const held = phase.kind === 'taken' && (!mine || mine.state === 'READY' || mine.state === 'SENDING')
  const denial = payment.close?.denial ?? null
  const wish: Wish = {
    kind: 'CLOSE',
    amount: minor(0),
    taxFree: minor(0),
    reason: reason.trim(),
    remainder: payment.left,
    remainderTaxFree: payment.leftTaxFree,
  }
  const body = () => {
    switch (phase.kind) {
      case 'editing':
        return (
          <div className="grid gap-5">
            {phase.refused ? (
              <Callout tone="refused" live title={t('close.refused')}>
                {words.problem(phase.refused)}
              </Callout>
            ) : null}
            <p>{t('close.what')}</p>
            <Callout tone="waiting">{t('close.deposit')}</Callout>
            <TextField
              label={t('sheet.reason')}
              hint={t('sheet.reasonHint')}
              value={reason}
              maxLength={REASON_MAX}
              autoComplete="off"
              required
              onChange={({ target }) => setReason(target.value)}
            />
          </div>
        )
      case 'taking':
        return <Status tone="waiting" title={t('sheet.taking')} hint={t('sheet.takingHint')} />
      case 'lost':
        return (
          <CancelLost phase={phase} onCheck={() => void check(phase.wish)} onResend={() => void send(phase.wish)} />
        )
      case 'taken':
        return <CancelProgress payment={payment} cancellation={mine} withdraw={actions.withdraw} reload={reload} />
    }
  }
  const foot = (
    <div className="grid gap-3">
      {denial ? (
        <Callout tone={denial.kind === 'never' ? 'refused' : 'waiting'}>{words.rule(denial)}</Callout>
      ) : (
        <p className="font-medium">
          {t('close.readBack', { amount: words.money(payment.amount, payment.currency) })}{' '}
          <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
        </p>
      )}
      <Button
        look="primary"
        className="w-full"
        disabled={denial !== null || wish.reason === ''}
        onClick={() => void send(wish)}
      >
        {t('close.submit')}
      </Button>
    </div>
  )
  return (
    <Sheet
      open={open}
      onClose={onClose}
      locked={phase.kind === 'taking'}
      held={held}
      title={t('close.title')}
      foot={phase.kind === 'editing' ? foot : null}
    >
      {body()}
    </Sheet>
  )
}
