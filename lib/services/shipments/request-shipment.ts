import 'server-only'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { courierCodes, isTracking, tidyTracking } from '#lib/domain/couriers.ts'
import { parseIso, toDate, toIso, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { openShipmentStates, shipmentKinds } from '#lib/domain/shipping.ts'
import { judgeShipment, sentAtProblem } from '#lib/policy/shipping.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import { withChannel, type PaymentWithChannel } from '../cancellations/judge-cancellation.ts'
import { isUnread, shippingFacts } from './shipment-facts.ts'
import { refuseStopped } from '../stores/refuse-stopped.ts'

/** ESCROW-SENTAT: an instant with its offset, so that no zone is guessed. */
const sentAt = z.string().transform((text, context): Instant => {
  const read = parseIso(text)
  if (read !== null) return read
  context.addIssue('not an instant with its offset')
  return z.NEVER
})

export const RequestShipment = z
  .object({
    /** Made by the browser when the form opened; kept over retries. */
    id: z.uuid(),
    paymentId: z.uuid(),
    kind: z.enum(shipmentKinds),
    courier: z.enum(courierCodes),
    trackingNumber: z.string().max(60).transform(tidyTracking),
    sentAt,
    sendEmail: z.boolean(),
  })
  .refine(({ courier, trackingNumber }) => isTracking(courier, trackingNumber), { path: ['trackingNumber'] })
export type RequestShipment = z.infer<typeof RequestShipment>

/**
 * Judges and writes the order with its audit row. Same id and input: the same answer.
 * Fails with: payment.not_found, permission.missing, request.reused_id, shipment.not_allowed (facts.reason), sending.stopped.
 */
export async function requestShipment(context: Context, input: RequestShipment): Promise<{ id: string }> {
  const missing = new DomainError('payment.not_found')
  const seen = await db.payment.findUnique({ where: { id: input.paymentId }, select: { storeId: true } })
  if (!seen) throw missing
  authorize(context, 'shipment.register', seen.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'shipment.register' })
  const inputHash = createHash('sha256')
    .update(JSON.stringify({ ...input, sentAt: toIso(input.sentAt), by: actor.id }))
    .digest('base64url')
  return transaction(async (tx) => {
    await lockPayment(tx, input.paymentId)
    const earlier = await tx.shipment.findUnique({ where: { id: input.id } })
    if (earlier) {
      if (earlier.inputHash !== inputHash) throw new DomainError('request.reused_id')
      return { id: earlier.id }
    }
    const payment = await tx.payment.findUniqueOrThrow({
      where: { id: input.paymentId },
      include: withChannel,
    })
    await refuseStopped(payment.store)
    await write(tx, context, payment, input, { inputHash, requestedById: actor.id })
    return { id: input.id }
  })
}

type Who = { readonly inputHash: string; readonly requestedById: string }

async function write(
  tx: Transaction,
  context: Context,
  payment: PaymentWithChannel,
  input: RequestShipment,
  who: Who,
): Promise<void> {
  const now = context.now()
  const from = await judged(tx, payment, input, now)
  const { id, kind, courier, trackingNumber, sendEmail } = input
  await tx.shipment.create({
    data: {
      id,
      kind,
      trackingNumber,
      sendEmail,
      ...who,
      company: courier,
      sentAt: toDate(input.sentAt),
      paymentId: payment.id,
      storeId: payment.storeId,
      state: 'WAITING',
      requestedAt: toDate(now),
      nextTryAt: toDate(from),
    },
  })
  await audit(tx, context, {
    action: 'shipment.register',
    outcome: 'done',
    storeId: payment.storeId,
    subject: { type: 'payment', id: payment.id },
    facts: { shipment: id, kind, courier, trackingNumber, sendEmail },
  })
}

/** From when it can be sent. */
async function judged(tx: Transaction, payment: PaymentWithChannel, input: RequestShipment, now: Instant) {
  const orders = await tx.shipment.findMany({
    where: { paymentId: payment.id, state: { in: [...openShipmentStates, 'DONE'] } },
  })
  const open = orders.some((one) => one.state !== 'DONE' || isUnread(one, payment))
  const facts = shippingFacts(payment, input.kind, now, open)
  const verdict = judgeShipment(input.kind, facts)
  if (verdict.kind === 'never') throw new DomainError('shipment.not_allowed', { reason: verdict.reason })
  const reason = sentAtProblem(input.sentAt, facts)
  if (reason) throw new DomainError('shipment.not_allowed', { reason })
  return verdict.kind === 'later' ? verdict.at : now
}
