import { read } from '#lib/server/route.ts'
import { findEscrow, FindEscrow } from '#lib/services/shipments/find-escrow.ts'

export const GET = read({ name: 'shipment.view', query: FindEscrow, run: findEscrow })
