import 'server-only'
import { z } from 'zod'
import { states } from '#lib/domain/cancellation.ts'
import type { CancellationView, PaymentItem } from '#lib/domain/views.ts'
import { visibleStores, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { namesOf } from '../people/names.ts'
import { itemOf, withNames } from '../payments/payment-item.ts'
import { viewOf, withAttempts } from './cancellation-view.ts'

export const FindCancellations = z.object({
  state: z.enum(states).optional(),
  store: z.uuid().optional(),
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** Cancellations of the stores a person may see, newest first; the cursor is the last row's id. */
export async function findCancellations(
  person: Person,
  query: z.infer<typeof FindCancellations>,
): Promise<{ items: (CancellationView & { readonly payment: PaymentItem })[]; next: string | null }> {
  const stores = visibleStores(person)
  const rows = await db.cancellation.findMany({
    where: {
      ...(query.state && { state: query.state }),
      AND: [query.store ? { storeId: query.store } : {}, stores ? { storeId: { in: [...stores] } } : {}],
    },
    include: { ...withAttempts, payment: { include: withNames } },
    orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
    ...(query.cursor && { cursor: { id: query.cursor }, skip: 1 }),
  })
  const page = rows.slice(0, query.limit)
  const names = await namesOf(page.map((row) => row.requestedById))
  return {
    items: page.map((row) => ({ ...viewOf(row, names, row.payment.method), payment: itemOf(row.payment) })),
    next: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
  }
}
