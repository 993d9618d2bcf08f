import 'server-only'
import { fromDate, plus, SECOND_MS, toDate, toIso, type Instant } from '#lib/domain/kst.ts'
import { isCurrency, minor } from '#lib/domain/money.ts'
import type { CancelInput, CancelReceipt, Operation, Wire } from '#lib/gateways/connector.ts'
import { exchange } from '#lib/gateways/exchange.ts'
import { storedWire } from '#lib/gateways/stored-wire.ts'
import { may } from '#lib/policy/permissions.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { seal, unseal } from '#lib/server/crypto.ts'
import { lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import type { Attempt, Cancellation } from '#prisma/client/client.ts'
import { openSealedAccount } from '../account-checks/refund-account.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import { withdrawChangedApproval } from './approval.ts'
import { addressFor } from '../payments/address-of.ts'
import { closeCancellation } from './close-cancellation.ts'
import { askedBy, escrowStage, judge, withChannel, type PaymentWithChannel } from './judge-cancellation.ts'
import { recordOutcome, type Heard } from './record-outcome.ts'
import { freeSequence } from './sequence.ts'

/** Longer than a deadline: when this has passed too, an answer can no longer come. */
export const GRACE_MS = 30 * SECOND_MS

/** The permission to talk: an attempt that is committed. Whoever holds it sends it, once. */
export type Claim = {
  readonly attemptId: string
  readonly cancellationId: string
  readonly account: OpenAccount
  readonly wire: Wire
  readonly input: CancelInput
  readonly startedAt: Instant
}

/** Sends an intent that is READY; does nothing for one that is not, so it may be called any number of times. */
export async function sendCancellation(context: Context, cancellationId: string): Promise<void> {
  const claim = await claimSending(context, cancellationId)
  if (claim) await recordOutcome(context, claim, await talkInTime(context, claim))
}

/** Commit 2: judges again by the time taken inside, numbers the partial, freezes the message, READY -> SENDING. */
export async function claimSending(context: Context, cancellationId: string): Promise<Claim | null> {
  return transaction(async (tx) => {
    const locked = await lockForCancellation(tx, cancellationId)
    if (!locked || locked.cancellation.state !== 'READY') return null
    const { cancellation, payment } = locked
    if (payment.store.stoppedAt !== null) return waitForStore(tx, context, cancellation)
    if (await withdrawIfDenied(tx, context, cancellation, payment)) return null
    if (await withdrawIfRequesterGone(tx, context, cancellation)) return null
    if (await withdrawChangedApproval(tx, context, payment.id)) return null
    const sequence = cancellation.partial ? await freeSequence(tx, payment.id, payment.partialLimit) : null
    const claim = await writeAttempt(tx, context, { ...cancellation, sequence }, payment)
    await tx.cancellation.update({
      where: { id: cancellation.id, state: 'READY' },
      data: {
        state: 'SENDING',
        sequence,
        sendingSince: toDate(context.now()),
        settleBy: claim.settleBy,
        nextAskAt: claim.settleBy,
      },
    })
    return claim
  })
}

/** One replay of the stored message under its own key, for a gateway that promises to answer it with the first result. */
export async function claimReplay(context: Context, cancellationId: string): Promise<Claim | null> {
  return transaction(async (tx) => {
    const locked = await lockForCancellation(tx, cancellationId)
    if (!locked || locked.cancellation.state !== 'UNCONFIRMED') return null
    const { cancellation, payment } = locked
    if (payment.store.stoppedAt !== null) return null
    const attempts = await tx.attempt.findMany({ where: { cancellationId }, orderBy: { number: 'asc' } })
    const sent = attempts.filter((attempt) => attempt.outcome !== 'not_sent')
    const [first] = sent
    const window = openAccount(payment.channel.account).connector.replayWithinMs
    if (!first || sent.length > 1 || window === null || context.now() >= plus(fromDate(first.startedAt), window))
      return null
    const { judgement } = await judge(tx, payment, askedBy(cancellation), context.now(), cancellation)
    if (judgement.denial) return null
    const stored = unseal(first.wire, ['Attempt', cancellation.id, 'wire'])
    const claim = await writeAttempt(tx, context, cancellation, payment, {
      wire: storedWire.parse(JSON.parse(stored)),
      number: attempts.length + 1,
    })
    // An answer may come again: until then nobody decides what became of it.
    await tx.cancellation.update({ where: { id: cancellationId }, data: { settleBy: claim.settleBy } })
    return claim
  })
}

/** The network, outside any transaction. Answers what is known; never throws for what the gateway or the line did. */
export const talk = (claim: Claim): Promise<Heard> =>
  exchange<CancelInput, CancelReceipt>(
    claim.account.connector,
    operationOf(claim.account, claim.input.kind),
    claim.wire,
    claim.input,
    claim.account.call,
  )

function operationOf({ connector }: OpenAccount, kind: CancelInput['kind']): Operation<CancelInput, CancelReceipt> {
  const operation = kind === 'CLOSE' ? connector.operations.close : connector.operations.cancel
  if (!operation) throw new Error(`${connector.gateway} cannot close an account`)
  return operation
}

/** A process that was stopped with the permission in its hand gives it back: by then another may have asked and replayed. */
export async function talkInTime(context: Context, claim: Claim): Promise<Heard> {
  const now = context.now()
  if (now < plus(claim.startedAt, GRACE_MS)) return talk(claim)
  const cause = 'the permission to send was held too long'
  return {
    outcome: { kind: 'not_sent', cause },
    transcript: { startedAt: toIso(now), durationMs: 0, request: {}, reply: null, broken: cause },
  }
}

async function lockForCancellation(
  tx: Transaction,
  id: string,
): Promise<{ cancellation: Cancellation; payment: PaymentWithChannel } | null> {
  const known = await tx.cancellation.findUnique({ where: { id }, select: { paymentId: true, storeId: true } })
  if (!known || !(await lockPayment(tx, known.paymentId))) return null
  // Whoever stops the store waits until this is committed; what is committed after the stop has seen it.
  await tx.$executeRaw`SELECT 1 FROM "Store" WHERE id = ${known.storeId}::uuid FOR SHARE`
  const cancellation = await tx.cancellation.findUniqueOrThrow({ where: { id } })
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: known.paymentId }, include: withChannel })
  return { cancellation, payment }
}

const STOPPED_PAUSE_MS = 10 * SECOND_MS

/** Somebody stopped sending for this store: the intent stays as it is and can be withdrawn meanwhile. */
async function waitForStore(tx: Transaction, context: Context, { id }: Cancellation): Promise<null> {
  const nextAskAt = toDate(plus(context.now(), STOPPED_PAUSE_MS))
  await tx.cancellation.update({ where: { id }, data: { nextAskAt } })
  return null
}

async function withdrawIfDenied(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  payment: PaymentWithChannel,
): Promise<boolean> {
  const { judgement } = await judge(tx, payment, askedBy(cancellation), context.now(), cancellation)
  if (!judgement.denial) return false
  const { rule, reason } = judgement.denial
  await closeCancellation(tx, context, cancellation, {
    state: 'WITHDRAWN',
    cause: `rule:${rule}:${reason}`,
    evidence: { verdict: judgement.denial },
  })
  return true
}

/** What waited outlives the one who asked for it, unless a second person stands for it too. */
async function withdrawIfRequesterGone(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
): Promise<boolean> {
  const { requestedById, storeId } = cancellation
  const person = await tx.user.findUnique({ where: { id: requestedById }, include: { grants: { where: { storeId } } } })
  const mayStill =
    person?.disabledAt === null && may(person.grants[0]?.role ?? null, person.owner, 'cancellation.request')
  if (mayStill || (await tx.approval.count({ where: { cancellationId: cancellation.id, approved: true } })) > 0)
    return false
  const evidence = { by: 'permissions' }
  await closeCancellation(tx, context, cancellation, { state: 'WITHDRAWN', cause: 'requester_gone', evidence })
  return true
}

type Frozen = { readonly wire: Wire; readonly number: number }

async function writeAttempt(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  payment: PaymentWithChannel,
  replay?: Frozen,
): Promise<Claim & { settleBy: Date }> {
  const account = openAccount(payment.channel.account)
  const earlier = await tx.attempt.findMany({ where: { cancellationId: cancellation.id } })
  const input = await inputOf(tx, context, cancellation, payment, earlier)
  const operation = operationOf(account, cancellation.kind)
  const wire = replay?.wire ?? operation.request(input, account.call)
  const now = context.now()
  const settleBy = toDate(plus(now, operation.deadlineMs + GRACE_MS))
  const attempt = await tx.attempt.create({
    data: {
      cancellationId: cancellation.id,
      number: replay?.number ?? earlier.length + 1,
      startedAt: toDate(now),
      settleBy,
      wire: seal(JSON.stringify(wire), ['Attempt', cancellation.id, 'wire']),
      remainder: cancellation.remainderShown,
    },
  })
  await audit(tx, context, {
    action: 'cancellation.sending',
    outcome: 'done',
    storeId: payment.storeId,
    subject: { type: 'payment', id: payment.id },
    facts: {
      cancellation: cancellation.id,
      attempt: attempt.number,
      sequence: cancellation.sequence,
      replay: replay !== undefined,
    },
  })
  return { attemptId: attempt.id, cancellationId: cancellation.id, account, wire, input, settleBy, startedAt: now }
}

const isUnresolved = (attempt: Attempt) => attempt.outcome !== 'not_sent' && attempt.outcome !== 'declined'

async function inputOf(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  payment: PaymentWithChannel,
  earlier: readonly Attempt[],
): Promise<CancelInput> {
  if (!isCurrency(payment.currency)) throw new Error(`unknown currency ${payment.currency}`)
  return {
    intentId: cancellation.id,
    at: context.now(),
    token: cancellation.token,
    kind: cancellation.kind,
    paymentId: await addressFor(tx, payment),
    channelKey: payment.channel.key,
    pgTxId: payment.pgTxId,
    method: payment.method,
    currency: payment.currency,
    amount: minor(cancellation.amount),
    taxFree: minor(cancellation.taxFree),
    whole: cancellation.amount === payment.received && payment.refunded === 0n,
    mixedTax: payment.receivedTaxFree > 0n && payment.receivedTaxFree < payment.received,
    escrow: escrowStage(payment.escrow),
    remainder: minor(cancellation.remainderShown),
    refunded: minor(payment.refunded),
    sequence: cancellation.sequence,
    reason: cancellation.reason,
    refundAccount:
      cancellation.refundAccount === null
        ? null
        : openSealedAccount(cancellation.refundAccount, ['Cancellation', cancellation.id, 'refundAccount']),
    earlierUnresolved: earlier.some(isUnresolved),
  }
}
