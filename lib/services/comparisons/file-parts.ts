import 'server-only'
import { DAY_MS, plus, toDate } from '#lib/domain/kst.ts'
import type { Context } from '#lib/server/context.ts'
import { seal, unseal } from '#lib/server/crypto.ts'
import { db, type Transaction } from '#lib/server/db.ts'

export const PART_BYTES_MAX = 2 * 1024 * 1024
export const PARTS_MAX = 8
export const COMPARED_BYTES_MAX = PARTS_MAX * PART_BYTES_MAX
const FILES_OF_ONE_MAX = 5

type Kind = 'upload' | 'rows' | 'numbers'
type Part = { readonly comparisonId: string; readonly kind: Kind; readonly index: number }

const bindingOf = ({ comparisonId, kind, index }: Part) => ['ComparisonPart', comparisonId, `${kind}/${index}`] as const

/** The same part again changes nothing. */
export async function keepPart(tx: Transaction | typeof db, part: Part, text: string): Promise<void> {
  const body = Buffer.from(seal(text, bindingOf(part)))
  await tx.comparisonPart.createMany({ data: [{ ...part, body }], skipDuplicates: true })
}

/** In their order. */
export async function partsOf(comparisonId: string, kind: Kind, index?: number): Promise<readonly string[]> {
  const rows = await db.comparisonPart.findMany({
    where: { comparisonId, kind, ...(index !== undefined && { index }) },
    orderBy: { index: 'asc' },
  })
  return rows.map(({ index: at, body }) =>
    unseal(Buffer.from(body).toString(), bindingOf({ comparisonId, kind, index: at })),
  )
}

export const dropParts = (tx: Transaction, comparisonId: string, kind: Kind, index?: number) =>
  tx.comparisonPart.deleteMany({ where: { comparisonId, kind, ...(index !== undefined && { index }) } })

/** A file that nobody compared within a day is not kept. */
export async function dropAbandoned(tx: Transaction, context: Context): Promise<void> {
  const before = toDate(plus(context.now(), -DAY_MS))
  await tx.comparisonPart.deleteMany({ where: { comparison: { at: { lt: before } } } })
}

/** Of one person's files that are not compared only the latest are kept. */
export async function dropOlder(tx: Transaction, byId: string): Promise<void> {
  const older = await tx.comparison.findMany({
    where: { byId, files: { some: {} } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    skip: FILES_OF_ONE_MAX,
    select: { id: true },
  })
  await tx.comparisonPart.deleteMany({ where: { comparisonId: { in: older.map(({ id }) => id) } } })
}
