'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { PaymentView } from '#lib/domain/views.ts'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../words.tsx'
import type { PaymentActions } from './actions.ts'
import { CancelLost } from './cancel-lost.tsx'
import { CancelPanes } from './cancel-panes.tsx'
import { CancelProgress, Status } from './cancel-progress.tsx'
import { CancelReadBack } from './cancel-read-back.tsx'
import { paymentQuery } from './payment-query.ts'
import { useCancel } from './use-cancel.ts'
import { useWish } from './use-wish.ts'

const FOLLOW_MS = 1_000

type Props = {
  readonly payment: PaymentView
  readonly open: boolean
  readonly onClose: () => void
  readonly actions: Pick<PaymentActions, 'cancel' | 'withdraw' | 'account'>
  readonly reload: () => Promise<PaymentView | null>
}

/** Opens with what may be done, ends only with what is known: done, declined, or honestly not known yet. */
export function CancelSheet({ payment, open, onClose, actions, reload }: Props) {
  const { t } = useWords()
  const wish = useWish(payment, open)
  const { id, phase, send, check } = useCancel({
    paymentId: payment.id,
    cancel: actions.cancel,
    reload,
    onSeen: wish.see,
  })
  const editing = phase.kind === 'editing'
  const { setSent } = wish
  useEffect(() => setSent(phase.kind === 'taken'), [setSent, phase.kind])
  const following = phase.kind === 'taken' || wish.refund.view?.result === 'AWAITING'
  useQuery({ ...paymentQuery(payment.id), enabled: open && following, refetchInterval: FOLLOW_MS })
  const mine = payment.cancellations.find((one) => one.id === id)
  const held = phase.kind === 'taken' && (!mine || mine.state === 'READY' || mine.state === 'SENDING')
  const body = () => {
    switch (phase.kind) {
      case 'editing':
        return (
          <CancelPanes
            payment={payment}
            form={wish}
            refused={phase.refused}
            account={actions.account}
            reload={reload}
          />
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
  return (
    <Sheet
      open={open}
      onClose={onClose}
      locked={phase.kind === 'taking'}
      held={held}
      title={t('sheet.title')}
      foot={editing ? <CancelReadBack payment={payment} form={wish} onSend={(wished) => void send(wished)} /> : null}
    >
      {body()}
    </Sheet>
  )
}
