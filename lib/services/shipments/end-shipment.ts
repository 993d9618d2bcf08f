import 'server-only'
import { z } from 'zod'
import { keepableMemo } from '#lib/domain/memo.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { audit } from '#lib/server/audit.ts'
import { db, transaction } from '#lib/server/db.ts'
import { typedText } from '../typed-text.ts'
import { closeShipment, lockShipment } from './close-shipment.ts'
import { recordTells } from './shipment-facts.ts'

export const EndShipment = z.object({ id: z.uuid(), happened: z.boolean(), note: typedText(200).min(1) })

/**
 * A person says what became of an order whose answer was lost, having looked at the gateway's own console: no record that could be
 * asked for tells it. No money moves. Fails with: shipment.not_found, permission.missing, memo.personal_number,
 * shipment.not_allowed.
 */
export async function endShipment(
  context: Context,
  { id, happened, note }: z.infer<typeof EndShipment>,
): Promise<{ id: string }> {
  const missing = new DomainError('shipment.not_found')
  const seen = await db.shipment.findUnique({ where: { id } })
  if (!seen) throw missing
  authorize(context, 'shipment.register', seen.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'shipment.register' })
  const references = await db.reference.findMany({ where: { paymentId: seen.paymentId }, select: { value: true } })
  const kept = keepableMemo(
    note,
    references.map((one) => one.value),
  )
  if (kept === null) throw new DomainError('memo.personal_number')
  return transaction(async (tx) => {
    const locked = await lockShipment(tx, id)
    if (!locked) throw missing
    const { shipment, payment } = locked
    if (shipment.state !== 'UNCONFIRMED' || recordTells(payment.channel.account))
      throw new DomainError('shipment.not_allowed', { reason: 'not_unknown' })
    await audit(tx, context, {
      action: 'shipment.end',
      outcome: 'done',
      storeId: shipment.storeId,
      subject: { type: 'payment', id: payment.id },
      facts: { shipment: id, kind: shipment.kind, happened },
    })
    const who = { endedById: actor.id, note: kept }
    await closeShipment(
      tx,
      context,
      shipment,
      happened ? { state: 'DONE', ...who } : { state: 'WITHDRAWN', cause: 'person', ...who },
    )
    return { id }
  })
}
