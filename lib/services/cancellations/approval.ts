import 'server-only'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { plus, toDate, type Instant } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { APPROVAL_LASTS_MS, approvalNeeded, type ApprovalReason } from '#lib/policy/approval.ts'
import { openingTime, type Judgement } from '#lib/policy/cancel-rules.ts'
import type { Holder } from '#lib/policy/permissions.ts'
import { stops } from '#lib/policy/verdict.ts'
import { roleIn, type Context, type Person } from '#lib/server/context.ts'
import { toJson, type Transaction } from '#lib/server/db.ts'
import type { Cancellation } from '#prisma/client/client.ts'
import { balanceOf, left, leftTaxFree } from '../payments/balance.ts'
import { closeCancellation } from './close-cancellation.ts'
import { askedBy, judge, withChannel, type Asked, type PaymentWithChannel } from './judge-cancellation.ts'

const amount = z.int().transform(minor)
/** What the second person agrees to. `denials`: what stops it apart from the hour; frozen too, so that a new one ends the approval. */
export const Snapshot = z.object({
  amount,
  taxFree: amount,
  left: amount,
  leftTaxFree: amount,
  accountHash: z.string().nullable(),
  denials: z.array(z.string()),
})
export type Snapshot = z.infer<typeof Snapshot>

/** Of a payment in which the intent itself is (`own`) or is not yet counted as open. */
export function snapshotOf(
  payment: PaymentWithChannel,
  asked: Asked,
  judgement: Judgement,
  accountHash: string | null,
  own: Cancellation | null,
): Snapshot {
  const balance = balanceOf(payment)
  const isOfTheHour = (rule: string) => openingTime(judgement) !== null && judgement.denial?.rule === rule
  return {
    amount: asked.amount ?? minor(0),
    taxFree: asked.taxFree ?? minor(0),
    left: minor(left(balance) + Number(own?.amount ?? 0)),
    leftTaxFree: minor(leftTaxFree(balance) + Number(own?.taxFree ?? 0)),
    accountHash,
    denials: judgement.verdicts
      .filter((verdict) => stops(verdict) && !isOfTheHour(verdict.rule))
      .map((verdict) => `${verdict.rule}:${verdict.reason}`),
  }
}

export const snapshotHash = (snapshot: Snapshot): string =>
  createHash('sha256').update(JSON.stringify(snapshot)).digest('base64url')

/** The snapshot as the payment stands now, and what the rules say. */
export async function currentSnapshot(
  tx: Transaction,
  cancellation: Cancellation,
  now: Instant,
): Promise<{ payment: PaymentWithChannel; snapshot: Snapshot; judgement: Judgement }> {
  const payment = await tx.payment.findUniqueOrThrow({
    where: { id: cancellation.paymentId },
    include: withChannel,
  })
  const asked = askedBy(cancellation)
  const { judgement } = await judge(tx, payment, asked, now, cancellation)
  return {
    payment,
    judgement,
    snapshot: snapshotOf(payment, asked, judgement, cancellation.refundAccountHash, cancellation),
  }
}

/** Why a second person is asked for this; empty where nobody is. */
export function reasonsFor(
  person: Person,
  payment: PaymentWithChannel,
  asked: Asked,
  afterPeople: boolean,
): readonly ApprovalReason[] {
  const { approvalAbove, approvalMethods, approvalRoles } = payment.store
  const requester: Holder = person.owner ? 'OWNER' : (roleIn(person, payment.storeId) ?? 'VIEWER')
  return approvalNeeded(
    {
      above: approvalAbove === null ? null : Number(approvalAbove),
      methods: approvalMethods,
      roles: approvalRoles,
    },
    {
      kind: asked.kind,
      amount: asked.amount ?? 0,
      currency: payment.currency,
      method: payment.method,
      requester,
      afterPeople,
    },
  )
}

export async function writeApproval(
  tx: Transaction,
  context: Context,
  cancellationId: string,
  reasons: readonly ApprovalReason[],
  snapshot: Snapshot,
): Promise<void> {
  await tx.approval.create({
    data: {
      cancellationId,
      reasons: [...reasons],
      snapshot: toJson(snapshot),
      snapshotHash: snapshotHash(snapshot),
      expiresAt: toDate(plus(context.now(), APPROVAL_LASTS_MS)),
    },
  })
}

/**
 * A cancel made elsewhere, or another change of what was frozen, ends what waits for a second person, and what the second one
 * agreed to and was not sent yet. The payment is locked.
 */
export async function withdrawChangedApproval(tx: Transaction, context: Context, paymentId: string): Promise<boolean> {
  const unsent = await tx.cancellation.findFirst({
    where: { paymentId, state: { in: ['AWAITING_APPROVAL', 'SCHEDULED', 'READY'] } },
    include: { approval: true },
  })
  if (!unsent?.approval) return false
  const { approval, ...cancellation } = unsent
  const { snapshot } = await currentSnapshot(tx, cancellation, context.now())
  if (snapshotHash(snapshot) === approval.snapshotHash) return false
  await closeCancellation(tx, context, cancellation, {
    state: 'WITHDRAWN',
    cause: 'snapshot_changed',
    evidence: { by: 'record', now: snapshot },
  })
  return true
}
