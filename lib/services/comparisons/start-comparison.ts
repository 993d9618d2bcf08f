import 'server-only'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { COMPARED_DAYS_MAX, isMeant, layouts, type FileMeaning, type Layout } from '#lib/domain/comparison.ts'
import { addDays, endOfDay, kstDate, parseKstDate, startOfDay, toDate, type KstDate } from '#lib/domain/kst.ts'
import { comparedFields } from '#lib/domain/payment-import.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { ComparedFileView } from '#lib/domain/views.ts'
import type { Span } from '#lib/policy/comparing.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, toJson, transaction } from '#lib/server/db.ts'
import { guessColumns } from '../imports/guess-columns.ts'
import { readImportFile, type ImportFile } from '../imports/import-file.ts'
import { COMPARED_BYTES_MAX, dropParts, keepPart, partsOf } from './file-parts.ts'
import { inTurn } from './in-turn.ts'
import { openComparison, personOf } from './open-comparison.ts'
import { isNumberLike, readTold, type Unread } from './read-told.ts'
import { Meaning, meaningOf } from './stored-told.ts'

export const COMPARED_ROWS_MAX = 100_000
/** Compared at a time, so that there is progress to show. */
const AT_ONCE = 2_000
const UNREAD_KEPT = 200
const UNREAD_SHOWN = 20

export const PreviewComparison = z.object({ id: z.uuid(), meaning: Meaning.nullable() })

/**
 * What the file holds, by the columns chosen; without any, as they were last and as the titles say. Nothing is written.
 * Fails with: comparison.not_found, comparison.begun, permission.missing, upload.unreadable, request.too_large.
 */
export const previewComparison = (context: Context, input: z.infer<typeof PreviewComparison>) =>
  inTurn(() => preview(context, input))

async function preview(
  context: Context,
  { id, meaning }: z.infer<typeof PreviewComparison>,
): Promise<ComparedFileView> {
  const { comparison } = await openComparison(context, id)
  if (comparison.state !== 'UPLOADING') throw new DomainError('comparison.begun')
  const { file } = await uploaded(id)
  const meant = meaning ?? (await proposed(file, comparison.channelId))
  const view = { titles: file.titles, samples: file.samples, meaning: meant }
  if (!isMeant(meant)) return { ...view, found: null }
  const { rows, unread, span, count } = readTold(file, meant, null)
  return {
    ...view,
    found: {
      rows: count,
      transactions: rows.length,
      unread: unread.length,
      unreadOf: unread.slice(0, UNREAD_SHOWN),
      days: span && { from: kstDate(span.first), to: kstDate(span.last) },
    },
  }
}

async function uploaded(id: string): Promise<{ readonly file: ImportFile; readonly sha256: string }> {
  const bytes = Buffer.concat((await partsOf(id, 'upload')).map((text) => Buffer.from(text, 'base64')))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { file: await readImportFile(bytes, COMPARED_ROWS_MAX, COMPARED_BYTES_MAX), sha256 }
}

async function proposed(file: ImportFile, channelId: string): Promise<FileMeaning> {
  const last = await db.comparison.findFirst({
    where: { channelId, state: { not: 'UPLOADING' } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
  })
  const before = meaningOf(last?.columns)
  const columns = guessColumns(file.titles, before?.columns ?? {}, comparedFields)
  const layout = before?.layout ?? layoutOf(file, columns)
  return { columns, layout, allMethod: columns.method === undefined ? (before?.allMethod ?? null) : null }
}

/** A number that stands there twice, or money with a minus sign, is an export of events. Only a proposal. */
function layoutOf(file: ImportFile, columns: FileMeaning['columns']): Layout {
  const rows = file.rows(columns)
  const numbers = new Set(rows.map(({ cells }) => cells.number))
  const events = numbers.size < rows.length || rows.some(({ cells }) => cells.amount?.startsWith('-') === true)
  return events && columns.cancelledAmount === undefined ? layouts[1] : layouts[0]
}

const Day = z.string().transform((text, context) => {
  const day = parseKstDate(text)
  if (day !== null) return day
  context.addIssue('not a day')
  return z.NEVER
})
export const StartComparison = z
  .object({ id: z.uuid(), meaning: Meaning, from: Day, to: Day })
  .refine(({ from, to }) => from <= to && to < addDays(from, COMPARED_DAYS_MAX), { path: ['to'] })

export const spanOf = (from: KstDate, to: KstDate): Span => ({ start: startOfDay(from), end: endOfDay(to) })

/**
 * Reads the file by what was chosen and lays it out in parts; `continueComparison` compares them. Begun already, it changes nothing.
 * Fails with: comparison.not_found, permission.missing, upload.unreadable, request.too_large, request.invalid.
 */
export const startComparison = (context: Context, input: z.infer<typeof StartComparison>) =>
  inTurn(() => start(context, input))

async function start(
  context: Context,
  { id, meaning, from, to }: z.infer<typeof StartComparison>,
): Promise<{ readonly parts: number }> {
  const { comparison } = await openComparison(context, id)
  personOf(context, 'comparison.run')
  if (!isMeant(meaning)) throw new DomainError('request.invalid', { field: 'columns' })
  if (comparison.state !== 'UPLOADING') return { parts: comparison.parts }
  const { file, sha256 } = await uploaded(id)
  const { rows, numbers, outside, unread, count } = readTold(file, meaning, spanOf(from, to))
  const parts = Array.from({ length: Math.ceil(rows.length / AT_ONCE) }, (_, index) =>
    rows.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  )
  for (const [index, part] of parts.entries())
    await keepPart(db, { comparisonId: id, kind: 'rows', index }, JSON.stringify(part))
  await keepPart(db, { comparisonId: id, kind: 'numbers', index: 0 }, JSON.stringify(numbers))
  await transaction(async (tx) => {
    const { count: begun } = await tx.comparison.updateMany({
      where: { id, state: 'UPLOADING' },
      data: {
        state: 'COMPARING',
        sha256,
        columns: toJson(meaning),
        fromDay: from,
        toDay: to,
        // One more: what only we know of.
        parts: parts.length + 1,
        partsLeft: parts.length + 1,
        rows: count,
        outside,
        unread: unread.length,
        unreadOf: toJson({ lines: unread.slice(0, UNREAD_KEPT).map(withoutText) }),
        at: toDate(context.now()),
      },
    })
    if (begun === 0) return
    await dropParts(tx, id, 'upload')
    await audit(tx, context, {
      action: 'comparison.run',
      outcome: 'done',
      storeId: comparison.storeId,
      subject: { type: 'comparison', id },
      facts: { channel: comparison.channelId, sha256, rows: count, from, to },
    })
  })
  return { parts: parts.length + 1 }
}

/** What stood in the cell stays in the file. */
const withoutText = ({ line, number, reason, facts }: Unread) => ({
  line,
  number: isNumberLike(number) ? number : '',
  reason,
  facts: 'column' in facts ? { column: facts['column'] } : {},
})
