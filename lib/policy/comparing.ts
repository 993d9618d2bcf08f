import type { CancelTold, DifferenceKind, Layout, Told, Why } from '../domain/comparison.ts'
import type { Instant } from '../domain/kst.ts'
import { minor, type Minor } from '../domain/money.ts'
import type { Method } from '../domain/payment.ts'

export type RefundKnown = { readonly amount: Minor; readonly at: Instant }
/** What we know of one payment. */
export type Known = {
  readonly method: Method
  /** What was received where it was paid, else what it is about. */
  readonly amount: Minor
  readonly paid: boolean
  readonly closed: boolean
  readonly refunds: readonly RefundKnown[]
}
/** From the first moment of the days on, before the end. */
export type Span = { readonly start: Instant; readonly end: Instant }

export type Compared = {
  readonly kind: DifferenceKind
  readonly whys: readonly Why[]
  readonly unknown: readonly CancelTold[]
}

const sumOf = (all: readonly { readonly amount: Minor }[]): Minor =>
  minor(all.reduce((sum, { amount }) => sum + amount, 0))
/** A wallet over a card is a card to some. */
const byCard: ReadonlySet<Method> = new Set(['CARD', 'EASY_PAY'])
const sameMethod = (one: Method, other: Method): boolean => one === other || (byCard.has(one) && byCard.has(other))

/**
 * Where a file and our record say otherwise; null where they agree. What the file does not say is not compared. `unknown`: the
 * cancels it tells of that we do not know, one by one where it can be said which.
 */
export function compareTold(told: Told, known: Known, layout: Layout, days: Span): Compared | null {
  const cancelled = cancelledOf(told, known, layout, days)
  const whys: readonly (Why | null)[] = [
    told.amount !== null && told.amount !== known.amount ? 'amount' : null,
    cancelled.why,
    cancelled.why === null && statusDiffers(told, known) ? 'status' : null,
    told.method !== null && !sameMethod(told.method, known.method) ? 'method' : null,
  ]
  const found = whys.filter((why) => why !== null)
  return found.length === 0 ? null : { kind: 'differs', whys: found, unknown: cancelled.unknown }
}

function statusDiffers({ paid, partly, cancelled }: Told, known: Known): boolean {
  if (paid !== null && paid !== known.paid && !(known.closed && !known.paid && (cancelled ?? 0) > 0)) return true
  const refunded = sumOf(known.refunds)
  return partly && cancelled === null && (refunded === 0 || refunded >= known.amount)
}

type CancelledOf = { readonly why: 'cancelled_more' | 'cancelled_less' | null; readonly unknown: readonly CancelTold[] }
const agrees: CancelledOf = { why: null, unknown: [] }

/** The gateway's day and ours may part at midnight. */
const NEAR_MS = 3_600_000

function cancelledOf(told: Told, known: Known, layout: Layout, { start, end }: Span): CancelledOf {
  if (told.cancelled === null) return agrees
  // Nothing was paid, so nothing went back: the account was closed.
  if (!known.paid) return agrees
  const between = (from: number, to: number) => known.refunds.filter(({ at }) => at >= from && at < to)
  // What was cancelled since the last of the days may stand in the file or not: it is as old as it is.
  const strict = layout === 'payments' ? known.refunds.filter(({ at }) => at < end) : between(start, end)
  const near = layout === 'payments' ? known.refunds : between(start - NEAR_MS, end + NEAR_MS)
  if (told.cancelled > sumOf(near)) {
    const more = minor(told.cancelled - sumOf(near))
    return { why: 'cancelled_more', unknown: unknownOf(told.cancels, near, more) }
  }
  return told.cancelled < sumOf(strict) ? { why: 'cancelled_less', unknown: [] } : agrees
}

/** The cancels that are left when each one we know is taken away; one of them all where that does not come out even. */
function unknownOf(told: readonly CancelTold[], known: readonly RefundKnown[], more: Minor): readonly CancelTold[] {
  const rest = [...told]
  for (const { amount } of known) {
    const at = rest.findIndex((one) => one.amount === amount)
    if (at !== -1) rest.splice(at, 1)
  }
  if (sumOf(rest) === more) return rest
  const times = told.flatMap(({ at }) => at ?? [])
  const last = times.toSorted((a, b) => b - a)[0] ?? null
  return [{ amount: more, at: last }]
}

/**
 * Whether cancels that only a file tells of may be recorded as made elsewhere: the sums must hold with them, and the payment
 * itself must be the one the file means.
 */
export function mayRecord(known: Known, { whys, unknown }: Compared): boolean {
  const sum = sumOf(unknown)
  return (
    sum > 0 &&
    known.paid &&
    whys.includes('cancelled_more') &&
    !whys.includes('amount') &&
    sumOf(known.refunds) + sum <= known.amount
  )
}
