import 'server-only'
import { z } from 'zod'
import { endOfDay, fromDate, parseIso, parseKstDate, startOfDay, toDate, toIso } from '#lib/domain/kst.ts'
import { methods, paymentStatuses } from '#lib/domain/payment.ts'
import type { PaymentItem, PaymentPage } from '#lib/domain/views.ts'
import { visibleStores, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { Prisma } from '#prisma/client/client.ts'
import { itemOf, withNames } from './payment-item.ts'

const day = z.string().transform((text, context) => {
  const date = parseKstDate(text)
  if (date !== null) return date
  context.addIssue('not a day')
  return z.NEVER
})
const cursor = z.string().transform((text, context) => {
  const [at, id] = Buffer.from(text, 'base64url').toString('utf8').split('|')
  const read = parseIso(at ?? '')
  if (read !== null && z.uuid().safeParse(id).success && id !== undefined) return { at: toDate(read), id }
  context.addIssue('not a cursor')
  return z.NEVER
})

/** The query of `GET /api/payments`. A `q` is a whole number of some kind, found whatever the period. */
export const FindPayments = z.object({
  q: z
    .string()
    .trim()
    .max(200)
    .regex(/^[^\p{Cc}]*$/u)
    .optional(),
  store: z.uuid().optional(),
  channel: z.uuid().optional(),
  method: z.enum(methods).optional(),
  status: z.enum([...paymentStatuses, 'BUSY']).optional(),
  from: day.optional(),
  to: day.optional(),
  basis: z.enum(['approved', 'requested', 'cancelled']).default('approved'),
  test: z.enum(['show', 'hide']).default('show'),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type FindPayments = z.infer<typeof FindPayments>

const columns = {
  approved: Prisma.raw('"approvedAt"'),
  requested: Prisma.raw('"requestedAt"'),
  cancelled: Prisma.raw('"lastRefundAt"'),
}

/** A page of what the person may see, newest first by the chosen time, by keyset: page 2,000 costs what page 1 costs. */
export async function findPayments(person: Person, query: FindPayments): Promise<PaymentPage> {
  const ids = await findIds(person, query)
  const page = ids.slice(0, query.limit)
  const rows = await db.payment.findMany({ where: { id: { in: page.map((row) => row.id) } }, include: withNames })
  const byId = new Map(rows.map((row) => [row.id, itemOf(row)]))
  const items = page.map(({ id }) => byId.get(id)).filter((item): item is PaymentItem => item !== undefined)
  const last = page.at(-1)
  return {
    items,
    next:
      ids.length > query.limit && last
        ? Buffer.from(`${toIso(fromDate(last.at))}|${last.id}`).toString('base64url')
        : null,
  }
}

async function findIds(person: Person, query: FindPayments): Promise<{ id: string; at: Date }[]> {
  const at = columns[query.basis]
  const conditions = conditionsOf(person, query, at)
  return db.$queryRaw<{ id: string; at: Date }[]>`
    SELECT id, ${at} AS at FROM "Payment"
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY ${at} DESC, id DESC LIMIT ${query.limit + 1}`
}

function conditionsOf(person: Person, query: FindPayments, at: Prisma.Sql): Prisma.Sql[] {
  const stores = visibleStores(person)
  const conditions = [Prisma.sql`${at} IS NOT NULL`]
  if (query.store) conditions.push(Prisma.sql`"storeId" = ${query.store}::uuid`)
  if (stores)
    conditions.push(
      stores.length === 1
        ? Prisma.sql`"storeId" = ${stores[0]}::uuid`
        : Prisma.sql`"storeId" = ANY(${[...stores]}::uuid[])`,
    )
  if (query.q) conditions.push(Prisma.sql`id IN (SELECT "paymentId" FROM "Reference" WHERE value = ${query.q})`)
  if (query.channel) conditions.push(Prisma.sql`"channelId" = ${query.channel}::uuid`)
  if (query.method) conditions.push(Prisma.sql`method = ${query.method}::"Method"`)
  if (query.status === 'BUSY') conditions.push(Prisma.sql`"openCount" > 0`)
  else if (query.status) conditions.push(Prisma.sql`status = ${query.status}::"PaymentStatus"`)
  if (query.test === 'hide') conditions.push(Prisma.sql`environment <> 'test' AND NOT "testStore"`)
  if (!query.q && query.from) conditions.push(Prisma.sql`${at} >= ${toDate(startOfDay(query.from))}`)
  if (!query.q && query.to) conditions.push(Prisma.sql`${at} < ${toDate(endOfDay(query.to))}`)
  if (query.cursor) conditions.push(Prisma.sql`(${at}, id) < (${query.cursor.at}, ${query.cursor.id}::uuid)`)
  return conditions
}
