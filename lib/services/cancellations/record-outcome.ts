import 'server-only'
import { isOut } from '#lib/domain/cancellation.ts'
import { fromDate, plus, SECOND_MS, toDate } from '#lib/domain/kst.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { CancelReceipt } from '#lib/gateways/connector.ts'
import type { Transcript } from '#lib/gateways/exchange.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { lockPayment, toJson, transaction, type Transaction } from '#lib/server/db.ts'
import type { Cancellation } from '#prisma/client/client.ts'
import { seenAfterPeople } from './people-decided.ts'
import { openTask } from '../payments/open-task.ts'
import { appendRefund, closeCancellation } from './close-cancellation.ts'
import { toldByFile } from './settle-from-file.ts'

export type Heard = { readonly outcome: Outcome<CancelReceipt>; readonly transcript: Transcript }
type Of<Kind extends Outcome<CancelReceipt>['kind']> = Extract<Outcome<CancelReceipt>, { kind: Kind }>

const NOT_SENT_MAX = 3
const FIRST_ASK_MS = SECOND_MS

/** Commit 3: what was heard, keyed on the attempt. An answer that comes late or twice finds the intent settled and changes nothing. */
export async function recordOutcome(
  context: Context,
  claim: { readonly attemptId: string; readonly cancellationId: string },
  heard: Heard,
): Promise<void> {
  await transaction(async (tx) => {
    const { paymentId } = await tx.cancellation.findUniqueOrThrow({
      where: { id: claim.cancellationId },
      select: { paymentId: true },
    })
    await lockPayment(tx, paymentId)
    const attempt = await tx.attempt.findUniqueOrThrow({ where: { id: claim.attemptId } })
    if (attempt.outcome !== null) return
    const cause = 'cause' in heard.outcome ? heard.outcome.cause : null
    await tx.attempt.update({
      where: { id: attempt.id },
      data: {
        outcome: heard.outcome.kind,
        cause,
        answeredAt: toDate(context.now()),
        transcript: toJson(heard.transcript),
      },
    })
    const cancellation = await tx.cancellation.findUniqueOrThrow({ where: { id: claim.cancellationId } })
    await applyOutcome(tx, context, cancellation, heard.outcome)
  })
}

async function applyOutcome(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  outcome: Outcome<CancelReceipt>,
): Promise<void> {
  if (!isOut(cancellation.state)) return contradiction(tx, context, cancellation, outcome)
  switch (outcome.kind) {
    case 'done':
      return settleDone(tx, context, cancellation, outcome)
    case 'declined':
    case 'not_sent':
      return (await mayHaveMoved(tx, cancellation)) ? undefined : settleNothing(tx, context, cancellation, outcome)
    case 'pending':
      return move(tx, context, cancellation, {
        state: 'ACCEPTED',
        ...(outcome.reference !== undefined && { gatewayCancellationId: outcome.reference }),
      })
    case 'unknown':
      return cancellation.state === 'SENDING'
        ? move(tx, context, cancellation, { state: 'UNCONFIRMED', cause: outcome.cause })
        : undefined
  }
}

/** That one sending did nothing ends the intent only where no other sending of it may have, and the gateway did not take it. */
async function mayHaveMoved(tx: Transaction, cancellation: Cancellation): Promise<boolean> {
  if (cancellation.state === 'ACCEPTED') return true
  const unresolved = { OR: [{ outcome: null }, { outcome: { notIn: ['declined', 'not_sent'] } }] }
  return (await tx.attempt.count({ where: { cancellationId: cancellation.id, ...unresolved } })) > 0
}

async function settleNothing(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  outcome: Of<'declined'> | Of<'not_sent'>,
): Promise<void> {
  if (outcome.kind === 'not_sent' && cancellation.state === 'SENDING')
    return notSent(tx, context, cancellation, outcome)
  const [code, message, evidence] =
    outcome.kind === 'declined'
      ? [outcome.code, outcome.message ?? null, { by: 'answer', code: outcome.code, reason: outcome.reason }]
      : ['NOT_SENT', null, { by: 'phase', cause: outcome.cause }]
  await closeCancellation(tx, context, cancellation, { state: 'DECLINED', code, message, evidence })
}

async function settleDone(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  { value, reference }: Of<'done'>,
): Promise<void> {
  const told = {
    id: reference,
    status: 'succeeded' as const,
    amount: value.amount,
    taxFree: value.taxFree,
    requestedAt: context.now(),
    cancelledAt: value.cancelledAt ?? context.now(),
    ...(value.approvalNumber !== null && { approvalNumber: value.approvalNumber }),
    reason: cancellation.reason,
  }
  // Closing an account gives nothing back.
  if (cancellation.kind === 'CANCEL')
    await appendRefund(
      tx,
      context,
      { paymentId: cancellation.paymentId, channelId: cancellation.channelId },
      told,
      cancellation.id,
    )
  if (value.approvalNumber !== null) {
    await tx.reference.createMany({
      data: [
        {
          paymentId: cancellation.paymentId,
          storeId: cancellation.storeId,
          channelId: cancellation.channelId,
          kind: 'CANCEL_APPROVAL_NUMBER',
          value: value.approvalNumber,
        },
      ],
      skipDuplicates: true,
    })
  }
  await closeCancellation(tx, context, cancellation, {
    state: 'DONE',
    gatewayCancellationId: reference,
    approvalNumber: value.approvalNumber,
    evidence: { by: 'answer', cancellation: reference },
  })
}

/** Nothing left this machine: free to try again, judged anew, but not for ever. */
async function notSent(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  outcome: Of<'not_sent'>,
): Promise<void> {
  const times = cancellation.notSent + 1
  const pauseMs = times * 3 * SECOND_MS
  await tx.cancellation.update({
    where: { id: cancellation.id },
    data: {
      state: 'READY',
      notSent: times,
      sequence: null,
      cause: outcome.cause,
      nextAskAt: toDate(plus(context.now(), pauseMs)),
    },
  })
  await auditState(tx, context, cancellation, 'READY', outcome.cause)
  if (times < NOT_SENT_MAX) return
  const ready = await tx.cancellation.findUniqueOrThrow({ where: { id: cancellation.id } })
  await closeCancellation(tx, context, ready, {
    state: 'WITHDRAWN',
    cause: 'not_sent',
    evidence: { by: 'phase', cause: outcome.cause, times },
  })
}

type Move = {
  readonly state: 'ACCEPTED' | 'UNCONFIRMED'
  readonly gatewayCancellationId?: string
  readonly cause?: string
}

async function move(tx: Transaction, context: Context, cancellation: Cancellation, to: Move): Promise<void> {
  await tx.cancellation.update({
    where: { id: cancellation.id },
    data: { ...to, nextAskAt: toDate(plus(context.now(), FIRST_ASK_MS)) },
  })
  await auditState(tx, context, cancellation, to.state, to.cause ?? null)
}

const auditState = (
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  state: string,
  cause: string | null,
) =>
  audit(tx, context, {
    action: 'cancellation.outcome',
    outcome: 'done',
    storeId: cancellation.storeId,
    subject: { type: 'payment', id: cancellation.paymentId },
    facts: { cancellation: cancellation.id, state, cause },
  })

/** The intent was settled meanwhile, by a reading. The same end is expected; another one is for a person to see. */
async function contradiction(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  outcome: Outcome<CancelReceipt>,
): Promise<void> {
  const agrees =
    outcome.kind !== 'done' ||
    (cancellation.state === 'DONE' && cancellation.gatewayCancellationId === outcome.reference)
  if (agrees || cancellation.kind === 'CLOSE') return
  if (await seenAfterPeople(tx, context, cancellation, { id: outcome.reference, ...outcome.value })) return
  const { paymentId, storeId, channelId } = cancellation
  const told = {
    id: outcome.reference,
    status: 'succeeded' as const,
    amount: outcome.value.amount,
    taxFree: outcome.value.taxFree,
    requestedAt: fromDate(cancellation.sendingSince ?? cancellation.requestedAt),
    cancelledAt: outcome.value.cancelledAt ?? fromDate(cancellation.sendingSince ?? cancellation.requestedAt),
    reason: cancellation.reason,
  }
  const number = { channelId_gatewayCancellationId: { channelId, gatewayCancellationId: outcome.reference } }
  const known = (await tx.refund.findUnique({ where: number })) ?? (await tx.refundSeen.findUnique({ where: number }))
  // A file may have told of it meanwhile.
  if (!known && !(await toldByFile(tx, context, { paymentId, storeId, channelId }, told)))
    await appendRefund(tx, context, { paymentId, channelId }, told, null)
  await openTask(tx, {
    storeId,
    paymentId,
    kind: 'declined_but_done',
    key: outcome.reference,
    dueAt: context.now(),
    facts: { amount: outcome.value.amount, state: cancellation.state },
  })
}
