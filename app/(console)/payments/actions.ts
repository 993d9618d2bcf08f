'use server'
import { after } from 'next/server'
import { action } from '#lib/server/action.ts'
import { contextOf } from '#lib/server/context.ts'
import { requestCancellation, RequestCancellation } from '#lib/services/cancellations/request-cancellation.ts'
import { sendCancellation } from '#lib/services/cancellations/send-cancellation.ts'
import { withdrawCancellation, WithdrawCancellation } from '#lib/services/cancellations/withdraw-cancellation.ts'
import { lookUpPayment, LookUpPayment, refreshPayment, RefreshPayment } from '#lib/services/payments/look-up-payment.ts'

export const requestCancellationAction = action({
  name: 'cancellation.request',
  input: RequestCancellation,
  limit: 'money',
  run: async (context, input) => {
    const made = await requestCancellation(context, input)
    // The intent is committed: this process tries at once, the job in the queue is the net.
    after(() => sendCancellation(contextOf({ kind: 'system', name: 'worker' }), made.id))
    return made
  },
})

export const withdrawCancellationAction = action({
  name: 'cancellation.withdraw',
  input: WithdrawCancellation,
  limit: 'money',
  run: withdrawCancellation,
})
export const lookUpPaymentAction = action({
  name: 'payment.look_up',
  input: LookUpPayment,
  limit: 'gateway',
  run: lookUpPayment,
})
export const refreshPaymentAction = action({
  name: 'payment.refresh',
  input: RefreshPayment,
  limit: 'gateway',
  run: refreshPayment,
})
