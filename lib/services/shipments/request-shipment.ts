import 'server-only'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { courierCodes, isTracking, tidyTracking, type Courier } from '#lib/domain/couriers.ts'
import { parseIso, toDate, toIso, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { kcpBytesMax } from '#lib/domain/kcp-text.ts'
import { openShipmentStates, type ShipmentKind } from '#lib/domain/shipping.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
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
    kind: z.enum(['register', 'change']),
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
  return placeOrder(context, { ...input, reason: null }, input)
}

/** An order that is to be sent. Empty courier and number where nothing is delivered. */
export type Order = {
  readonly id: string
  readonly paymentId: string
  readonly kind: ShipmentKind
  readonly courier: Courier | ''
  readonly trackingNumber: string
  readonly sentAt: Instant
  readonly sendEmail: boolean
  readonly reason: string | null
}

/** `asked`: what was asked for, to tell a repetition from another wish with the same id. */
export async function placeOrder(
  context: Context,
  input: Order,
  asked: Readonly<Record<string, string | number | boolean>>,
): Promise<{ id: string }> {
  const missing = new DomainError('payment.not_found')
  const seen = await db.payment.findUnique({ where: { id: input.paymentId }, select: { storeId: true } })
  if (!seen) throw missing
  authorize(context, 'shipment.register', seen.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'shipment.register' })
  const inputHash = createHash('sha256')
    .update(JSON.stringify({ ...asked, ...('sentAt' in asked && { sentAt: toIso(input.sentAt) }), by: actor.id }))
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
  input: Order,
  who: Who,
): Promise<void> {
  const now = context.now()
  const from = await judged(tx, payment, input, now)
  const { id, kind, courier, trackingNumber, sendEmail, reason } = input
  await tx.shipment.create({
    data: {
      id,
      kind,
      trackingNumber,
      sendEmail,
      reason,
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
    action: kind === 'hold' ? 'shipment.hold' : 'shipment.register',
    outcome: 'done',
    storeId: payment.storeId,
    subject: { type: 'payment', id: payment.id },
    facts: { shipment: id, kind, ...(kind !== 'hold' && { courier, trackingNumber, sendEmail }) },
  })
}

/** From when it can be sent. */
async function judged(tx: Transaction, payment: PaymentWithChannel, input: Order, now: Instant) {
  const orders = await tx.shipment.findMany({
    where: { paymentId: payment.id, state: { in: [...openShipmentStates, 'DONE'] } },
  })
  const open = orders.some((one) => one.state !== 'DONE' || isUnread(one, payment))
  const held = orders.some((one) => one.kind === 'hold' && one.state === 'DONE')
  const facts = shippingFacts(payment, input.kind, now, open, held)
  const verdict = judgeShipment(input.kind, facts)
  if (verdict.kind === 'never') throw new DomainError('shipment.not_allowed', { reason: verdict.reason })
  const reason = courierProblem(payment, input) ?? sentAtProblem(input.sentAt, facts)
  if (reason) throw new DomainError('shipment.not_allowed', { reason })
  return verdict.kind === 'later' ? verdict.at : now
}

type Parcel = { readonly courier: Courier | ''; readonly trackingNumber: string }

/** What the gateway would not take: a courier that it has no name for, a number that is too long for its field. */
export function courierProblem(
  { channel }: Pick<PaymentWithChannel, 'channel'>,
  { courier, trackingNumber }: Parcel,
): 'courier_not_taken' | 'tracking_long' | null {
  if (courier === '') return null
  if (connectorOf(channel.account).couriers?.includes(courier) !== true) return 'courier_not_taken'
  const isLong = channel.account.gateway === 'kcp' && trackingNumber.length > kcpBytesMax.trackingNumber
  return isLong ? 'tracking_long' : null
}
