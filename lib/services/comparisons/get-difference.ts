import 'server-only'
import { z } from 'zod'
import { fromDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { DifferenceView } from '#lib/domain/views.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { permitted, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { namesOf } from '../people/names.ts'
import { itemsOf } from './find-differences.ts'
import { openDifference } from './open-difference.ts'
import { previewRecord } from './record-difference.ts'
import { previewTake } from './take-difference.ts'
import { whoWorks } from './work-difference.ts'

/** The query of `GET /api/comparisons/differences/[id]`. */
export const GetDifference = z.object({ id: z.string() })

/** A difference with what can be done about it. Fails with: difference.not_found, permission.missing. */
export async function getDifference(context: Context, { id }: z.infer<typeof GetDifference>): Promise<DifferenceView> {
  const missing = new DomainError('difference.not_found')
  if (!z.uuid().safeParse(id).success) throw missing
  const one = await openDifference(context, id, 'comparison.run')
  const [item] = await itemsOf([one])
  if (!item) throw missing
  const notes = await db.differenceNote.findMany({ where: { differenceId: id }, orderBy: { at: 'desc' } })
  const people = await namesOf(notes.map(({ byId }) => byId))
  const comparisons = await db.comparison.findMany({
    where: { findings: { some: { differenceId: id } } },
    orderBy: { at: 'desc' },
    take: 5,
  })
  const open = one.state === 'OPEN'
  return {
    ...item,
    notes: notes.map(({ text, byId, at }) => ({ text, by: people.get(byId) ?? '', at: fromDate(at) })),
    people: await whoWorks(one.storeId),
    record: open ? await previewRecord(context, one) : null,
    take: open ? await previewTake(context, one) : null,
    may: {
      record: permitted(context.actor, 'comparison.record', one.storeId),
      take: permitted(context.actor, 'payment.import', one.storeId),
      whoRecords: whoMay('comparison.record').join(', '),
      whoTakes: whoMay('payment.import').join(', '),
    },
    comparisons: comparisons.map(({ id: comparisonId, fileName, at }) => ({
      id: comparisonId,
      fileName,
      at: fromDate(at),
    })),
  }
}
