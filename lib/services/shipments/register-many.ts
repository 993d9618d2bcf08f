import 'server-only'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import type { ShipmentRowResult } from '#lib/domain/views.ts'
import type { Context } from '#lib/server/context.ts'
import { registerableStores } from './preview-sheet.ts'
import { requestShipment, RequestShipment } from './request-shipment.ts'

const ROWS_MAX = 100

/** A part of a file, so that there is progress to show; each row is an order of its own, with an id that makes repeating harmless. */
export const RegisterMany = z.object({ rows: z.array(RequestShipment).min(1).max(ROWS_MAX) })

/** Row by row: one that is refused does not stop the others. Fails with: permission.missing. */
export async function registerMany(
  context: Context,
  { rows }: z.infer<typeof RegisterMany>,
): Promise<{ results: readonly ShipmentRowResult[] }> {
  registerableStores(context)
  const results: ShipmentRowResult[] = []
  for (const row of rows) results.push(await registerOne(context, row))
  return { results }
}

async function registerOne(context: Context, row: RequestShipment): Promise<ShipmentRowResult> {
  try {
    await requestShipment(context, row)
    return { id: row.id, ok: true }
  } catch (error) {
    // A denial ends the whole, and is recorded: no row of a preview brings one.
    if (!(error instanceof DomainError) || error.kind === 'forbidden') throw error
    return { id: row.id, ok: false, problem: { code: error.code, facts: error.facts } }
  }
}
