import 'server-only'
import { randomUUID } from 'node:crypto'
import type { DifferenceKind, Why } from '#lib/domain/comparison.ts'
import { toDate } from '#lib/domain/kst.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { seal } from '#lib/server/crypto.ts'
import { toJson, type Transaction } from '#lib/server/db.ts'
import type { Comparison, Difference } from '#prisma/client/client.ts'
import type { FileRow } from '../imports/import-file.ts'
import { DifferenceFacts } from './stored-told.ts'

export type Finding = {
  readonly number: string
  readonly key: string
  readonly kind: DifferenceKind
  readonly whys: readonly Why[]
  readonly facts: DifferenceFacts
  readonly paymentId: string | null
  /** Of a payment that only the file knows. */
  readonly row: FileRow | null
}
/** What was compared: a channel's transactions on some days. */
export type Compared = {
  readonly comparison: Comparison
  readonly pg: string
  readonly mid: string
  readonly from: string
  readonly to: string
}

/**
 * Each difference is one row, however often a file says it: found again it is the same, with whoever has it and what was said of
 * it. What these numbers no longer differ in ends by itself. `numbers`: those compared, whether found to differ or not.
 */
export async function writeFindings(
  tx: Transaction,
  context: Context,
  of: Compared,
  findings: readonly Finding[],
  numbers: readonly string[],
): Promise<void> {
  const { comparison, pg, mid } = of
  const place = { storeId: comparison.storeId, pg, mid }
  const keys = findings.map(({ key }) => key)
  const before = await tx.difference.findMany({
    where: { ...place, OR: [{ number: { in: [...numbers] } }, { key: { in: keys } }] },
  })
  const known = new Map(before.map((one) => [one.key, one]))
  const fresh = findings.filter(({ key }) => !known.has(key))
  await tx.difference.createMany({
    data: fresh.map((finding) => rowOf(context, of, finding)),
    skipDuplicates: true,
  })
  for (const finding of findings) {
    const same = known.get(finding.key)
    if (same) await findAgain(tx, same, finding)
  }
  const now = new Set(keys)
  const differing = new Set(findings.map(({ number }) => number))
  for (const one of before)
    if (one.state === 'OPEN' && !now.has(one.key) && isOver(one, of))
      await closeFound(tx, context, one, differing.has(one.number) ? 'changed' : 'match', comparison.id)
  const found = await tx.difference.findMany({ where: { ...place, key: { in: keys } }, select: { id: true } })
  await tx.comparisonFinding.createMany({
    data: found.map(({ id }) => ({ comparisonId: comparison.id, differenceId: id })),
    skipDuplicates: true,
  })
}

function rowOf(context: Context, { comparison, pg, mid }: Compared, { row, whys, facts, ...finding }: Finding) {
  const id = randomUUID()
  return {
    ...finding,
    id,
    storeId: comparison.storeId,
    channelId: comparison.channelId,
    pg,
    mid,
    whys: [...whys],
    facts: toJson(facts),
    row: sealedRow(id, row),
    comparisonId: comparison.id,
    foundAt: toDate(context.now()),
  }
}

const sealedRow = (id: string, row: FileRow | null): string | null =>
  row === null ? null : seal(JSON.stringify(row), ['Difference', id, 'row'])

/** What a person closed stays closed; what had ended by itself is there again. */
async function findAgain(tx: Transaction, same: Difference, { whys, facts, paymentId, row }: Finding): Promise<void> {
  if (same.closedBy === 'person') return
  const said = JSON.stringify(DifferenceFacts.parse(facts))
  if (same.state === 'OPEN' && said === JSON.stringify(DifferenceFacts.parse(same.facts))) return
  await tx.difference.update({
    where: { id: same.id },
    data: {
      whys: [...whys],
      facts: toJson(facts),
      paymentId,
      row: sealedRow(same.id, row),
      ...(same.state === 'CLOSED' && { state: 'OPEN', closedBy: null, closedById: null, closedAt: null }),
    },
  })
}

/** A payment that is known on both sides is missing on neither. Of the rest a file tells only of its own days. */
function isOver(one: Difference, { from, to }: Compared): boolean {
  if (one.kind !== 'differs') return true
  const facts = DifferenceFacts.parse(one.facts)
  return facts.to <= to && (facts.layout === 'payments' || facts.from >= from)
}

type ClosedBy = 'person' | 'match' | 'changed' | 'recorded' | 'imported'
/** `comparisonId`: by which it was seen. The row of the file is not needed any more. */
export async function closeFound(
  tx: Transaction,
  context: Context,
  one: Difference,
  closedBy: ClosedBy,
  comparisonId: string | null,
): Promise<void> {
  const { actor } = context
  const byPerson = closedBy !== 'match' && closedBy !== 'changed' && actor.kind === 'person'
  await tx.difference.update({
    where: { id: one.id },
    data: {
      state: 'CLOSED',
      row: null,
      closedBy,
      closedById: byPerson ? actor.id : null,
      closedAt: toDate(context.now()),
    },
  })
  await audit(tx, context, {
    action: 'comparison.close',
    outcome: 'done',
    storeId: one.storeId,
    subject: { type: 'difference', id: one.id },
    facts: {
      number: one.number,
      kind: one.kind,
      by: closedBy,
      ...(comparisonId !== null && { comparison: comparisonId }),
    },
  })
}
