import 'server-only'
import { z } from 'zod'
import { addDays, kstDate, parseKstDate, toDate, type Instant, type KstDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { DayView, TodayView, TotalView } from '#lib/domain/views.ts'
import { authorize, visibleStores, type Context, type Person } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { countsOf } from '../shipments/find-escrow.ts'
import { dayTotals, summed, totalOf } from './payment-totals.ts'

/** The query of `GET /api/today`. */
export const Today = z.object({ store: z.uuid().optional() })

const TREND_DAYS = 30

/**
 * How the day stands in Seoul, beside yesterday and the thirty days up to now, and what waits for somebody. Test payments are in
 * no sum. Fails with: store.not_found.
 */
export async function today(
  context: Context & { readonly actor: Person },
  { store }: z.infer<typeof Today>,
): Promise<TodayView> {
  const { actor } = context
  if (store !== undefined) authorize(context, 'payment.view', store, new DomainError('store.not_found'))
  const at = context.now()
  const day = kstDate(at)
  const days = Array.from({ length: TREND_DAYS }, (_, index) => addDays(day, index - TREND_DAYS + 1))
  const [kept, desk, ...there] = await Promise.all([
    keptDays(actor, store, days[0] ?? day, day),
    deskOf(actor, store, at),
    db.payment.findFirst({ where: within(actor, store), select: { id: true } }),
    db.channel.findFirst({ where: { account: within(actor, store) }, select: { id: true } }),
  ])
  const [payment, channel] = there
  const of = (wanted: KstDate) => kept.filter((one) => one.day === wanted)
  const currencies = [...new Set(kept.map(({ currency }) => currency))]
  return {
    day,
    any: payment !== null,
    channels: channel !== null,
    today: of(day),
    yesterday: of(addDays(day, -1)),
    trend: currencies.map((currency) => ({
      currency,
      days: days.map((one) => of(one).find((kind) => kind.currency === currency) ?? { day: one, ...nothing(currency) }),
    })),
    desk,
  }
}

function within(person: Person, store: string | undefined) {
  const stores = visibleStores(person)
  return { AND: [store ? { storeId: store } : {}, stores ? { storeId: { in: [...stores] } } : {}] }
}

const nothing = (currency: string): TotalView =>
  totalOf({ currency, approvedCount: 0, approved: 0n, cancelledCount: 0, cancelled: 0n })

type Kept = Parameters<typeof totalOf>[0] & { readonly day: string }

async function keptDays(person: Person, store: string | undefined, from: KstDate, to: KstDate): Promise<DayView[]> {
  const rows = await db.$queryRaw<Kept[]>`
    SELECT day, currency, ${summed} FROM "DayTotal"
    WHERE ${dayTotals(person, store)} AND day BETWEEN ${from} AND ${to} GROUP BY day, currency ORDER BY currency, day`
  return rows.flatMap((row) => {
    const day = parseKstDate(row.day)
    return day === null ? [] : [{ day, ...totalOf(row) }]
  })
}

async function deskOf(person: Person, store: string | undefined, at: Instant): Promise<TodayView['desk']> {
  const where = within(person, store)
  const [states, overdue, escrow] = await Promise.all([
    db.cancellation.groupBy({
      by: ['state'],
      where: { ...where, state: { in: ['UNCONFIRMED', 'ACCEPTED', 'AWAITING_APPROVAL', 'SCHEDULED'] } },
      _count: true,
    }),
    db.task.count({ where: { ...where, resolvedAt: null, dueAt: { lt: toDate(at) } } }),
    countsOf(person, store, at),
  ])
  const of = (...wanted: readonly string[]) =>
    states.reduce((sum, { state, _count }) => sum + (wanted.includes(state) ? _count : 0), 0)
  return {
    confirming: of('UNCONFIRMED', 'ACCEPTED'),
    approvals: of('AWAITING_APPROVAL'),
    scheduled: of('SCHEDULED'),
    overdue,
    shipments: escrow.counts.shipment_due,
  }
}
