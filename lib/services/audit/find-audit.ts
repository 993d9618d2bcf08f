import 'server-only'
import { z } from 'zod'
import { fromDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { AuditPage } from '#lib/domain/views.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { permitted, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { namesOf } from '../people/names.ts'

const outcomes = z.enum(['done', 'denied', 'failed'])
export const FindAudit = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt)
    .optional(),
  store: z.uuid().optional(),
  action: z.string().max(60).optional(),
  outcome: outcomes.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** Who did what, newest first, of the stores whose audit this person may read; the owner also sees what belongs to no store. */
export async function findAudit(
  context: Context & { readonly actor: Person },
  query: z.infer<typeof FindAudit>,
): Promise<AuditPage> {
  const rows = await db.auditEntry.findMany({
    where: {
      ...entriesOf(context.actor, query),
      ...(query.cursor !== undefined && { id: { lt: query.cursor } }),
    },
    orderBy: { id: 'desc' },
    take: query.limit + 1,
  })
  const page = rows.slice(0, query.limit)
  const names = await namesOf(page.flatMap((row) => row.actorId ?? []))
  const items = page.map((row) => ({
    id: String(row.id),
    at: fromDate(row.at),
    who: (row.actorId !== null && names.get(row.actorId)) || row.actor,
    store: row.storeId,
    action: row.action,
    outcome: outcomes.parse(row.outcome),
    subject: row.subject,
    subjectId: row.subjectId,
    facts: JSON.stringify(row.facts, null, 2),
    requestId: row.requestId,
  }))
  return { items, next: rows.length > query.limit ? String(page.at(-1)?.id ?? '') : null }
}

/** What the person may read of those asked for. Fails with: permission.missing. */
export function entriesOf(actor: Person, query: Pick<z.infer<typeof FindAudit>, 'store' | 'action' | 'outcome'>) {
  const stores = [...actor.grants.keys()].filter((storeId) => permitted(actor, 'audit.view', storeId))
  if (!actor.owner && stores.length === 0)
    throw new DomainError('permission.missing', { permission: 'audit.view', who: whoMay('audit.view').join(', ') })
  return {
    AND: [
      actor.owner ? {} : { storeId: { in: stores } },
      query.store ? { storeId: query.store } : {},
      query.action ? { action: query.action } : {},
      query.outcome ? { outcome: query.outcome } : {},
    ],
  }
}
