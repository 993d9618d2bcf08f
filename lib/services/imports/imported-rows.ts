import 'server-only'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isComplete, type ImportColumns } from '#lib/domain/payment-import.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { Connector } from '#lib/gateways/connector.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import { Columns, Content, Method, readImportFile, type FileRow, type ImportFile } from './import-file.ts'
import { isCancelRow, numberOf, readRow, type ReadRow } from './read-row.ts'

/** A file, whose it is, and which column is what. */
export const OfFile = z.object({
  accountId: z.uuid(),
  content: Content,
  columns: Columns,
  allMethod: Method.nullable(),
})
export type OfFile = z.infer<typeof OfFile>

export type FileOfAccount = ImportFile & { readonly account: OpenAccount; readonly sha256: string }

/** Fails with: account.not_found, permission.missing, upload.unreadable, request.too_large. */
export async function openFile(context: Context, accountId: string, content: string): Promise<FileOfAccount> {
  const missing = new DomainError('account.not_found')
  const row = await db.gatewayAccount.findUnique({ where: { id: accountId } })
  if (!row) throw missing
  authorize(context, 'payment.import', row.storeId, missing)
  const account = openAccount(row)
  if (!takesFiles(account.connector)) throw missing
  const bytes = Buffer.from(content, 'base64')
  const file = await readImportFile(bytes)
  return { ...file, account, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Where an account is its own one channel, each row is known to be of it. */
export const takesFiles = (connector: Connector): boolean =>
  connector.channelOf !== undefined && connector.readApproval !== undefined

export type ReadLine = { readonly row: FileRow; readonly read: ReadRow }

/**
 * Every row, read. A number that the file names twice is taken once; where one of its rows is a cancel, not at all: what is left
 * of it only the gateway can say.
 */
export function readLines(
  context: Context,
  { account, rows }: FileOfAccount,
  columns: ImportColumns,
  allMethod: OfFile['allMethod'],
): readonly ReadLine[] {
  if (!isComplete(columns, allMethod)) throw new DomainError('request.invalid', { field: 'columns' })
  const read = rows(columns)
  const cancelled = new Set(read.filter(isCancelRow).map(numberOf))
  const seen = new Set<string>()
  const now = context.now()
  return read.map((row) => {
    const number = numberOf(row)
    const one = readRow(row, account, allMethod, now)
    if (!one.ok) return { row, read: one }
    if (cancelled.has(number)) return { row, read: { ok: false, reason: 'cancelled_elsewhere', facts: {} } }
    if (seen.has(number)) return { row, read: { ok: false, reason: 'twice', facts: {} } }
    seen.add(number)
    return { row, read: one }
  })
}
