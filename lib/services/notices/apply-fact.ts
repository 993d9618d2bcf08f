import 'server-only'
import { courierOf } from '#lib/domain/couriers.ts'
import { toDate } from '#lib/domain/kst.ts'
import type { UnsignedNotice } from '#lib/gateways/connector.ts'
import { isLaterEscrow } from '#lib/policy/shipping.ts'
import { audit, type AuditAction } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { toJson, type Transaction } from '#lib/server/db.ts'
import type { Payment, Shipment } from '#prisma/client/client.ts'
import { closeCancellation } from '../cancellations/close-cancellation.ts'
import { closeShipment } from '../shipments/close-shipment.ts'
import { escrowOf, type StoredEscrow } from '../shipments/shipment-facts.ts'
import { raiseTasks } from '../tasks/raise-tasks.ts'

type Of<Kind extends UnsignedNotice['event']['kind']> = Extract<UnsignedNotice['event'], { kind: Kind }>

/**
 * What a notice tells of a payment that is known, apart from deposits. Nobody signed it, so it ends no intent that moves money:
 * at most it is a reason to ask sooner. The payment is locked by the caller.
 */
export async function applyFact(
  tx: Transaction,
  context: Context,
  paymentId: string,
  told: UnsignedNotice,
): Promise<void> {
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  const { event } = told
  switch (event.kind) {
    case 'refunded':
      return applyRefunded(tx, context, payment, event)
    case 'closed':
      return applyClosed(tx, context, payment, told)
    case 'escrow':
      return applyEscrow(tx, context, payment, told, event)
    case 'other':
      return tell(tx, context, payment, 'notice.other', { code: told.type })
    case 'deposit':
    case 'reversal':
      throw new Error('deposits have a verb of their own')
  }
}

const tell = (tx: Transaction, context: Context, payment: Payment, action: AuditAction, facts: object) =>
  audit(tx, context, {
    action,
    outcome: 'done',
    storeId: payment.storeId,
    subject: { type: 'payment', id: payment.id },
    facts: { ...facts },
  })

/** The gateway took a refund for later, and now says that it was paid out: its record is asked at once. */
async function applyRefunded(
  tx: Transaction,
  context: Context,
  payment: Payment,
  { amount }: Of<'refunded'>,
): Promise<void> {
  const accepted = await tx.cancellation.findFirst({
    where: {
      paymentId: payment.id,
      kind: 'CANCEL',
      state: { in: ['ACCEPTED', 'UNCONFIRMED'] },
      ...(amount !== null && { amount: BigInt(amount) }),
    },
  })
  if (accepted) await tx.cancellation.update({ where: { id: accepted.id }, data: { nextAskAt: toDate(context.now()) } })
  await tell(tx, context, payment, 'notice.refunded', { amount, cancellation: accepted?.id ?? null })
}

/** Closing an account gives nothing back, so a notice may end it: nobody can pay into it any more. */
async function applyClosed(tx: Transaction, context: Context, payment: Payment, told: UnsignedNotice): Promise<void> {
  if (payment.method === 'VIRTUAL_ACCOUNT' && payment.paidAt === null) {
    const closing = await tx.cancellation.findFirst({
      where: { paymentId: payment.id, kind: 'CLOSE', state: { in: ['SENDING', 'ACCEPTED', 'UNCONFIRMED'] } },
    })
    if (closing) {
      await closeCancellation(tx, context, closing, {
        state: 'DONE',
        gatewayCancellationId: `close:${told.paymentId}`,
        approvalNumber: null,
        evidence: { by: 'notice', type: told.type },
      })
    } else if (payment.closedAt === null) {
      await tx.payment.update({ where: { id: payment.id }, data: { closedAt: toDate(context.now()) } })
    }
    await raiseTasks(tx, context, payment.id)
  }
  await tell(tx, context, payment, 'notice.closed', {})
}

async function applyEscrow(
  tx: Transaction,
  context: Context,
  payment: Payment,
  told: UnsignedNotice,
  event: Of<'escrow'>,
): Promise<void> {
  const before = escrowOf(payment)
  const after = laterOf(before, told, event)
  if (after !== null && after !== before)
    await tx.payment.update({ where: { id: payment.id }, data: { escrow: toJson(after) } })
  await settleShipments(tx, context, payment, event)
  await tell(tx, context, payment, 'notice.escrow', {
    escrow: event.status,
    courier: event.courier === null ? null : courierOf(event.courier),
    tracking: event.trackingNumber,
  })
}

/** Only forwards, in whatever order they come: what is known of the parcel stays, and what is missing is added. */
function laterOf(before: StoredEscrow | null, told: UnsignedNotice, event: Of<'escrow'>): StoredEscrow | null {
  // Holding back the settlement is no step of a delivery.
  if (event.status === 'HELD') return before
  const later = before === null || isLaterEscrow(before.status, event.status)
  const parcel = event.trackingNumber !== null && before?.invoiceNumber === undefined
  if (!later && !parcel) return before
  return {
    ...before,
    status: later ? event.status : before.status,
    ...(parcel && {
      invoiceNumber: event.trackingNumber,
      company: event.courier ?? undefined,
      appliedAt: told.at ?? undefined,
    }),
  }
}

/** An order of ours whose result is not known is done where the gateway tells of the same. */
async function settleShipments(
  tx: Transaction,
  context: Context,
  payment: Payment,
  event: Of<'escrow'>,
): Promise<void> {
  const out = await tx.shipment.findMany({
    where: { paymentId: payment.id, state: { in: ['SENDING', 'UNCONFIRMED'] } },
  })
  for (const shipment of out)
    if (tellsOf(event, shipment)) await closeShipment(tx, context, shipment, { state: 'DONE' })
}

/** A courier is a free name at KCP: where it is none that we know, the number alone tells. */
function tellsOf({ status, courier, trackingNumber }: Of<'escrow'>, shipment: Shipment): boolean {
  if (shipment.kind === 'hold') return status === 'HELD'
  if (status !== 'REGISTERED' || trackingNumber !== shipment.trackingNumber) return false
  const named = courier === null ? null : courierOf(courier)
  return named === null || named === shipment.company
}
