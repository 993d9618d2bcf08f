'use server'
import { after } from 'next/server'
import { action } from '#lib/server/action.ts'
import { contextOf } from '#lib/server/context.ts'
import { EndShipment, endShipment } from '#lib/services/shipments/end-shipment.ts'
import { HoldSettlement, holdSettlement } from '#lib/services/shipments/hold-settlement.ts'
import { MarkEscrow, markEscrow } from '#lib/services/shipments/mark-escrow.ts'
import { PreviewSheet, previewSheet } from '#lib/services/shipments/preview-sheet.ts'
import { RegisterMany, registerMany } from '#lib/services/shipments/register-many.ts'
import { RequestShipment, requestShipment } from '#lib/services/shipments/request-shipment.ts'
import { sendShipment } from '#lib/services/shipments/send-shipment.ts'

export const requestShipmentAction = action({
  name: 'shipment.register',
  input: RequestShipment,
  limit: 'write',
  run: async (context, input) => {
    const made = await requestShipment(context, input)
    // The order is committed: this process tries at once, the worker's sweep is the net.
    after(() => sendShipment(contextOf({ kind: 'system', name: 'worker' }), made.id))
    return made
  },
})

export const holdSettlementAction = action({
  name: 'shipment.hold',
  input: HoldSettlement,
  limit: 'write',
  run: async (context, input) => {
    const made = await holdSettlement(context, input)
    after(() => sendShipment(contextOf({ kind: 'system', name: 'worker' }), made.id))
    return made
  },
})

export const endShipmentAction = action({
  name: 'shipment.end',
  input: EndShipment,
  limit: 'write',
  run: endShipment,
})

/** The worker sends what a file brings, a few at a time. */
export const registerShipmentsAction = action({
  name: 'shipment.register',
  input: RegisterMany,
  limit: 'write',
  run: registerMany,
})

export const previewShipmentsAction = action({
  name: 'shipment.view',
  input: PreviewSheet,
  limit: 'write',
  run: previewSheet,
})

export const markEscrowAction = action({
  name: 'shipment.mark_escrow',
  input: MarkEscrow,
  limit: 'gateway',
  run: markEscrow,
})
