import 'server-only'
import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import { hideCardNumbers } from '#lib/domain/mask.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { typedText } from '#lib/services/typed-text.ts'
import { CANCEL_RULES_VERSION } from '#lib/policy/cancel-rules.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import { enqueue, queueReady } from '#lib/server/queue.ts'
import { balanceOf, left, leftTaxFree } from '../payments/balance.ts'
import { judge, withChannel, type PaymentWithChannel } from './judge-cancellation.ts'

const AMOUNT_MAX = 9_999_999_999_999
const amount = z.int().min(0).max(AMOUNT_MAX)

export const RequestCancellation = z.object({
  /** Made by the browser when the sheet opened; kept over retries. */
  id: z.uuid(),
  paymentId: z.uuid(),
  amount: amount.min(1),
  taxFree: amount,
  // It goes to the gateway and stays on record.
  reason: typedText(100)
    .min(1)
    .refine((text) => hideCardNumbers(text) === text),
  /** What the sheet showed as left. */
  remainder: amount,
  remainderTaxFree: amount,
})
export type RequestCancellation = z.infer<typeof RequestCancellation>

/**
 * Commit 1: judges with everything open counted in and writes the intent, its job and its audit row.
 * Same id and input: the same answer. Fails with: payment.not_found, permission.missing, request.reused_id,
 * cancellation.open, cancellation.stale, cancellation.refused.
 */
export async function requestCancellation(context: Context, input: RequestCancellation): Promise<{ id: string }> {
  const missing = new DomainError('payment.not_found')
  const seen = await db.payment.findUnique({ where: { id: input.paymentId }, select: { storeId: true } })
  if (!seen) throw missing
  authorize(context, 'cancellation.request', seen.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'cancellation.request' })
  const inputHash = createHash('sha256')
    .update(JSON.stringify({ ...input, by: actor.id }))
    .digest('base64url')
  await queueReady()
  return transaction(async (tx) => {
    await lockPayment(tx, input.paymentId)
    const earlier = await tx.cancellation.findUnique({ where: { id: input.id } })
    if (earlier) {
      if (earlier.inputHash !== inputHash) throw new DomainError('request.reused_id')
      return { id: earlier.id }
    }
    const payment = await tx.payment.findUniqueOrThrow({ where: { id: input.paymentId }, include: withChannel })
    refuseStale(payment, input)
    await writeIntent(tx, context, payment, input, inputHash, actor.id)
    return { id: input.id }
  })
}

function refuseStale(payment: PaymentWithChannel, input: RequestCancellation): void {
  if (payment.openCount > 0) throw new DomainError('cancellation.open')
  const balance = balanceOf(payment)
  if (left(balance) !== input.remainder || leftTaxFree(balance) !== input.remainderTaxFree) {
    throw new DomainError('cancellation.stale', {
      shownAmount: input.remainder,
      leftAmount: left(balance),
      currency: payment.currency,
    })
  }
}

async function writeIntent(
  tx: Transaction,
  context: Context,
  payment: PaymentWithChannel,
  input: RequestCancellation,
  inputHash: string,
  requestedById: string,
): Promise<void> {
  const now = context.now()
  const { facts, judgement } = await judge(
    tx,
    payment,
    { kind: 'CANCEL', amount: minor(input.amount), taxFree: minor(input.taxFree) },
    now,
    null,
  )
  if (judgement.denial) {
    const { rule, reason, facts: said } = judgement.denial
    throw new DomainError('cancellation.refused', { ...said, rule, reason, currency: payment.currency })
  }
  await tx.cancellation.create({
    data: {
      id: input.id,
      paymentId: payment.id,
      storeId: payment.storeId,
      channelId: payment.channelId,
      kind: 'CANCEL',
      state: 'READY',
      amount: BigInt(input.amount),
      taxFree: BigInt(input.taxFree),
      partial: BigInt(input.amount) < payment.received,
      remainderShown: BigInt(input.remainder),
      remainderTaxFreeShown: BigInt(input.remainderTaxFree),
      reason: input.reason,
      token: `JP-${randomBytes(8).toString('hex')}`,
      inputHash,
      requestedById,
      requestedAt: toDate(now),
      nextAskAt: toDate(now),
    },
  })
  await audit(tx, context, {
    action: 'cancellation.request',
    outcome: 'done',
    storeId: payment.storeId,
    subject: { type: 'payment', id: payment.id },
    facts: {
      cancellation: input.id,
      amount: input.amount,
      taxFree: input.taxFree,
      reason: input.reason,
      rules: CANCEL_RULES_VERSION,
      judged: facts,
      verdicts: judgement.verdicts,
    },
  })
  await enqueue(tx, 'cancellation.send', { cancellationId: input.id })
}
