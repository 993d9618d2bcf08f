import 'server-only'
import { z } from 'zod'
import { states, type CancellationState } from '#lib/domain/cancellation.ts'
import type { DeskItem } from '#lib/domain/views.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { permitted, visibleStores, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { namesOf } from '../people/names.ts'
import { itemOf, withNames } from '../payments/payment-item.ts'
import { peopleIn, viewOf, withAttempts } from './cancellation-view.ts'

const desks = {
  all: states,
  confirming: ['UNCONFIRMED', 'ACCEPTED'],
  approvals: ['AWAITING_APPROVAL'],
  scheduled: ['SCHEDULED'],
} as const satisfies Record<string, readonly CancellationState[]>

export const FindCancellations = z.object({
  view: z.enum(['all', 'confirming', 'approvals', 'scheduled']).default('all'),
  state: z.enum(states).optional(),
  store: z.uuid().optional(),
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

const include = {
  ...withAttempts,
  payment: { include: { ...withNames, channel: { include: { account: true } } } },
} as const

/**
 * Cancellations of the stores a person may see; the cursor is the last row's id. All: newest first. On a desk: what has
 * waited longest first.
 */
export async function findCancellations(
  person: Person,
  query: z.input<typeof FindCancellations>,
): Promise<{ items: DeskItem[]; next: string | null }> {
  const { view, cursor, limit, ...rest } = FindCancellations.parse(query)
  const order = view === 'all' ? 'desc' : 'asc'
  const rows = await db.cancellation.findMany({
    where: cancellationsOf(person, { view, ...rest }),
    include,
    orderBy: [{ requestedAt: order }, { id: order }],
    take: limit + 1,
    ...(cursor && { cursor: { id: cursor }, skip: 1 }),
  })
  const page = rows.slice(0, limit)
  const names = await namesOf(page.flatMap(peopleIn))
  return {
    items: page.map((row) => deskItem(row, person, names)),
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  }
}

/** What the person may see of those asked for. */
export function cancellationsOf(
  person: Person,
  { view, state, store }: Pick<z.infer<typeof FindCancellations>, 'view' | 'state' | 'store'>,
) {
  const stores = visibleStores(person)
  return {
    AND: [
      { state: { in: [...desks[view]] } },
      state ? { state } : {},
      store ? { storeId: store } : {},
      stores ? { storeId: { in: [...stores] } } : {},
    ],
  }
}

type Row = Awaited<ReturnType<typeof db.cancellation.findMany<{ include: typeof include }>>>[number]

function deskItem(row: Row, person: Person, names: ReadonlyMap<string, string>): DeskItem {
  const { payment } = row
  const connector = connectorOf(payment.channel.account)
  const { method, store } = payment
  return {
    ...viewOf(row, { names, method, connector, oneAfterDay: store.oneAfterDay, personId: person.id }),
    payment: itemOf(payment),
    desk: connector.desk,
    canAsk: connector.operations.inquire !== undefined,
    may: {
      resolve: permitted(person, 'cancellation.resolve', row.storeId),
      approve: permitted(person, 'cancellation.approve', row.storeId),
      ask: permitted(person, 'payment.refresh', row.storeId),
    },
  }
}
