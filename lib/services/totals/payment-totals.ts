import 'server-only'
import { kstDate } from '#lib/domain/kst.ts'
import { isCurrency, minor, subtract, type Minor } from '#lib/domain/money.ts'
import type { TotalsView, TotalView } from '#lib/domain/views.ts'
import { visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { Prisma } from '#prisma/client/client.ts'
import { sumPayments, type FindPayments } from '../payments/find-payments.ts'
import { isPersonal } from '../payments/person-keys.ts'
import { asked } from '../payments/search-words.ts'

/** More than these are not added up while somebody waits. */
export const SUMMED_MAX = 10_000

type Sums = {
  readonly currency: string
  readonly approvedCount: number
  readonly approved: bigint
  readonly cancelledCount: number
  readonly cancelled: bigint
}

export function totalOf(sums: Sums): TotalView {
  const { currency, approvedCount, cancelledCount } = sums
  if (!isCurrency(currency)) throw new Error(`unknown currency ${currency}`)
  const approved: Minor = minor(sums.approved)
  const cancelled: Minor = minor(sums.cancelled)
  return { currency, approvedCount, approved, cancelledCount, cancelled, net: subtract(approved, cancelled) }
}

/** Of the stores a person sees, or the one of them that was chosen; test payments are in no total. */
export function dayTotals(person: Person, store: string | undefined): Prisma.Sql {
  const stores = visibleStores(person)
  const conditions = [Prisma.sql`counted`]
  if (stores) conditions.push(Prisma.sql`"storeId" = ANY(${[...stores]}::uuid[])`)
  if (store) conditions.push(Prisma.sql`"storeId" = ${store}::uuid`)
  return Prisma.join(conditions, ' AND ')
}

export const summed = Prisma.raw(
  `sum("approvedCount")::integer AS "approvedCount", sum(approved)::bigint AS approved, sum("cancelledCount")::integer AS "cancelledCount", sum(cancelled)::bigint AS cancelled`,
)

/** What the list comes to: from the counters of days where they know it, else added up unless it is too much. */
export async function paymentTotals(
  context: Context & { readonly actor: Person },
  query: FindPayments,
): Promise<TotalsView> {
  const { actor } = context
  if (!query.q && !query.status && query.basis === 'approved')
    return { basis: 'days', totals: await totalsOfDays(actor, query) }
  const words = query.q ? asked(query.q, kstDate(context.now())) : null
  // Who looks for a person does so in the list, where that is counted and recorded; and a name is sure only once it is read.
  if (words?.parts.some(isPersonal)) return { basis: 'none', totals: [] }
  const sums = await sumPayments(actor, query, SUMMED_MAX, words)
  if (sums.reduce((all, { count }) => all + count, 0) > SUMMED_MAX) return { basis: 'many', totals: [] }
  const totals = sums
    .filter(({ counted }) => counted)
    .map(({ received, refunded, count, ...sum }) =>
      totalOf({ ...sum, approvedCount: count, approved: received, cancelled: refunded }),
    )
  return { basis: 'rows', totals }
}

async function totalsOfDays(person: Person, { store, channel, method, from, to }: FindPayments): Promise<TotalView[]> {
  const conditions = [dayTotals(person, store)]
  if (from) conditions.push(Prisma.sql`day >= ${from}`)
  if (to) conditions.push(Prisma.sql`day <= ${to}`)
  if (channel) conditions.push(Prisma.sql`"channelId" = ${channel}::uuid`)
  if (method) conditions.push(Prisma.sql`method = ${method}::"Method"`)
  const sums = await db.$queryRaw<Sums[]>`
    SELECT currency, ${summed} FROM "DayTotal" WHERE ${Prisma.join(conditions, ' AND ')} GROUP BY currency ORDER BY currency`
  return sums.map(totalOf)
}
