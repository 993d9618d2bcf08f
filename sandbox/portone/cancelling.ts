import { randomUUID } from 'node:crypto'
import type { Instant } from '#lib/domain/kst.ts'
import { cancelled, vatOf } from './amounts.ts'
import { newNotice, type Notice, type Trigger } from './notice.ts'
import type { Cancellation, Payment } from './payment.ts'
import type { PortOneEvent, PortOneState } from './state.ts'
import { trno } from './trno.ts'

/** A cancel that has passed every check. */
export interface Cancel {
  readonly amount: number
  readonly taxFree: number
  readonly vat?: number | undefined
  readonly reason: string
  readonly trigger: Cancellation['trigger']
  readonly skipWebhook: boolean
}

export function newCancellation(state: PortOneState, payment: Payment, cancel: Cancel, now: Instant): Cancellation {
  return {
    id: randomUUID(),
    status: 'SUCCEEDED',
    pgCancellationId: trno(payment.method.type, now, state.nextSequence()),
    totalAmount: cancel.amount,
    taxFreeAmount: cancel.taxFree,
    vatAmount: cancel.vat ?? vatOf(cancel.amount - cancel.taxFree),
    reason: cancel.reason,
    requestedAt: now,
    cancelledAt: now,
    trigger: cancel.trigger,
    skipWebhook: cancel.skipWebhook,
    unpaid: false,
  }
}

/** What became of a cancellation, with all that has to be written: the payment as it is afterwards, and its webhook. */
export interface Turn {
  readonly cancellation: Cancellation
  readonly events: readonly PortOneEvent[]
}

/** The money goes back. */
export function succeed(payment: Payment, cancellation: Cancellation, now: Instant, trigger?: Trigger): Turn {
  const done: Cancellation = { ...cancellation, status: 'SUCCEEDED', cancelledAt: now, settles: undefined }
  const after = withCancellation(payment, done)
  const status = cancelled(after) >= payment.paid ? 'CANCELLED' : 'PARTIAL_CANCELLED'
  const escrow =
    status === 'CANCELLED' && payment.escrow?.company
      ? { ...payment.escrow, status: 'CANCELLED' as const }
      : payment.escrow
  const saved: Payment = {
    ...after,
    status,
    escrow,
    method: refunded(payment, 'COMPLETED'),
    updatedAt: now,
    statusChangedAt: now,
  }
  const notice = newNotice(saved, { at: now, cancellationId: done.id, ...(trigger ? { trigger } : {}) })
  return turn(done, saved, done.skipWebhook ? [] : [notice])
}

/** Taken in, to end later: HTTP 200 that does not mean refunded. */
export function accept(
  payment: Payment,
  cancellation: Cancellation,
  settles: { at: Instant; succeeds: boolean },
  now: Instant,
): Turn {
  const open: Cancellation = { ...cancellation, status: 'REQUESTED', cancelledAt: undefined, settles }
  const saved: Payment = { ...withCancellation(payment, open), method: refunded(payment, 'PENDING'), updatedAt: now }
  const notice = newNotice(saved, { at: now, cancellationId: open.id, type: 'Transaction.CancelPending' })
  return turn(open, saved, [notice])
}

/** No webhook type for this is documented; the trigger is. So the payment's own status is told again (inferred). */
export function fail(payment: Payment, cancellation: Cancellation, now: Instant): Turn {
  const failed: Cancellation = { ...cancellation, status: 'FAILED', settles: undefined }
  const saved: Payment = { ...withCancellation(payment, failed), method: refunded(payment, 'FAILED'), updatedAt: now }
  const notice = newNotice(saved, { at: now, cancellationId: failed.id, trigger: 'ASYNC_CANCEL_FAILED' })
  return turn(failed, saved, [notice])
}

const turn = (cancellation: Cancellation, payment: Payment, notices: readonly Notice[]): Turn => ({
  cancellation,
  events: [{ kind: 'payment', payment }, ...notices.map((notice) => ({ kind: 'notice' as const, notice }))],
})

function withCancellation(payment: Payment, cancellation: Cancellation): Payment {
  const others = payment.cancellations.filter((one) => one.id !== cancellation.id)
  return { ...payment, cancellations: [...others, cancellation] }
}

type RefundStatus = 'PENDING' | 'FAILED' | 'COMPLETED'

const refunded = (payment: Payment, refundStatus: RefundStatus): Payment['method'] =>
  payment.method.type === 'VIRTUAL_ACCOUNT' ? { ...payment.method, refundStatus } : payment.method
