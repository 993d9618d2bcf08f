import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { fromDate, parseIso, plus, toDate } from '#lib/domain/kst.ts'
import { hideCardNumbers } from '#lib/domain/mask.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { ALONE_AFTER_MS } from '#lib/policy/closable.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import type { Cancellation, Resolution } from '#prisma/client/client.ts'
import { typedText } from '../typed-text.ts'
import { connectorOf } from '#lib/gateways/registry.ts'
import { openAccount } from '../accounts/open-account.ts'
import { addressOf } from '../payments/address-of.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { closableFrom } from './cancellation-view.ts'
import { appendRefund, closeCancellation } from './close-cancellation.ts'
import { withChannel } from './judge-cancellation.ts'

const spokenAt = z.string().transform((text, context) => {
  const at = parseIso(text)
  if (at !== null) return at
  context.addIssue('not an instant')
  return z.NEVER
})
const approvalNumber = typedText(40).min(1)
const Evidence = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('approval_number'), approvalNumber, again: approvalNumber })
    .refine((typed) => typed.approvalNumber === typed.again, { path: ['again'] }),
  z.object({ kind: z.literal('agent'), agent: typedText(60).min(1), spokenAt, evidenceId: z.uuid() }),
])

export const ProposeResolution = z
  .object({ cancellationId: z.uuid(), happened: z.boolean(), evidence: Evidence, note: typedText(300).min(1) })
  // A number proves that it happened; that it did not happen, only somebody at the gateway can say.
  .refine(({ happened, evidence }) => happened || evidence.kind === 'agent', { path: ['evidence'] })
export const DecideResolution = z.object({ id: z.uuid(), agree: z.boolean() })

/**
 * One person says, with evidence, what became of a cancellation that asking does not settle. Nothing changes until a second
 * one agrees. Fails with: cancellation.not_found, permission.missing, session.step_up, cancellation.not_closable,
 * resolution.decided (another proposal waits), resolution.number_recorded, evidence.not_found.
 */
export async function proposeResolution(
  context: Context,
  input: z.infer<typeof ProposeResolution>,
): Promise<{ id: string }> {
  const missing = new DomainError('cancellation.not_found')
  const seen = await db.cancellation.findUnique({ where: { id: input.cancellationId } })
  if (!seen) throw missing
  const personId = authorizeFresh(context, seen.storeId, missing)
  const id = randomUUID()
  const { evidence } = input
  await transaction(async (tx) => {
    await lockPayment(tx, seen.paymentId)
    await refuseUnclosable(tx, context, input.cancellationId)
    const waiting = await tx.resolution.count({ where: { cancellationId: input.cancellationId, decidedAt: null } })
    if (waiting > 0) throw new DomainError('resolution.decided')
    if (evidence.kind === 'approval_number') await refuseRecorded(tx, seen.paymentId, evidence.approvalNumber)
    if (evidence.kind === 'agent') {
      const file = await tx.evidence.findUnique({ where: { id: evidence.evidenceId }, select: { storeId: true } })
      if (file?.storeId !== seen.storeId) throw new DomainError('evidence.not_found')
    }
    await tx.resolution.create({
      data: {
        id,
        cancellationId: input.cancellationId,
        happened: input.happened,
        evidenceKind: evidence.kind,
        ...(evidence.kind === 'approval_number'
          ? { approvalNumber: evidence.approvalNumber }
          : { agent: evidence.agent, spokenAt: toDate(evidence.spokenAt), evidenceId: evidence.evidenceId }),
        note: hideCardNumbers(input.note),
        proposedById: personId,
        proposedAt: toDate(context.now()),
      },
    })
    await auditResolution(tx, context, seen, { resolution: id, step: 'proposed', happened: input.happened })
  })
  return { id }
}

/**
 * The second person agrees, and it is closed so, marked for ever; or does not, and it stays open. Per store one person alone,
 * a day after proposing. Fails with: resolution.not_found, permission.missing, session.step_up, resolution.own_proposal,
 * resolution.decided, resolution.number_recorded, cancellation.not_closable.
 */
export async function decideResolution(
  context: Context,
  input: z.infer<typeof DecideResolution>,
): Promise<{ id: string }> {
  const missing = new DomainError('resolution.not_found')
  const seen = await db.resolution.findUnique({ where: { id: input.id }, include: { cancellation: true } })
  if (!seen) throw missing
  const personId = authorizeFresh(context, seen.cancellation.storeId, missing)
  await transaction(async (tx) => {
    await lockPayment(tx, seen.cancellation.paymentId)
    const resolution = await tx.resolution.findUniqueOrThrow({ where: { id: input.id } })
    if (resolution.decidedAt !== null) throw new DomainError('resolution.decided')
    const alone = resolution.proposedById === personId
    if (alone && input.agree) await refuseAloneTooEarly(tx, context, seen.cancellation.storeId, resolution)
    if (input.agree) {
      await refuseUnclosable(tx, context, resolution.cancellationId)
      await refuseRecorded(tx, seen.cancellation.paymentId, resolution.approvalNumber)
    }
    await tx.resolution.update({
      where: { id: resolution.id },
      data: { decidedById: personId, decidedAt: toDate(context.now()), agreed: input.agree, alone },
    })
    await auditResolution(tx, context, seen.cancellation, {
      resolution: resolution.id,
      step: input.agree ? 'agreed' : 'refused',
      happened: resolution.happened,
      alone,
    })
    if (input.agree) await closeAsDecided(tx, context, seen.cancellationId, resolution)
  })
  if (input.agree) await readWithoutFeed(context, seen.cancellation.paymentId)
  return { id: input.id }
}

/** What was held while the intent was open is looked for now: at a gateway without a feed nothing else would. */
async function readWithoutFeed(context: Context, paymentId: string): Promise<void> {
  const payment = await db.payment.findUniqueOrThrow({ where: { id: paymentId }, include: withChannel })
  const account = openAccount(payment.channel.account)
  const address = account.connector.operations.feed ? null : await addressOf(db, payment)
  if (address !== null) await readAtGateway(context, account, address)
}

function authorizeFresh(context: Context, storeId: string, missing: DomainError): string {
  authorize(context, 'cancellation.resolve', storeId, missing)
  requireFreshSignIn(context)
  if (context.actor.kind !== 'person')
    throw new DomainError('permission.missing', { permission: 'cancellation.resolve' })
  return context.actor.id
}

async function refuseUnclosable(tx: Transaction, context: Context, id: string): Promise<void> {
  const cancellation = await tx.cancellation.findUniqueOrThrow({
    where: { id },
    include: { payment: { include: withChannel } },
  })
  const from = closableFrom(cancellation, connectorOf(cancellation.payment.channel.account))
  if (from === null || context.now() < from)
    throw new DomainError('cancellation.not_closable', { state: cancellation.state, fromAt: from })
}

/** The number of a refund that is in the sums already is no proof of another one. */
async function refuseRecorded(tx: Transaction, paymentId: string, approvalNumber: string | null): Promise<void> {
  if (approvalNumber === null) return
  const recorded = await tx.refund.count({ where: { paymentId, approvalNumber } })
  if (recorded > 0) throw new DomainError('resolution.number_recorded')
}

async function refuseAloneTooEarly(
  tx: Transaction,
  context: Context,
  storeId: string,
  { proposedAt }: Resolution,
): Promise<void> {
  const { oneAfterDay } = await tx.store.findUniqueOrThrow({ where: { id: storeId } })
  if (!oneAfterDay || context.now() < plus(fromDate(proposedAt), ALONE_AFTER_MS))
    throw new DomainError('resolution.own_proposal')
}

/** The number under which a refund stands that only people vouch for. */
export const peopleReference = (cancellationId: string): string => `people:${cancellationId}`

async function closeAsDecided(tx: Transaction, context: Context, id: string, resolution: Resolution): Promise<void> {
  const cancellation: Cancellation = await tx.cancellation.findUniqueOrThrow({ where: { id } })
  const evidence = { by: 'people', resolution: resolution.id, alone: resolution.alone }
  if (!resolution.happened)
    return closeCancellation(tx, context, cancellation, { state: 'DECLINED', code: 'PEOPLE', message: null, evidence })
  const reference = peopleReference(id)
  if (cancellation.kind === 'CANCEL')
    await appendRefund(
      tx,
      context,
      { paymentId: cancellation.paymentId, channelId: cancellation.channelId },
      {
        id: reference,
        status: 'succeeded',
        amount: minor(cancellation.amount),
        taxFree: minor(cancellation.taxFree),
        requestedAt: fromDate(cancellation.requestedAt),
        cancelledAt: cancellation.sendingSince === null ? context.now() : fromDate(cancellation.sendingSince),
        reason: cancellation.reason,
        ...(resolution.approvalNumber !== null && { approvalNumber: resolution.approvalNumber }),
      },
      id,
    )
  await closeCancellation(tx, context, cancellation, {
    state: 'DONE',
    gatewayCancellationId: reference,
    approvalNumber: resolution.approvalNumber,
    evidence,
  })
}

const auditResolution = (
  tx: Transaction,
  context: Context,
  cancellation: Pick<Cancellation, 'id' | 'storeId' | 'paymentId'>,
  facts: object,
) =>
  audit(tx, context, {
    action: 'cancellation.resolve',
    outcome: 'done',
    storeId: cancellation.storeId,
    subject: { type: 'payment', id: cancellation.paymentId },
    facts: { cancellation: cancellation.id, ...facts },
  })
