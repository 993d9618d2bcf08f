import 'server-only'
import { z } from 'zod'
import { kstDate, parseKstDate, toDate } from '#lib/domain/kst.ts'
import { keepableMemo } from '#lib/domain/memo.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { typedText } from '#lib/services/typed-text.ts'

const day = z.string().transform((text, context) => {
  const date = parseKstDate(text)
  if (date !== null && date >= '1990-01-01') return date
  context.addIssue('not a day')
  return z.NEVER
})
export const RecordHandRefund = z.object({
  paymentId: z.uuid(),
  amount: z.int().positive().transform(minor),
  paidOn: day,
  how: typedText(100).min(2),
  why: typedText(200).min(2),
})

/** What the merchant gave back without the gateway, of one payment. */
export async function byHandOf(tx: Transaction | typeof db, paymentId: string): Promise<Minor> {
  const { _sum } = await tx.handRefund.aggregate({ where: { paymentId }, _sum: { amount: true } })
  return minor(_sum.amount ?? 0)
}

/**
 * Writes down that money was paid back by hand. No money moves, no sum changes; from then on every cancel of this payment is
 * warned. Fails with: payment.not_found, permission.missing, session.step_up, memo.personal_number, request.invalid,
 * refund.above_received.
 */
export async function recordHandRefund(
  context: Context,
  { paymentId, amount, paidOn, ...typed }: z.infer<typeof RecordHandRefund>,
): Promise<{ id: string }> {
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'refund.by_hand' })
  const missing = new DomainError('payment.not_found')
  const found = await db.payment.findUnique({ where: { id: paymentId }, include: { references: true } })
  if (!found) throw missing
  const { storeId } = found
  authorize(context, 'refund.by_hand', storeId, missing)
  requireFreshSignIn(context)
  const own = found.references.map((one) => one.value)
  const how = keepableMemo(typed.how, own)
  const why = keepableMemo(typed.why, own)
  if (how === null || why === null) throw new DomainError('memo.personal_number')
  return transaction(async (tx) => {
    await lockPayment(tx, paymentId)
    const at = context.now()
    if (paidOn > kstDate(at)) throw new DomainError('request.invalid', { field: 'paidOn' })
    const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
    const byHand = await byHandOf(tx, paymentId)
    const most = Number(payment.received) - byHand
    if (amount > most) {
      const { currency } = payment
      throw new DomainError('refund.above_received', { leftAmount: most, byHandAmount: byHand, currency })
    }
    const { id } = await tx.handRefund.create({
      data: { storeId, paymentId, amount, paidOn, how, why, byId: actor.id, at: toDate(at) },
    })
    await audit(tx, context, {
      action: 'refund.by_hand',
      outcome: 'done',
      storeId,
      subject: { type: 'payment', id: paymentId },
      facts: { amount, day: paidOn },
    })
    return { id }
  })
}
