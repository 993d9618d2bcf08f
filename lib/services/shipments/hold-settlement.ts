import 'server-only'
import { z } from 'zod'
import type { Context } from '#lib/server/context.ts'
import { typedText } from '../typed-text.ts'
import { placeOrder } from './request-shipment.ts'

export const HoldSettlement = z.object({
  /** Made by the browser when the form opened; kept over retries. */
  id: z.uuid(),
  paymentId: z.uuid(),
  reason: typedText(50).min(1),
})

/**
 * Asks the gateway to hold back an escrow payment's settlement while a dispute lasts (KCP: STE3). Same id and input: the same
 * answer. Fails with: payment.not_found, permission.missing, request.reused_id, shipment.not_allowed (facts.reason), sending.stopped.
 */
export async function holdSettlement(context: Context, input: z.infer<typeof HoldSettlement>): Promise<{ id: string }> {
  const nothing = { courier: '', trackingNumber: '', sendEmail: false } as const
  return placeOrder(context, { ...input, ...nothing, kind: 'hold', sentAt: context.now() }, { ...input, kind: 'hold' })
}
