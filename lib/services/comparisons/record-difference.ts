import 'server-only'
import { z } from 'zod'
import { endOfDay, fromDate, parseKstDate, plus, SECOND_MS, type Instant } from '#lib/domain/kst.ts'
import { isUnsent } from '#lib/domain/cancellation.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { RecordPreview } from '#lib/domain/views.ts'
import { compareTold, mayRecord } from '#lib/policy/comparing.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import type { Difference } from '#prisma/client/client.ts'
import { outOf, settleFromFile, type CancelInFile } from '../cancellations/settle-from-file.ts'
import { knownOf } from './known-payment.ts'
import { personOf } from './open-comparison.ts'
import { lockDifference, openDifference } from './open-difference.ts'
import { spanOf } from './start-comparison.ts'
import { DifferenceFacts } from './stored-told.ts'
import { closeFound } from './write-findings.ts'

export const RecordDifference = z.object({
  id: z.uuid(),
  /** As the preview showed it: changed meanwhile, nothing is written. */
  amount: z.int().positive(),
  before: z.int().min(0),
})

type Recordable = {
  readonly cancels: readonly (CancelInFile & { readonly daySaid: boolean })[]
  readonly amount: Minor
  readonly before: Minor
  readonly received: Minor
}

/**
 * Cancels of which only the file tells, recorded as made elsewhere, since a person who saw the preview says so. Where one of ours
 * is out nothing is recorded and a task is raised: it may be that one.
 * Fails with: difference.not_found, permission.missing, difference.closed, difference.changed.
 */
export async function recordDifference(
  context: Context,
  input: z.infer<typeof RecordDifference>,
): Promise<{ readonly state: 'recorded' | 'held' | 'known' }> {
  const seen = await openDifference(context, input.id, 'comparison.record')
  const person = personOf(context, 'comparison.record')
  const { paymentId } = seen
  if (paymentId === null) throw new DomainError('difference.changed')
  return transaction(async (tx) => {
    await lockPayment(tx, paymentId)
    const one = await lockDifference(tx, input.id)
    if (one.state !== 'OPEN') throw new DomainError('difference.closed')
    const what = await recordable(tx, context, one)
    if (what === 'known') {
      await closeFound(tx, context, one, 'match', null)
      return { state: 'known' as const }
    }
    if (what === null || what.amount !== input.amount || what.before !== input.before)
      throw new DomainError('difference.changed')
    const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
    const state = await settleFromFile(tx, context, payment, what.cancels)
    await audit(tx, context, {
      action: 'comparison.record',
      outcome: 'done',
      storeId: one.storeId,
      subject: { type: 'payment', id: paymentId },
      facts: { difference: one.id, comparison: one.comparisonId, amount: what.amount, state, by: person.id },
    })
    if (state === 'recorded') await closeFound(tx, context, one, 'recorded', null)
    return { state }
  })
}

/** What would be written. Null where the difference is of another kind or the sums would not hold. */
export async function previewRecord(context: Context, one: Difference): Promise<RecordPreview | null> {
  if (one.paymentId === null || !one.whys.includes('cancelled_more')) return null
  const what = await recordable(db, context, one)
  if (what === null) return null
  if (what === 'known') return { kind: 'known' }
  const payment = await db.payment.findUniqueOrThrow({
    where: { id: one.paymentId },
    include: { cancellations: true },
  })
  const { cancels, amount, before, received } = what
  const out = await outOf(db, payment.id)
  if (out) return { kind: 'held', amount, before, ours: minor(out.amount) }
  const left = received - before - amount
  const withdraws = payment.cancellations.filter((ours) => isUnsent(ours.state) && Number(ours.amount) > left)
  return {
    kind: 'ready',
    cancels,
    amount,
    before,
    after: minor(before + amount),
    received,
    withdraws: withdraws.length,
  }
}

/** Compared anew with what is known now: what was recorded meanwhile is not recorded again. */
async function recordable(
  tx: Transaction | typeof db,
  context: Context,
  one: Difference,
): Promise<Recordable | 'known' | null> {
  const { told, layout, from, to } = DifferenceFacts.parse(one.facts)
  const [first, last] = [parseKstDate(from), parseKstDate(to)]
  if (told === null || one.paymentId === null || first === null || last === null) return null
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: one.paymentId }, include: { refunds: true } })
  const known = knownOf(payment)
  const compared = compareTold(told, known, layout, spanOf(first, last))
  if (!compared?.whys.includes('cancelled_more')) return 'known'
  if (!mayRecord(known, compared)) return null
  const earliest = fromDate(payment.paidAt ?? payment.approvedAt)
  const unsaid = soonest(plus(endOfDay(last), -SECOND_MS), context.now())
  return {
    cancels: compared.unknown.map(({ amount, at }) => ({
      amount,
      at: at === null ? latest(unsaid, earliest) : latest(at, earliest),
      daySaid: at !== null,
    })),
    amount: minor(compared.unknown.reduce((sum, { amount }) => sum + amount, 0)),
    before: minor(payment.refunded),
    received: minor(payment.received),
  }
}

const soonest = (a: Instant, b: Instant): Instant => (b < a ? b : a)
/** Nothing goes back before it came: of a day alone the file tells no hour. */
const latest = (a: Instant, b: Instant): Instant => (b > a ? b : a)
