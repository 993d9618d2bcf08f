import 'server-only'
import { z } from 'zod'
import { isCourier } from '#lib/domain/couriers.ts'
import { fromDate, type Instant } from '#lib/domain/kst.ts'
import { isOpenShipment, shipmentStates } from '#lib/domain/shipping.ts'
import type { ShipmentView, ShippingView } from '#lib/domain/views.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { judgeShipment, shipmentDueAt, stageOf } from '#lib/policy/shipping.ts'
import { permitted, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { Shipment } from '#prisma/client/client.ts'
import type { PaymentWithChannel } from '../cancellations/judge-cancellation.ts'
import { namesOf } from '../people/names.ts'
import { markOf } from './mark-escrow.ts'
import { kindOf } from './send-shipment.ts'
import { deliveryOf, isUnread, paidAtOf, recordTells, shippingFacts } from './shipment-facts.ts'

const SHOWN_MAX = 20
const contract = z.object({ escrowDelivery: z.boolean().optional() })
const optional = (date: Date | null): Instant | null => (date === null ? null : fromDate(date))

export function shipmentView(row: Shipment, names: ReadonlyMap<string, string>): ShipmentView {
  const state = shipmentStates.find((one) => one === row.state)
  const courier = isCourier(row.company) ? row.company : null
  if (!state || (courier === null && row.kind !== 'hold'))
    throw new Error(`unknown shipment ${row.state} ${row.company}`)
  return {
    id: row.id,
    kind: kindOf(row),
    courier,
    trackingNumber: row.trackingNumber,
    sentAt: fromDate(row.sentAt),
    sendEmail: row.sendEmail,
    reason: row.reason,
    state,
    cause: row.cause,
    code: row.code,
    nextTryAt: isOpenShipment(state) ? optional(row.nextTryAt) : null,
    requestedBy: names.get(row.requestedById) ?? '',
    requestedAt: fromDate(row.requestedAt),
    closedAt: optional(row.closedAt),
    ended: row.endedById === null ? null : { by: names.get(row.endedById) ?? '', note: row.note ?? '' },
  }
}

/** Who asked, and who said what became of it. */
export const peopleOf = (orders: readonly Shipment[]): string[] =>
  orders.flatMap(({ requestedById, endedById }) => [requestedById, ...(endedById === null ? [] : [endedById])])

/** When a paid payment that is not registered must be. */
export const dueAtOf = (stage: string | null, paidAt: Instant | null): Instant | null =>
  stage === 'shipment_due' && paidAt !== null ? shipmentDueAt(paidAt) : null

/** What the payment's page shows of its delivery; null where it has nothing to do with one. */
export async function shippingOf(context: Context, payment: PaymentWithChannel): Promise<ShippingView | null> {
  const asked = await markOf(payment.id)
  const delivery = deliveryOf(payment)
  // Escrow by contract only: elsewhere nobody could have asked for it.
  const { account } = payment.channel
  const possible = recordTells(account) && contract.parse(payment.channel.contract).escrowDelivery === true
  if (!delivery && !asked && !possible) return null
  const orders = await db.shipment.findMany({
    where: { paymentId: payment.id },
    orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
    take: SHOWN_MAX,
  })
  const names = await namesOf(peopleOf(orders))
  const views = orders.map((one) => shipmentView(one, names))
  const [last] = orders
  const unread = last !== undefined && isUnread(last, payment)
  const open = unread || views.some((one) => isOpenShipment(one.state))
  const now = context.now()
  const connector = connectorOf(account)
  const held = orders.some((one) => one.kind === 'hold' && one.state === 'DONE')
  const stage = delivery && stageOf(payment.status, delivery.status)
  return {
    stage,
    delivery,
    dueAt: dueAtOf(stage, paidAtOf(payment)),
    register: judgeShipment('register', shippingFacts(payment, 'register', now, open)),
    change: judgeShipment('change', shippingFacts(payment, 'change', now, open)),
    hold: connector.operations.holdSettlement
      ? judgeShipment('hold', shippingFacts(payment, 'hold', now, open, held))
      : null,
    silent: !recordTells(account),
    couriers: connector.couriers ?? [],
    orders: views,
    unread,
    asked,
    may: permitted(context.actor, 'shipment.register', payment.storeId),
    whoMay: whoMay('shipment.register').join(', '),
  }
}
