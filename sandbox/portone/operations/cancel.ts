import { z } from 'zod'
import { plus } from '#lib/domain/kst.ts'
import { bankCodes } from '../banks.ts'
import { accept, newCancellation, succeed } from '../cancelling.ts'
import { checkAtPg, checkAtPortOne } from '../cancel-rules.ts'
import { findPayment, readBody, type Call, type Done, type Operation } from '../operation.ts'
import { cancellationView } from '../payment-view.ts'
import type { Cancellation, Payment } from '../payment.ts'

const amount = z.number().int()

/** PortOne REST V2 1.16, `CancelPaymentBody`. */
const bodySchema = z.object({
  storeId: z.string().optional(),
  amount: amount.positive().optional(),
  taxFreeAmount: amount.nonnegative().optional(),
  vatAmount: amount.nonnegative().optional(),
  reason: z.string(),
  requester: z.enum(['CUSTOMER', 'ADMIN']).optional(),
  promotionDiscountRetainOption: z.enum(['RETAIN', 'RELEASE']).optional(),
  currentCancellableAmount: amount.optional(),
  refundAccount: z
    .object({
      bank: z.enum(bankCodes),
      number: z.string(),
      holderName: z.string(),
      holderPhoneNumber: z.string().optional(),
    })
    .optional(),
  refundEmail: z.string().optional(),
  skipWebhook: z.boolean().default(false),
})

export const cancel: Operation = {
  name: 'cancel',
  method: 'POST',
  path: '/payments/:paymentId/cancel',
  run(call) {
    const body = readBody(bodySchema, call.body)
    const payment = findPayment(call, body.storeId)
    const { amount, taxFree } = checkAtPortOne(payment, body)
    checkAtPg(payment, amount, body, call.state.settings, call.now)
    const { reason, skipWebhook, vatAmount: vat } = body
    const wish = { amount, taxFree, vat, reason, skipWebhook, trigger: 'API' } as const
    return carryOut(call, payment, newCancellation(call.state, payment, wish, call.now))
  },
}

function carryOut(call: Call, payment: Payment, cancellation: Cancellation): Done {
  const { asynchronous, now } = call
  const turn = asynchronous
    ? accept(payment, cancellation, { at: plus(call.realNow, asynchronous.ms), succeeds: asynchronous.succeeds }, now)
    : succeed(payment, cancellation, now)
  return {
    body: { cancellation: cancellationView(turn.cancellation, payment, call.origin) },
    events: turn.events,
    effect: asynchronous ? 'accepted' : 'executed',
    amount: cancellation.totalAmount,
  }
}
