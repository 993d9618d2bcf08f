'use client'

import type { CancellationState } from '#lib/domain/cancellation.ts'
import type { PaymentStatus } from '#lib/domain/payment.ts'
import { Mark, type Tone } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'

const statusTones: Record<PaymentStatus, Tone> = {
  ISSUED: 'waiting',
  PAID: 'done',
  PARTIALLY_REFUNDED: 'done',
  REFUNDED: 'ended',
  CLOSED: 'ended',
}
export const stateTones: Record<CancellationState, Tone> = {
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
export function StatusMark({ status, busy }: { readonly status: PaymentStatus; readonly busy: boolean }) {
  const { t } = useWords()
  return busy ? (
    <Mark tone="waiting">{t('status.BUSY')}</Mark>
  ) : (
    <Mark tone={statusTones[status]}>{t(`status.${status}`)}</Mark>
  )
}

export function StateMark({ state }: { readonly state: CancellationState }) {
  const { t } = useWords()
  return <Mark tone={stateTones[state]}>{t(`state.${state}`)}</Mark>
}
