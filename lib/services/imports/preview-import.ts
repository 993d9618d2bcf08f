import 'server-only'
import type { z } from 'zod'
import { importFields, isComplete, type ImportColumns } from '#lib/domain/payment-import.ts'
import type { ImportRowView, ImportView } from '#lib/domain/views.ts'
import type { Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { Payment } from '#prisma/client/client.ts'
import { contradicts } from '../payments/tell-payment.ts'
import { guessColumns } from './guess-columns.ts'
import { openFile, OfFile, readLines, type FileOfAccount, type ReadLine } from './imported-rows.ts'
import { lastColumns } from './last-columns.ts'
import { numberOf } from './read-row.ts'

/** Without columns: as they were last, and as the titles say. */
export const PreviewImport = OfFile.extend({ columns: OfFile.shape.columns.nullable() })

/**
 * What would happen row by row, once it is said which column is what; nothing is written.
 * Fails with: account.not_found, permission.missing, upload.unreadable, request.too_large.
 */
export async function previewImport(
  context: Context,
  { accountId, content, columns, allMethod }: z.infer<typeof PreviewImport>,
): Promise<ImportView> {
  const file = await openFile(context, accountId, content)
  const last = await lastColumns(accountId)
  const chosen: ImportColumns = columns ?? guessColumns(file.titles, last.columns, importFields)
  const method = columns === null ? (allMethod ?? last.allMethod) : allMethod
  return {
    titles: file.titles,
    samples: file.samples,
    columns: chosen,
    allMethod: method,
    rows: isComplete(chosen, method) ? await judged(file, readLines(context, file, chosen, method)) : null,
  }
}

async function judged({ account }: FileOfAccount, lines: readonly ReadLine[]): Promise<readonly ImportRowView[]> {
  const channel = account.connector.channelOf?.(account.call.credentials)
  const numbers = lines.flatMap(({ row, read }) => (read.ok ? [numberOf(row)] : []))
  const rows = await db.payment.findMany({
    where: { pg: channel?.pg ?? '', mid: channel?.mid ?? '', pgTxId: { in: numbers } },
  })
  const known = new Map(rows.map((row) => [row.pgTxId, row] as const))
  return lines.map((line) => viewOf(line, known.get(numberOf(line.row)), account.storeId))
}

function viewOf({ row, read }: ReadLine, known: Payment | undefined, storeId: string): ImportRowView {
  const { line } = row
  const number = numberOf(row)
  if (!read.ok) {
    const { reason, facts } = read
    return { line, number, amount: null, approvedAt: null, method: null, verdict: { kind: 'error', reason, facts } }
  }
  const { total, approvedAt, method } = read.payment
  return { line, number, amount: total, approvedAt, method, verdict: verdictOf(read, known, storeId) }
}

function verdictOf(
  { payment, taxFreeSaid }: Extract<ReadLine['read'], { ok: true }>,
  known: Payment | undefined,
  storeId: string,
): ImportRowView['verdict'] {
  if (!known) return { kind: 'new' }
  if (known.storeId !== storeId) return { kind: 'error', reason: 'at_other_store', facts: {} }
  return contradicts(known, payment, taxFreeSaid)
    ? { kind: 'differs', paymentId: known.id, ours: Number(known.amount) }
    : { kind: 'known', paymentId: known.id }
}
