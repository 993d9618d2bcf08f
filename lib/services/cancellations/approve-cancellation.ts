import 'server-only'
import { z } from 'zod'
import { fromDate, toDate } from '#lib/domain/kst.ts'
import { hideCardNumbers } from '#lib/domain/mask.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { openingTime } from '#lib/policy/cancel-rules.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import { enqueue, queueReady } from '#lib/server/queue.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { refuseStopped } from '../stores/refuse-stopped.ts'
import { typedText } from '../typed-text.ts'
import { currentSnapshot, snapshotHash } from './approval.ts'
import { closeCancellation } from './close-cancellation.ts'

export const ApproveCancellation = z.object({
  id: z.uuid(),
  /** Of the snapshot that was on the screen. */
  snapshotHash: z.string().max(100),
  note: typedText(200).optional(),
})
export const RejectCancellation = z.object({ id: z.uuid(), note: typedText(200).min(1) })

type Approved = { readonly id: string; readonly state: 'READY' | 'SCHEDULED' | 'WITHDRAWN' }

/**
 * The second person agrees to what was frozen. WITHDRAWN: one of the frozen facts is no longer so, and nothing will be sent.
 * Fails with: cancellation.not_found, permission.missing, session.step_up, cancellation.not_awaiting,
 * cancellation.own_request, cancellation.snapshot_changed, sending.stopped.
 */
export async function approveCancellation(
  context: Context,
  input: z.infer<typeof ApproveCancellation>,
): Promise<Approved> {
  const paymentId = await mayDecide(context, input.id)
  await queueReady()
  return transaction(async (tx) => {
    const { cancellation, approval, personId } = await lockAwaiting(tx, context, paymentId, input.id)
    if (approval.snapshotHash !== input.snapshotHash) throw new DomainError('cancellation.snapshot_changed')
    const { payment, snapshot, judgement } = await currentSnapshot(tx, cancellation, context.now())
    await refuseStopped(payment.store)
    const opensAt = openingTime(judgement)
    if (snapshotHash(snapshot) !== approval.snapshotHash || (judgement.denial && opensAt === null)) {
      const evidence = { by: 'approval', now: snapshot }
      await closeCancellation(tx, context, cancellation, { state: 'WITHDRAWN', cause: 'snapshot_changed', evidence })
      return { id: input.id, state: 'WITHDRAWN' }
    }
    const state = opensAt === null ? 'READY' : 'SCHEDULED'
    await tx.approval.update({
      where: { cancellationId: cancellation.id },
      data: {
        approved: true,
        decidedById: personId,
        decidedAt: toDate(context.now()),
        note: input.note === undefined ? null : hideCardNumbers(input.note),
      },
    })
    await tx.cancellation.update({
      where: { id: cancellation.id },
      data: {
        state,
        dueAt: opensAt === null ? null : toDate(opensAt),
        nextAskAt: opensAt === null ? toDate(context.now()) : null,
      },
    })
    await auditDecision(tx, context, cancellation, 'cancellation.approve', { state, note: input.note ?? null })
    if (state === 'READY') await enqueue(tx, 'cancellation.send', { cancellationId: cancellation.id })
    return { id: input.id, state }
  })
}

/** Fails with: cancellation.not_found, permission.missing, session.step_up, cancellation.not_awaiting, cancellation.own_request. */
export async function rejectCancellation(
  context: Context,
  input: z.infer<typeof RejectCancellation>,
): Promise<{ id: string }> {
  const paymentId = await mayDecide(context, input.id)
  await transaction(async (tx) => {
    const { cancellation, personId } = await lockAwaiting(tx, context, paymentId, input.id)
    await tx.approval.update({
      where: { cancellationId: cancellation.id },
      data: {
        approved: false,
        decidedById: personId,
        decidedAt: toDate(context.now()),
        note: hideCardNumbers(input.note),
      },
    })
    await closeCancellation(tx, context, cancellation, { state: 'REJECTED', evidence: { by: 'person' } })
    await auditDecision(tx, context, cancellation, 'cancellation.reject', { note: input.note })
  })
  return { id: input.id }
}

async function mayDecide(context: Context, id: string): Promise<string> {
  const missing = new DomainError('cancellation.not_found')
  const seen = await db.cancellation.findUnique({ where: { id }, select: { storeId: true, paymentId: true } })
  if (!seen) throw missing
  authorize(context, 'cancellation.approve', seen.storeId, missing)
  requireFreshSignIn(context)
  return seen.paymentId
}

async function lockAwaiting(tx: Transaction, context: Context, paymentId: string, id: string) {
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'cancellation.approve' })
  await lockPayment(tx, paymentId)
  const { approval, ...cancellation } = await tx.cancellation.findUniqueOrThrow({
    where: { id },
    include: { approval: true },
  })
  if (cancellation.state !== 'AWAITING_APPROVAL' || !approval || fromDate(approval.expiresAt) <= context.now())
    throw new DomainError('cancellation.not_awaiting', { state: cancellation.state })
  if (cancellation.requestedById === actor.id) throw new DomainError('cancellation.own_request')
  return { cancellation, approval, personId: actor.id }
}

const auditDecision = (
  tx: Transaction,
  context: Context,
  cancellation: { readonly id: string; readonly storeId: string; readonly paymentId: string },
  action: 'cancellation.approve' | 'cancellation.reject',
  facts: object,
) =>
  audit(tx, context, {
    action,
    outcome: 'done',
    storeId: cancellation.storeId,
    subject: { type: 'payment', id: cancellation.paymentId },
    facts: { cancellation: cancellation.id, ...facts },
  })
