import 'server-only'
import { z } from 'zod'
import { courierOf } from '#lib/domain/couriers.ts'
import { fromDate, instant, type Instant } from '#lib/domain/kst.ts'
import type { ShipmentKind } from '#lib/domain/shipping.ts'
import type { DeliveryView } from '#lib/domain/views.ts'
import type { Connector } from '#lib/gateways/connector.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import type { ShippingFacts } from '#lib/policy/shipping.ts'
import type { GatewayAccount, Payment } from '#prisma/client/client.ts'
import type { PaymentWithChannel } from '../cancellations/judge-cancellation.ts'
import { personalOf } from '../payments/personal.ts'

const storedEscrow = z.object({
  status: z.string(),
  company: z.string().optional(),
  invoiceNumber: z.string().optional(),
  sentAt: z.int().transform(instant).optional(),
  appliedAt: z.int().transform(instant).optional(),
})
export type StoredEscrow = z.infer<typeof storedEscrow>

/** What the gateway's record said of the delivery when it was last read; null where it is no escrow payment. */
export const escrowOf = ({ escrow }: Pick<Payment, 'escrow'>): StoredEscrow | null =>
  escrow === null ? null : storedEscrow.parse(escrow)

type Operations = Connector['operations']
/** The gateway's operation for a delivery; undefined where it has none. */
export const deliveryOperationOf = ({ operations }: Connector, kind: Exclude<ShipmentKind, 'hold'>) =>
  kind === 'register' ? operations.registerShipment : operations.changeShipment

const takes: Record<ShipmentKind, (operations: Operations) => boolean> = {
  register: ({ registerShipment }) => registerShipment !== undefined,
  change: ({ changeShipment }) => changeShipment !== undefined,
  hold: ({ holdSettlement }) => holdSettlement !== undefined,
}

/**
 * Whether the gateway's record of a payment tells its delivery. KCP's does not: there our own orders and its notices are all that
 * is known, and nothing is ever sent again to find out.
 */
export const recordTells = ({ gateway }: Pick<GatewayAccount, 'gateway'>): boolean => gateway !== 'kcp'

export function shippingFacts(
  payment: PaymentWithChannel,
  kind: ShipmentKind,
  now: Instant,
  open: boolean,
  held = false,
): ShippingFacts {
  const { account } = payment.channel
  const { operations } = connectorOf(account)
  const personal = personalOf(payment)
  return {
    now,
    status: payment.status,
    paidAt: paidAtOf(payment),
    escrow: escrowOf(payment)?.status ?? null,
    supported: takes[kind](operations),
    registers: takes.register(operations),
    held,
    open,
    // Where it cannot be read nothing is said of it; ESCROW-EMAIL is PortOne's.
    email: !recordTells(account) || personal === null || Boolean(personal.email),
  }
}

type Ended = { readonly state: string; readonly closedAt: Date | null }
/** What was done stands in no record that was read since: until then nobody knows what to change. */
export const isUnread = (
  { state, closedAt }: Ended,
  { gatewayReadAt, channel }: Pick<PaymentWithChannel, 'gatewayReadAt' | 'channel'>,
): boolean =>
  recordTells(channel.account) &&
  state === 'DONE' &&
  closedAt !== null &&
  (gatewayReadAt === null || gatewayReadAt < closedAt)

export const paidAtOf = ({ paidAt }: Pick<Payment, 'paidAt'>): Instant | null =>
  paidAt === null ? null : fromDate(paidAt)

export function deliveryOf(payment: Pick<Payment, 'escrow' | 'gatewayReadAt'>): DeliveryView | null {
  const escrow = escrowOf(payment)
  if (!escrow) return null
  return {
    status: escrow.status,
    company: escrow.company ?? null,
    courier: escrow.company === undefined ? null : courierOf(escrow.company),
    trackingNumber: escrow.invoiceNumber ?? null,
    sentAt: escrow.sentAt ?? null,
    registeredAt: escrow.appliedAt ?? null,
    readAt: payment.gatewayReadAt === null ? null : fromDate(payment.gatewayReadAt),
  }
}
