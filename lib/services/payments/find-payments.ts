import 'server-only'
import { z } from 'zod'
import {
  type Instant,
  endOfDay,
  fromDate,
  kstDate,
  parseIso,
  parseKstDate,
  startOfDay,
  toDate,
  toIso,
} from '#lib/domain/kst.ts'
import { typedText } from '#lib/services/typed-text.ts'
import { methods, paymentStatuses } from '#lib/domain/payment.ts'
import type { PaymentPage } from '#lib/domain/views.ts'
import { now } from '#lib/server/clock.ts'
import { visibleStores, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { Prisma } from '#prisma/client/client.ts'
import { itemOfListed, listedColumns, listedNumbers, type ListedRow } from './payment-item.ts'
import { asked, found, namesIn, withNames, type Asked } from './search-words.ts'

/** Times that a payment can have: beyond them neither this calendar nor the database's goes. */
const isBusinessTime = (at: Instant): boolean => at >= 0 && at < 4_102_444_800_000

const day = z.string().transform((text, context) => {
  const date = parseKstDate(text)
  if (date !== null && isBusinessTime(startOfDay(date))) return date
  context.addIssue('not a day')
  return z.NEVER
})
const cursor = z.string().transform((text, context) => {
  const [at, id] = Buffer.from(text, 'base64url').toString('utf8').split('|')
  const read = parseIso(at ?? '')
  if (read !== null && isBusinessTime(read) && z.uuid().safeParse(id).success && id !== undefined)
    return { at: toDate(read), id }
  context.addIssue('not a cursor')
  return z.NEVER
})

/** The query of `GET /api/payments`. A `q` is what was typed into the one box; it brings its own period. */
export const FindPayments = z.object({
  q: typedText(200).optional(),
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

const columns = { approved: 'approvedAt', requested: 'requestedAt', cancelled: 'lastRefundAt' } as const

/** How many that may be meant by a name are opened, for one page, to see whether they are. */
const OPENED_MAX = 200

/** A page of what the person may see, newest first by the chosen time, by keyset: page 2,000 costs what page 1 costs. */
export async function findPayments(
  person: Person,
  query: FindPayments,
  words: Asked | null = query.q ? asked(query.q, kstDate(now())) : null,
): Promise<PaymentPage> {
  const names = namesIn(words)
  const most = names.length === 0 ? query.limit : OPENED_MAX
  const rows = await findRows(person, query, words, most)
  const read = rows.slice(0, most)
  const fitting = names.length === 0 ? read : await withNames(read, names)
  const page = fitting.slice(0, query.limit)
  // After a page that was cut, from its last on; else from the last that was looked at.
  const last = fitting.length > query.limit ? page.at(-1) : rows.length > most ? read.at(-1) : undefined
  const at = last?.[columns[query.basis]] ?? null
  return {
    items: page.map(itemOfListed),
    next: last && at ? Buffer.from(`${toIso(fromDate(at))}|${last.id}`).toString('base64url') : null,
    understood: words,
  }
}

/** One statement. Each store gives its newest by its own index, so many stores cost no sorting of all there is. */
async function findRows(person: Person, query: FindPayments, words: Asked | null, most: number): Promise<ListedRow[]> {
  const at = Prisma.raw(`"${columns[query.basis]}"`)
  const conditions = conditionsOf(query, words, at)
  const newest = Prisma.sql`ORDER BY ${at} DESC, "Payment".id DESC LIMIT ${most + 1}`
  return db.$queryRaw<ListedRow[]>`
    SELECT payment.*, "Channel".name AS "channelName", ${listedNumbers}
    FROM (
      SELECT found.*, "Store".name AS "storeName" FROM "Store" CROSS JOIN LATERAL (
        SELECT ${listedColumns} FROM "Payment"
        WHERE "storeId" = "Store".id AND ${Prisma.join(conditions, ' AND ')} ${newest}
      ) found
      WHERE ${Prisma.join(storesOf(person, query), ' AND ')} ORDER BY ${at} DESC, found.id DESC LIMIT ${most + 1}
    ) payment
    JOIN "Channel" ON "Channel".id = payment."channelId"
    ORDER BY ${at} DESC, payment.id DESC`
}

export type PaymentSums = {
  readonly currency: string
  /** False for test stores and test channels. */
  readonly counted: boolean
  readonly count: number
  readonly cancelledCount: number
  readonly received: bigint
  readonly refunded: bigint
}

/**
 * What all that is found comes to. No more than `most` + 1 are looked at, so a sum over more than `most` is of some of them only.
 * Where a name is searched these are those who may be meant.
 */
export async function sumPayments(
  person: Person,
  query: FindPayments,
  most: number,
  words: Asked | null = query.q ? asked(query.q, kstDate(now())) : null,
): Promise<PaymentSums[]> {
  const conditions = conditionsOf(query, words, Prisma.raw(`"${columns[query.basis]}"`))
  return db.$queryRaw<PaymentSums[]>`
    SELECT currency, counted, count(*)::integer AS count, count(*) FILTER (WHERE refunded > 0)::integer AS "cancelledCount",
      sum(received)::bigint AS received, sum(refunded)::bigint AS refunded
    FROM (
      SELECT found.* FROM "Store" CROSS JOIN LATERAL (
        SELECT currency, received, refunded, environment <> 'test' AND NOT "testStore" AS counted FROM "Payment"
        WHERE "storeId" = "Store".id AND ${Prisma.join(conditions, ' AND ')} LIMIT ${most + 1}
      ) found
      WHERE ${Prisma.join(storesOf(person, query), ' AND ')} LIMIT ${most + 1}
    ) payment
    GROUP BY currency, counted ORDER BY currency, counted`
}

function storesOf(person: Person, query: FindPayments): Prisma.Sql[] {
  const stores = visibleStores(person)
  const conditions = [Prisma.sql`TRUE`]
  if (query.store) conditions.push(Prisma.sql`"Store".id = ${query.store}::uuid`)
  if (stores) conditions.push(Prisma.sql`"Store".id = ANY(${[...stores]}::uuid[])`)
  return conditions
}

function conditionsOf(query: FindPayments, words: Asked | null, at: Prisma.Sql): Prisma.Sql[] {
  const conditions = [Prisma.sql`${at} IS NOT NULL`]
  if (words) conditions.push(...found(words, at))
  if (query.channel) conditions.push(Prisma.sql`"channelId" = ${query.channel}::uuid`)
  if (query.method) conditions.push(Prisma.sql`method = ${query.method}::"Method"`)
  if (query.status === 'BUSY') conditions.push(Prisma.sql`"openCount" > 0`)
  else if (query.status) conditions.push(Prisma.sql`status = ${query.status}::"PaymentStatus"`)
  if (query.test === 'hide') conditions.push(Prisma.sql`environment <> 'test' AND NOT "testStore"`)
  if (!words && query.from) conditions.push(Prisma.sql`${at} >= ${toDate(startOfDay(query.from))}`)
  if (!words && query.to) conditions.push(Prisma.sql`${at} < ${toDate(endOfDay(query.to))}`)
  if (query.cursor) conditions.push(Prisma.sql`(${at}, id) < (${query.cursor.at}, ${query.cursor.id}::uuid)`)
  return conditions
}
