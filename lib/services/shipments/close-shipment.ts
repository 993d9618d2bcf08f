import 'server-only'
import { fromDate, toDate, type Instant } from '#lib/domain/kst.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { lockPayment, type Transaction } from '#lib/server/db.ts'
import type { Shipment } from '#prisma/client/client.ts'
import { withChannel, type PaymentWithChannel } from '../cancellations/judge-cancellation.ts'
import { openTask } from '../payments/open-task.ts'
import { resolveTasks } from '../tasks/resolve-tasks.ts'
import { escrowOf, recordTells } from './shipment-facts.ts'

/** Who said so, where no gateway did, and what they saw. */
type ByPerson = { readonly endedById?: string; readonly note?: string }
export type ShipmentEnding =
  | ({ readonly state: 'DONE' } & ByPerson)
  | { readonly state: 'DECLINED'; readonly code: string }
  | ({ readonly state: 'WITHDRAWN'; readonly cause: string } & ByPerson)

export type LockedShipment = { readonly shipment: Shipment; readonly payment: PaymentWithChannel }

/** The order and its payment as they stand, with the payment locked; null where there is no such order. */
export async function lockShipment(tx: Transaction, id: string): Promise<LockedShipment | null> {
  const known = await tx.shipment.findUnique({ where: { id }, select: { paymentId: true } })
  if (!known || !(await lockPayment(tx, known.paymentId))) return null
  const shipment = await tx.shipment.findUniqueOrThrow({ where: { id } })
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: known.paymentId }, include: withChannel })
  return { shipment, payment }
}

/** Ends an order in the transaction of its audit row, and what people were to do because of it. The payment is locked by the caller. */
export async function closeShipment(
  tx: Transaction,
  context: Context,
  shipment: Shipment,
  ending: ShipmentEnding,
): Promise<void> {
  const { id, paymentId, storeId, kind } = shipment
  const at = context.now()
  await tx.shipment.update({
    where: { id },
    data: { ...ending, closedAt: toDate(at), nextTryAt: null },
  })
  await auditShipment(tx, context, shipment, ending)
  await resolveTasks(tx, context, { paymentId, kind: 'shipment_unknown', key: id })
  if (ending.state === 'DONE') {
    if (kind === 'register') await keepDelivery(tx, shipment, at)
    const over = { register: 'shipment_due', change: 'shipment_not_editable' } as const
    if (kind === 'register' || kind === 'change') await resolveTasks(tx, context, { paymentId, kind: over[kind] })
  } else if (kind === 'change' && !(ending.state === 'WITHDRAWN' && ending.cause === 'cancelled')) {
    // A due shipment that was not registered stands among the tasks by its clock; a change that came to nothing would not.
    await openTask(tx, {
      storeId,
      paymentId,
      kind: 'shipment_not_editable',
      key: id,
      dueAt: at,
      // Nobody may want to try again: then a person ends the task with a note.
      facts: { refused: ending.state === 'DECLINED' ? ending.code : ending.cause },
    })
  }
}

/** Where no record will tell of it, the delivery is what we registered. What is known to be further stays. */
async function keepDelivery(tx: Transaction, shipment: Shipment, at: Instant): Promise<void> {
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: shipment.paymentId }, include: withChannel })
  if (recordTells(payment.channel.account) || escrowOf(payment)?.status !== 'BEFORE_REGISTERED') return
  const escrow = {
    status: 'REGISTERED',
    company: shipment.company,
    invoiceNumber: shipment.trackingNumber,
    sentAt: fromDate(shipment.sentAt),
    appliedAt: at,
  }
  await tx.payment.update({ where: { id: payment.id }, data: { escrow } })
}

type Told = { readonly state: string; readonly code?: string | null; readonly cause?: string | null }

export const auditShipment = (
  tx: Transaction,
  context: Context,
  { id, paymentId, storeId, kind }: Shipment,
  { state, code = null, cause = null }: Told,
) =>
  audit(tx, context, {
    action: 'shipment.outcome',
    outcome: 'done',
    storeId,
    subject: { type: 'payment', id: paymentId },
    facts: { shipment: id, kind, state, code, why: cause },
  })
