import 'server-only'
import { z } from 'zod'
import { fromDate, parseIso, toDate, toIso, type Instant } from '#lib/domain/kst.ts'
import { paymentStatuses } from '#lib/domain/payment.ts'
import { shippingStages, type ShippingStage } from '#lib/domain/shipping.ts'
import type { EscrowItem, EscrowPage } from '#lib/domain/views.ts'
import { paidBeforeOverdue, stageOf, stageOfStatus } from '#lib/policy/shipping.ts'
import { visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { Prisma } from '#prisma/client/client.ts'
import { namesOf } from '../people/names.ts'
import { itemOf, withNames } from '../payments/payment-item.ts'
import { deliveryOf, paidAtOf } from './shipment-facts.ts'
import { dueAtOf, peopleOf, shipmentView } from './shipping-view.ts'

const cursor = z.string().transform((text, context): { at: Instant; id: string } => {
  const [time, id] = Buffer.from(text, 'base64url').toString('utf8').split('|')
  const at = parseIso(time ?? '')
  const known = z.uuid().safeParse(id)
  if (at !== null && known.success) return { at, id: known.data }
  context.addIssue('not a cursor')
  return z.NEVER
})

export const FindEscrow = z.object({
  stage: z.enum(shippingStages).default('shipment_due'),
  store: z.uuid().optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type FindEscrow = z.infer<typeof FindEscrow>

/** The policy's own table as SQL, so that the board and the rules cannot come to differ. */
const stageSql = Prisma.raw(
  `CASE ${paymentStatuses
    .flatMap((status) =>
      [...Object.keys(stageOfStatus), '?'].map(
        (escrow) =>
          `WHEN payment.status = '${status}'${escrow === '?' ? '' : ` AND payment.escrow->>'status' = '${escrow}'`} THEN '${stageOf(status, escrow)}'`,
      ),
    )
    .join(' ')} END`,
)

function scope(person: Person, store: string | undefined): Prisma.Sql {
  const stores = visibleStores(person)
  const conditions = [Prisma.sql`payment.escrow IS NOT NULL`]
  if (store) conditions.push(Prisma.sql`payment."storeId" = ${store}::uuid`)
  if (stores) conditions.push(Prisma.sql`payment."storeId" = ANY(${[...stores]}::uuid[])`)
  return Prisma.join(conditions, ' AND ')
}

/** What is due comes oldest first, the rest newest first; by keyset, so page 200 costs what page 1 costs. */
export async function findEscrow(
  context: Context & { readonly actor: Person },
  query: FindEscrow,
): Promise<EscrowPage> {
  const now = context.now()
  const oldestFirst = query.stage === 'shipment_due'
  const [order, beyond] = oldestFirst ? [Prisma.raw('ASC'), Prisma.raw('>')] : [Prisma.raw('DESC'), Prisma.raw('<')]
  const after = query.cursor
    ? Prisma.sql`AND (payment."approvedAt", payment.id) ${beyond} (${toDate(query.cursor.at)}, ${query.cursor.id}::uuid)`
    : Prisma.empty
  const rows = await db.$queryRaw<{ id: string; approvedAt: Date }[]>`
    SELECT payment.id, payment."approvedAt" FROM "Payment" payment
    WHERE ${scope(context.actor, query.store)} AND ${stageSql} = ${query.stage} ${after}
    ORDER BY payment."approvedAt" ${order}, payment.id ${order} LIMIT ${query.limit + 1}`
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: await itemsOf(page.map(({ id }) => id)),
    next:
      rows.length > query.limit && last
        ? Buffer.from(`${toIso(fromDate(last.approvedAt))}|${last.id}`).toString('base64url')
        : null,
    ...(await countsOf(context.actor, query.store, now)),
    asOf: now,
  }
}

export async function countsOf(person: Person, store: string | undefined, now: Instant) {
  const overdue = Prisma.sql`payment."paidAt" <= ${toDate(paidBeforeOverdue(now))}`
  const rows = await db.$queryRaw<{ stage: string; count: number; late: number }[]>`
    SELECT ${stageSql} AS stage, count(*)::integer AS count, count(*) FILTER (WHERE ${overdue})::integer AS late
    FROM "Payment" payment WHERE ${scope(person, store)} GROUP BY 1`
  const of = (stage: ShippingStage) => rows.find((row) => row.stage === stage)
  const counts: Record<ShippingStage, number> = {
    unpaid: of('unpaid')?.count ?? 0,
    shipment_due: of('shipment_due')?.count ?? 0,
    registered: of('registered')?.count ?? 0,
    delivered: of('delivered')?.count ?? 0,
    confirmed: of('confirmed')?.count ?? 0,
    refused: of('refused')?.count ?? 0,
    cancelled: of('cancelled')?.count ?? 0,
    unrecognised: of('unrecognised')?.count ?? 0,
  }
  return { counts, overdue: of('shipment_due')?.late ?? 0 }
}

async function itemsOf(ids: readonly string[]): Promise<EscrowItem[]> {
  const found = await db.payment.findMany({
    where: { id: { in: [...ids] } },
    include: { ...withNames, shipments: { orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }], take: 1 } },
  })
  const byId = new Map(found.map((row) => [row.id, row]))
  const names = await namesOf(found.flatMap((row) => peopleOf(row.shipments)))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    const delivery = row && deliveryOf(row)
    if (!row || !delivery) return []
    const [order] = row.shipments
    const stage = stageOf(row.status, delivery.status)
    return [
      {
        payment: itemOf(row),
        stage,
        delivery,
        dueAt: dueAtOf(stage, paidAtOf(row)),
        order: order ? shipmentView(order, names) : null,
      },
    ]
  })
}
