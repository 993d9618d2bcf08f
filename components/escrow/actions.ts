import type { Courier } from '#lib/domain/couriers.ts'
import type { ShipmentRowResult, ShipmentSheetView } from '#lib/domain/views.ts'
import type { Action } from '../use-action.ts'

export type ShipmentWish = {
  /** Made once for one wish and kept while it is not known whether it was taken. */
  readonly id: string
  readonly paymentId: string
  readonly kind: 'register' | 'change'
  readonly courier: Courier
  readonly trackingNumber: string
  /** With its offset. */
  readonly sentAt: string
  readonly sendEmail: boolean
}

/** What can be done with the delivery on a payment's page. */
export type ShippingActions = {
  readonly request: Action<ShipmentWish, { id: string }>
  readonly hold: Action<{ id: string; paymentId: string; reason: string }, { id: string }>
  readonly end: Action<{ id: string; happened: boolean; note: string }, unknown>
  readonly mark: Action<{ paymentId: string; asked: boolean }, unknown>
}

/** What can be done on the board with a file. */
export type SheetActions = {
  readonly preview: Action<{ content: string }, ShipmentSheetView>
  readonly register: Action<{ rows: readonly ShipmentWish[] }, { results: readonly ShipmentRowResult[] }>
}
