import type { Instant } from './kst.ts'

/**
 * Where an escrow payment stands. `unpaid`: a virtual account nobody paid into yet. `shipment_due`: paid, not registered.
 * `unrecognised`: a status this version does not know.
 */
export const shippingStages = [
  'unpaid',
  'shipment_due',
  'registered',
  'delivered',
  'confirmed',
  'refused',
  'cancelled',
  'unrecognised',
] as const
export type ShippingStage = (typeof shippingStages)[number]

/** How far an escrow payment is, as the cancelling rules ask it. */
export type EscrowStage = 'before_shipment' | 'shipped' | 'confirmed'

/** To register delivery data, to change what is registered, to hold back the settlement. */
export const shipmentKinds = ['register', 'change', 'hold'] as const
export type ShipmentKind = (typeof shipmentKinds)[number]

/**
 * An order's life. WAITING: sent from its time on. UNCONFIRMED: whether it was taken is not known. DECLINED: the gateway
 * refused. WITHDRAWN: nothing came of it. The database holds the same words.
 */
export const shipmentStates = ['WAITING', 'SENDING', 'UNCONFIRMED', 'DONE', 'DECLINED', 'WITHDRAWN'] as const
export type ShipmentState = (typeof shipmentStates)[number]
export const openShipmentStates = ['WAITING', 'SENDING', 'UNCONFIRMED'] as const satisfies readonly ShipmentState[]
export const isOpenShipment = (state: ShipmentState): boolean =>
  state === 'WAITING' || state === 'SENDING' || state === 'UNCONFIRMED'

export type ShippingDenial =
  | 'unsupported'
  | 'no_change'
  | 'not_escrow'
  | 'unpaid'
  | 'cancelled'
  | 'ended'
  | 'unrecognised'
  | 'registered'
  | 'not_registered'
  | 'not_shipped'
  | 'held'
  | 'open'
export type ShippingWarning = 'early' | 'delivered' | 'no_email' | 'unknown_date'
/** `later`: it is taken now and sent from `at` on. */
export type ShippingVerdict =
  | { readonly kind: 'now'; readonly warnings: readonly ShippingWarning[] }
  | { readonly kind: 'later'; readonly at: Instant; readonly warnings: readonly ShippingWarning[] }
  | { readonly kind: 'never'; readonly reason: ShippingDenial }
