import 'server-only'
import { z } from 'zod'
import { formatKst } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, permitted, type Context, type Person } from '#lib/server/context.ts'
import { transaction } from '#lib/server/db.ts'
import { xlsx, type Cell } from '../exports/xlsx.ts'
import { findEscrow, FindEscrow } from './find-escrow.ts'
import { registerableStores } from './preview-sheet.ts'
import { SHEET_ROWS_MAX } from './read-sheet.ts'
import { headOf } from './sheet-columns.ts'

export const DueSheet = z.object({ store: z.uuid().optional() })

const PAGE = 200
const text = (value: string | null): Cell => (value === null ? null : { text: value })
/** A cell formatted as text: what is typed into it keeps its zeros. */
const EMPTY: Cell = { text: '' }

/**
 * What is to be shipped, as many rows as may come back, with three columns to fill in. Masked as on the screen.
 * Fails with: permission.missing, store.not_found.
 */
export async function dueSheet(
  context: Context & { readonly actor: Person },
  { store }: z.infer<typeof DueSheet>,
  language: 'ko' | 'en',
): Promise<ReadableStream<Uint8Array>> {
  if (store === undefined) registerableStores(context)
  else authorize(context, 'shipment.register', store, new DomainError('store.not_found'))
  await transaction((tx) =>
    audit(tx, context, {
      action: 'export.download',
      outcome: 'done',
      ...(store !== undefined && { storeId: store }),
      facts: { what: 'shipment_due' },
    }),
  )
  return xlsx(headOf(language), rowsOf(context, store))
}

async function* rowsOf(
  context: Context & { readonly actor: Person },
  store: string | undefined,
): AsyncGenerator<readonly Cell[]> {
  let cursor: string | undefined
  let given = 0
  do {
    const page = await findEscrow(context, FindEscrow.parse({ store, limit: PAGE, ...(cursor && { cursor }) }))
    for (const { payment } of page.items) {
      const number = payment.paymentId ?? payment.pgTxId
      if (number === null || !permitted(context.actor, 'shipment.register', payment.store.id)) continue
      if (given >= SHEET_ROWS_MAX) return
      given += 1
      yield [
        { text: number },
        { text: payment.orderName },
        text(payment.buyerMasked),
        { number: payment.amount },
        { text: formatKst(payment.approvedAt) },
        EMPTY,
        EMPTY,
        EMPTY,
      ]
    }
    cursor = page.next ?? undefined
  } while (cursor)
}
