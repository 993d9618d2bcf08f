'use client'

import type { CancellationState } from '#lib/domain/cancellation.ts'
import type { PaymentStatus } from '#lib/domain/payment.ts'
import type { CancellationView, PaymentItem } from '#lib/domain/views.ts'
import { Mark, type Tone } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'

const statusTones: Record<PaymentStatus, Tone> = {
  ISSUED: 'waiting',
  PAID: 'done',
  PARTIALLY_REFUNDED: 'done',
  REFUNDED: 'ended',
  CLOSED: 'ended',
}
const stateTones: Record<CancellationState, Tone> = {
  AWAITING_APPROVAL: 'waiting',
  SCHEDULED: 'waiting',
  READY: 'waiting',
  SENDING: 'waiting',
  ACCEPTED: 'waiting',
  UNCONFIRMED: 'waiting',
  DONE: 'done',
  DECLINED: 'refused',
  REJECTED: 'refused',
  WITHDRAWN: 'ended',
}

/** A cancel on its way says more than what the payment was before it. */
export function StatusMark({ payment }: { readonly payment: Pick<PaymentItem, 'status' | 'method' | 'busy'> }) {
  const { t, status } = useWords()
  return payment.busy ? (
    <Mark tone="waiting">{t('status.BUSY')}</Mark>
  ) : (
    <Mark tone={statusTones[payment.status]}>{status(payment.status, payment.method)}</Mark>
  )
}

type Ended = Pick<CancellationView, 'state' | 'declineCode'>

/** It ended because nothing left this machine: no gateway refused it. */
export const isNotSent = ({ state, declineCode }: Ended) => state === 'DECLINED' && declineCode === 'NOT_SENT'

/** People decided that it did not happen: no gateway refused it either. */
export const isDecidedNot = ({ state, declineCode }: Ended) => state === 'DECLINED' && declineCode === 'PEOPLE'

export function StateMark({ cancellation }: { readonly cancellation: Ended }) {
  const { t } = useWords()
  const { state } = cancellation
  if (isDecidedNot(cancellation)) return <Mark tone="ended">{t('state.DECIDED_NOT')}</Mark>
  return isNotSent(cancellation) ? (
    <Mark tone="ended">{t('state.NOT_SENT')}</Mark>
  ) : (
    <Mark tone={stateTones[state]}>{t(`state.${state}`)}</Mark>
  )
}
