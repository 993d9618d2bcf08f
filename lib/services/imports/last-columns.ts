import 'server-only'
import { z } from 'zod'
import type { ImportColumns, ImportMethod } from '#lib/domain/payment-import.ts'
import { db } from '#lib/server/db.ts'
import { Columns, Method } from './import-file.ts'

const stored = z.object({ columns: Columns, allMethod: Method.nullable() })
export type Chosen = { readonly columns: ImportColumns; readonly allMethod: ImportMethod | null }

/** Which column was what in the account's last file. */
export async function lastColumns(accountId: string): Promise<Chosen> {
  const last = await db.paymentImport.findFirst({ where: { accountId }, orderBy: [{ at: 'desc' }, { id: 'desc' }] })
  return stored.safeParse(last?.columns).data ?? { columns: {}, allMethod: null }
}
