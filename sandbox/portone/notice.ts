import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { toIso, type Instant } from '#lib/domain/kst.ts'
import { storedInstant } from '../iso-instant.ts'
import type { Payment, PaymentStatus } from './payment.ts'

const triggers = ['VIRTUAL_ACCOUNT_DEPOSIT', 'ASYNC_CANCEL_APPROVED', 'ASYNC_CANCEL_FAILED', 'MANUAL'] as const

/** One webhook message, from the event to its end. */
export const noticeSchema = z.object({
  /** `webhook-id`, the same on every attempt. */
  id: z.string(),
  storeId: z.string(),
  payment: z.string(),
  type: z.string(),
  paymentStatus: z.string(),
  body: z.string(),
  trigger: z.enum(triggers).optional(),
  triggeredAt: storedInstant,
  /** `due` is to be sent, or sent again; `held` waits for the control API, or for a second one. */
  state: z.enum(['held', 'due', 'delivered', 'gave-up', 'no-target']),
  attempts: z.array(
    z.object({ at: z.string(), url: z.string(), status: z.number().nullable(), error: z.string().optional() }),
  ),
})
export type Notice = z.infer<typeof noticeSchema>
export type Trigger = (typeof triggers)[number]

/** PortOne REST V2 1.16, webhook body 2024-04-25. */
const typeOf: Record<PaymentStatus, string> = {
  READY: 'Transaction.Ready',
  VIRTUAL_ACCOUNT_ISSUED: 'Transaction.VirtualAccountIssued',
  PAY_PENDING: 'Transaction.PayPending',
  PAID: 'Transaction.Paid',
  FAILED: 'Transaction.Failed',
  PARTIAL_CANCELLED: 'Transaction.PartialCancelled',
  CANCELLED: 'Transaction.Cancelled',
}

interface Event {
  readonly at: Instant
  readonly cancellationId?: string
  readonly trigger?: Trigger
  /** Where it is not the one of the payment's status. */
  readonly type?: string
}

export function newNotice(payment: Payment, event: Event): Notice {
  const type = event.type ?? typeOf[payment.status]
  const data = {
    storeId: payment.storeId,
    paymentId: payment.id,
    transactionId: payment.transactionId,
    cancellationId: event.cancellationId,
  }
  return {
    id: `msg_${randomUUID().replaceAll('-', '')}`,
    storeId: payment.storeId,
    payment: payment.id,
    type,
    paymentStatus: payment.status,
    body: JSON.stringify({ type, timestamp: toIso(event.at), data }),
    trigger: event.trigger,
    triggeredAt: event.at,
    state: 'due',
    attempts: [],
  }
}
