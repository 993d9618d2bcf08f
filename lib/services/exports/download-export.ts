import 'server-only'
import { z } from 'zod'
import { formatTime, fromDate, kstDate, MINUTE_MS, plus, toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { ExportView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { audit } from '#lib/server/audit.ts'
import { unseal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import type { Export } from '#prisma/client/client.ts'
import { allowedIn, formats } from './create-export.ts'
import { csv } from './csv.ts'
import { sourceOf, whats, type Reader } from './sources.ts'
import type { Cell } from './stream-of.ts'
import { xlsx } from './xlsx.ts'

const DOWNLOAD_MS = 10 * MINUTE_MS
/** How many rows stand between two notes of how far it is. */
const NOTED_ROWS = 2_000

export const OneExport = z.object({ id: z.uuid() })
const filterIn = z.object({ rest: z.record(z.string(), z.string()), total: z.number(), q: z.string().nullable() })

/** Nobody else's exists for this person. Fails with: export.not_found. */
async function ownExport({ actor }: Reader, id: string): Promise<Export> {
  const found = await db.export.findUnique({ where: { id } })
  if (!found || found.byId !== actor.id) throw new DomainError('export.not_found')
  return found
}

/** How far it is. Fails with: export.not_found. */
export async function getExport(context: Reader, { id }: z.infer<typeof OneExport>): Promise<ExportView> {
  const found = await ownExport(context, id)
  return { id, total: filterIn.parse(found.filter).total, rows: found.rows, state: stateOf(found, context) }
}

function stateOf({ startedAt, finishedAt, createdAt }: Export, { now }: Reader): ExportView['state'] {
  if (finishedAt !== null) return 'finished'
  if (startedAt !== null) return 'running'
  return plus(fromDate(createdAt), DOWNLOAD_MS) < now() ? 'expired' : 'ready'
}

type File = { readonly name: string; readonly type: string; readonly body: ReadableStream<Uint8Array> }
const types: Record<(typeof formats)[number], string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/**
 * The file, once, for whoever asked for it, within ten minutes; a file that did not arrive whole may be taken again within them.
 * What this person may see and take out is asked anew. Fails with: export.not_found, permission.missing, store.not_found.
 */
export async function downloadExport(context: Reader, { id }: z.infer<typeof OneExport>, words: Words): Promise<File> {
  const found = await ownExport(context, id)
  const what = z.enum(whats).parse(found.what)
  const format = z.enum(formats).parse(found.format)
  const { rest, q } = filterIn.parse(found.filter)
  const filter = { ...rest, ...(q !== null && { q: unseal(q, ['Export', id, 'q']) }) }
  const { reader } = allowedIn(context, rest['store'])
  const at = fromDate(found.createdAt)
  const source = sourceOf(what, filter, at)
  const taken = await db.export.updateMany({
    where: { id, startedAt: null, createdAt: { gte: toDate(plus(context.now(), -DOWNLOAD_MS)) } },
    data: { startedAt: toDate(context.now()), rows: 0 },
  })
  if (taken.count === 0) throw new DomainError('export.not_found')
  const rows = noted(context, found, source.pages(reader, words))
  const header = source.header(words)
  return {
    name: `${what}-${kstDate(at)}-${formatTime(at).replaceAll(':', '')}.${format}`,
    type: types[format],
    body: format === 'csv' ? csv(header, rows) : xlsx(header, rows),
  }
}

/** The file's end is written only after it is recorded how many rows it has; what broke off is recorded too. */
async function* noted(
  context: Reader,
  { id, what, format }: Export,
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<readonly Cell[], void, undefined> {
  let rows = 0
  let notedRows = 0
  let whole = false
  const end = (done: boolean) =>
    transaction(async (tx) => {
      await tx.export.update({
        where: { id },
        data: done ? { rows, finishedAt: toDate(context.now()) } : { rows, startedAt: null },
      })
      await audit(tx, context, {
        action: 'export.download',
        outcome: done ? 'done' : 'failed',
        subject: { type: 'export', id },
        facts: { what, format, rows },
      })
    })
  try {
    for await (const page of pages) {
      yield* page
      rows += page.length
      if (rows - notedRows < NOTED_ROWS) continue
      await db.export.update({ where: { id }, data: { rows } })
      notedRows = rows
    }
    await end(true)
    whole = true
  } finally {
    if (!whole) await end(false)
  }
}
