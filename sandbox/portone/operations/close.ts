import { toIso, type Instant } from '#lib/domain/kst.ts'
import { newCancellation } from '../cancelling.ts'
import { PortOneError } from '../errors.ts'
import { newNotice } from '../notice.ts'
import { findPayment, type Call, type Operation } from '../operation.ts'
import type { Cancellation, Payment } from '../payment.ts'
import { failure } from '../refusals.ts'

/** PortOne REST V2 1.16, close virtual account. No body, so the store can only be named in the query. */
export const close: Operation = {
  name: 'close',
  method: 'POST',
  path: '/payments/:paymentId/virtual-account/close',
  run(call) {
    const payment = findPayment(call, call.query.get('storeId'))
    if (payment.status !== 'VIRTUAL_ACCOUNT_ISSUED') {
      throw new PortOneError('PAYMENT_NOT_WAITING_FOR_DEPOSIT', `the payment is ${payment.status}`)
    }
    const closed =
      call.state.settings.vaCloseStatus === 'FAILED' ? failed(payment, call.now) : cancelledUnpaid(call, payment)
    const cancellationId = closed.cancellations.at(-1)?.id
    const notice = newNotice(closed, { at: call.now, ...(cancellationId === undefined ? {} : { cancellationId }) })
    return {
      body: { closedAt: toIso(call.now) },
      events: [
        { kind: 'payment', payment: closed },
        { kind: 'notice', notice },
      ],
      effect: 'executed',
    }
  },
}

const failed = (payment: Payment, now: Instant): Payment => ({
  ...payment,
  status: 'FAILED',
  failedAt: now,
  failure: failure('SBX-VA-CLOSED'),
  updatedAt: now,
  statusChangedAt: now,
})

/** U6: an entry of the full amount, though no money moves. */
function cancelledUnpaid(call: Call, payment: Payment): Payment {
  const wish = {
    amount: payment.total,
    taxFree: payment.taxFree,
    reason: '가상계좌 말소',
    trigger: 'API',
    skipWebhook: false,
  } as const
  const entry: Cancellation = { ...newCancellation(call.state, payment, wish, call.now), unpaid: true }
  return { ...payment, status: 'CANCELLED', cancellations: [entry], updatedAt: call.now, statusChangedAt: call.now }
}
