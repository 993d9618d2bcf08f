import 'server-only'
import { fromDate, HOUR_MS, MINUTE_MS, plus, SECOND_MS, toDate, type Instant } from '#lib/domain/kst.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import type { Cancellation } from '#prisma/client/client.ts'
import { openAccount } from '../accounts/open-account.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { addressFor } from '../payments/address-of.ts'
import { closeCancellation } from './close-cancellation.ts'
import { withChannel } from './judge-cancellation.ts'
import { recordOutcome } from './record-outcome.ts'
import { claimReplay, talkInTime } from './send-cancellation.ts'

/** Its record, asked long after, knows nothing of it. */
const NOT_IN_RECORD = 'NOT_IN_RECORD'

/** Growing pauses between questions; the last one repeats. */
const PAUSES_MS = [2, 5, 15, 30]
  .map((s) => s * SECOND_MS)
  .concat(
    [1, 2, 5, 15, 30].map((m) => m * MINUTE_MS),
    [1, 3, 6].map((h) => h * HOUR_MS),
  )

/** Asks what became of an intent that is out. Only an answer changes its state; an error while asking never does. */
export async function confirmCancellation(context: Context, cancellationId: string): Promise<void> {
  const due = await claimQuestion(context, cancellationId)
  if (!due) return
  const reading = await readAtGateway(context, due.account, due.gatewayPaymentId)
  if (reading.kind === 'unfinished' && reading.status === 'FAILED')
    return closedAsFailed(context, cancellationId, due.gatewayPaymentId)
  if (reading.kind === 'summed' && reading.paymentId === due.paymentId && reading.settled === 'absent')
    return decideAbsent(context, cancellationId, due.askedAt)
  if (reading.kind !== 'recorded' || reading.paymentId !== due.paymentId) return
  // What carries our mark is not absent, even where it is not understood; one that failed did not happen, another may have.
  const present = reading.record.cancellations.some(
    (told) => told.status !== 'failed' && due.account.connector.owns?.(told, due.token),
  )
  if (!present) await decideAbsent(context, cancellationId, due.askedAt)
}

/** A SENDING past its time becomes UNCONFIRMED, and the next question is put off before it is asked: two replicas ask once. */
async function claimQuestion(context: Context, id: string) {
  return transaction(async (tx) => {
    const known = await tx.cancellation.findUnique({ where: { id }, select: { paymentId: true } })
    if (!known || !(await lockPayment(tx, known.paymentId))) return null
    const cancellation = await tx.cancellation.findUniqueOrThrow({ where: { id } })
    const now = context.now()
    const waits = cancellation.nextAskAt !== null && fromDate(cancellation.nextAskAt) > now
    if (waits || !['SENDING', 'UNCONFIRMED', 'ACCEPTED'].includes(cancellation.state)) return null
    const payment = await tx.payment.findUniqueOrThrow({ where: { id: known.paymentId }, include: withChannel })
    const account = openAccount(payment.channel.account)
    if (!account.connector.operations.inquire) return waitForPeople(tx, context, cancellation)
    const pauseMs = PAUSES_MS[Math.min(cancellation.asked, PAUSES_MS.length - 1)] ?? HOUR_MS
    await tx.cancellation.update({
      where: { id },
      data: {
        asked: { increment: 1 },
        nextAskAt: toDate(plus(now, pauseMs)),
        ...(cancellation.state === 'SENDING' && { state: 'UNCONFIRMED', cause: 'no_answer_recorded' }),
      },
    })
    await audit(tx, context, {
      action: 'cancellation.asked',
      outcome: 'done',
      storeId: cancellation.storeId,
      subject: { type: 'payment', id: cancellation.paymentId },
      facts: { cancellation: id, times: cancellation.asked + 1 },
    })
    return {
      account,
      gatewayPaymentId: await addressFor(tx, payment),
      paymentId: payment.id,
      token: cancellation.token,
      askedAt: now,
    }
  })
}

/** Nobody can be asked, so nobody is said to have been: what became of it is for people to say. */
async function waitForPeople(tx: Transaction, context: Context, cancellation: Cancellation): Promise<null> {
  const { id, state, storeId, paymentId } = cancellation
  if (state !== 'SENDING') {
    await tx.cancellation.update({ where: { id }, data: { nextAskAt: null } })
    return null
  }
  const cause = 'no_answer_recorded'
  await tx.cancellation.update({ where: { id }, data: { state: 'UNCONFIRMED', cause, nextAskAt: null } })
  await audit(tx, context, {
    action: 'cancellation.outcome',
    outcome: 'done',
    storeId,
    subject: { type: 'payment', id: paymentId },
    facts: { cancellation: id, state: 'UNCONFIRMED', cause },
  })
  return null
}

/** The record was read, not before `askedAt`, and our cancel is not in it. */
async function decideAbsent(context: Context, id: string, askedAt: Instant): Promise<void> {
  const cancellation = await db.cancellation.findUniqueOrThrow({
    where: { id },
    include: { attempts: { orderBy: { number: 'asc' } }, payment: { include: withChannel } },
  })
  if (cancellation.state !== 'UNCONFIRMED') return
  const sent = cancellation.attempts.filter((attempt) => attempt.outcome !== 'not_sent')
  const [only] = sent
  const { connector } = openAccount(cancellation.payment.channel.account)
  if (sent.length === 1 && only?.cause && connector.refusedUnlessFound.has(only.cause))
    return decline(context, id, only.cause)
  const { settleBy } = cancellation
  if (settleBy !== null && fromDate(settleBy) > askedAt) return
  // What goes into an account is paid out on the next business day: until then no record proves that there is none.
  const proves = cancellation.refundAccount === null ? connector.absentProvesAfterMs : null
  if (proves !== null && settleBy !== null && askedAt >= plus(fromDate(settleBy), proves))
    return decline(context, id, NOT_IN_RECORD)
  const claim = await claimReplay(context, id)
  if (claim) await recordOutcome(context, claim, await talkInTime(context, claim))
}

/**
 * A virtual account that was issued and is FAILED in the record takes no deposit any more: what closing it was for. For a
 * cancel the word says nothing.
 */
async function closedAsFailed(context: Context, id: string, gatewayPaymentId: string): Promise<void> {
  await transaction(async (tx) => {
    const { paymentId } = await tx.cancellation.findUniqueOrThrow({ where: { id }, select: { paymentId: true } })
    await lockPayment(tx, paymentId)
    const cancellation = await tx.cancellation.findUniqueOrThrow({ where: { id }, include: { payment: true } })
    const { payment, ...closing } = cancellation
    if (closing.kind !== 'CLOSE' || closing.state !== 'UNCONFIRMED' || payment.paidAt !== null) return
    await closeCancellation(tx, context, closing, {
      state: 'DONE',
      gatewayCancellationId: `close:${gatewayPaymentId}`,
      approvalNumber: null,
      evidence: { by: 'record', status: 'FAILED' },
    })
  })
}

/** The gateway refused, and its record holds no cancel of ours: nothing happened. */
async function decline(context: Context, id: string, code: string): Promise<void> {
  await transaction(async (tx) => {
    const { paymentId } = await tx.cancellation.findUniqueOrThrow({ where: { id }, select: { paymentId: true } })
    await lockPayment(tx, paymentId)
    const cancellation = await tx.cancellation.findUniqueOrThrow({ where: { id } })
    if (cancellation.state !== 'UNCONFIRMED') return
    await closeCancellation(tx, context, cancellation, {
      state: 'DECLINED',
      code,
      message: null,
      evidence: { by: 'refusal and record', code },
    })
  })
}
