import 'server-only'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import { DomainError, type Facts } from '#lib/domain/problem.ts'
import type { ImportRowResult } from '#lib/domain/views.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { toJson, transaction } from '#lib/server/db.ts'
import type { OpenAccount } from '../accounts/open-account.ts'
import { takePayment } from '../payments/tell-payment.ts'
import { typedText } from '../typed-text.ts'
import { openFile, OfFile, readLines, type FileOfAccount, type ReadLine } from './imported-rows.ts'

const ROWS_AT_ONCE = 200

/** A part of a file, so that there is progress to show. The file comes along each time: what is read is what was uploaded. */
export const ImportPayments = OfFile.extend({
  /** Made in the browser for one file: sending a part again counts nothing twice. */
  id: z.uuid(),
  fileName: typedText(200).min(1),
  from: z.int().min(0),
  count: z.int().min(1).max(ROWS_AT_ONCE),
})
type Input = z.infer<typeof ImportPayments>

/**
 * Takes these rows over; each by itself, so that one that cannot be taken stops no other. The same file again adds nothing.
 * Fails with: account.not_found, permission.missing, upload.unreadable, request.too_large, request.invalid, request.reused_id.
 */
export async function importPayments(
  context: Context,
  input: Input,
): Promise<{ readonly results: readonly ImportRowResult[]; readonly rows: number }> {
  const file = await openFile(context, input.accountId, input.content)
  const lines = readLines(context, file, input.columns, input.allMethod)
  await begin(context, file, input, lines.length)
  const results: ImportRowResult[] = []
  for (const line of lines.slice(input.from, input.from + input.count))
    results.push(await takeRow(context, file.account, line, { import: input.id }))
  await count(input, results)
  return { results, rows: lines.length }
}

/** Written before the first row, so that what a file added can be traced to it whatever breaks off. */
async function begin(context: Context, { account, sha256 }: FileOfAccount, input: Input, rows: number): Promise<void> {
  const { id, accountId, fileName, columns, allMethod } = input
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'payment.import' })
  await transaction(async (tx) => {
    const { count } = await tx.paymentImport.createMany({
      data: [
        {
          id,
          storeId: account.storeId,
          accountId,
          fileName,
          sha256,
          columns: toJson({ columns, allMethod }),
          rows,
          added: 0,
          known: 0,
          failed: 0,
          byId: actor.id,
          at: toDate(context.now()),
        },
      ],
      skipDuplicates: true,
    })
    if (count === 0) {
      const begun = await tx.paymentImport.findUniqueOrThrow({ where: { id } })
      if (begun.accountId !== accountId || begun.sha256 !== sha256 || begun.byId !== actor.id)
        throw new DomainError('request.reused_id')
      return
    }
    await audit(tx, context, {
      action: 'payment.import',
      outcome: 'done',
      storeId: account.storeId,
      subject: { type: 'import', id },
      facts: { account: accountId, sha256, rows },
    })
  })
}

/** Takes one row over. `from`: the file it stood in. */
export async function takeRow(
  context: Context,
  account: OpenAccount,
  { row, read }: ReadLine,
  from: Facts,
): Promise<ImportRowResult> {
  if (!read.ok) return { line: row.line, kind: 'error', reason: read.reason, facts: read.facts }
  try {
    const by = { source: 'file', facts: { ...from, line: row.line } } as const
    const became = await takePayment(context, account, read.payment, by, read.taxFreeSaid)
    return { line: row.line, kind: became.kind, paymentId: became.paymentId }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const reason = error.code === 'payment.at_other_store' ? 'at_other_store' : 'not_taken'
    return { line: row.line, kind: 'error', reason, facts: { code: error.code } }
  }
}

/** Only where this part follows on what was counted: a part sent again was counted before. */
async function count({ id, from }: Input, results: readonly ImportRowResult[]): Promise<void> {
  const of = (...kinds: readonly ImportRowResult['kind'][]) => results.filter(({ kind }) => kinds.includes(kind)).length
  await transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "PaymentImport" WHERE id = ${id}::uuid FOR UPDATE`
    const { added, known, failed } = await tx.paymentImport.findUniqueOrThrow({ where: { id } })
    if (added + known + failed !== from) return
    await tx.paymentImport.update({
      where: { id },
      data: { added: added + of('recorded'), known: known + of('known'), failed: failed + of('differs', 'error') },
    })
  })
}
