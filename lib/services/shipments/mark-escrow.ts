import 'server-only'
import { z } from 'zod'
import { fromDate, toDate, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { askedAsEscrow, changeSureFrom } from '#lib/policy/shipping.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { openAccount } from '../accounts/open-account.ts'
import { addressOf } from '../payments/address-of.ts'
import { readAtGateway } from '../payments/read-at-gateway.ts'
import { resolveTasks } from '../tasks/resolve-tasks.ts'
import { escrowOf, paidAtOf, recordTells } from './shipment-facts.ts'

export const MarkEscrow = z.object({ paymentId: z.uuid(), asked: z.boolean() })

const TASK = { kind: 'escrow_not_escrow', key: 'asked' } as const

/**
 * A person says that a payment was asked for as escrow, or takes that back: nothing in a gateway's record tells it. Where the record
 * knows no escrow a task stands until it does. Fails with: payment.not_found, permission.missing, shipment.not_allowed.
 */
export async function markEscrow(
  context: Context,
  { paymentId, asked }: z.infer<typeof MarkEscrow>,
): Promise<{ result: ReturnType<typeof askedAsEscrow> }> {
  const missing = new DomainError('payment.not_found')
  const seen = await db.payment.findUnique({
    where: { id: paymentId },
    include: { channel: { include: { account: true } } },
  })
  if (!seen) throw missing
  authorize(context, 'shipment.register', seen.storeId, missing)
  // Its approval told it, and its record never will.
  if (!recordTells(seen.channel.account)) throw new DomainError('shipment.not_allowed', { reason: 'unsupported' })
  // The newest record decides; where it cannot be had now, the sweep reads it when it must show.
  const address = asked ? await addressOf(db, seen) : null
  if (address !== null) await readAtGateway(context, openAccount(seen.channel.account), address)
  return transaction(async (tx) => {
    await lockPayment(tx, paymentId)
    const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
    const now = context.now()
    const facts = { now, paidAt: paidAtOf(payment) }
    const result = askedAsEscrow(escrowOf(payment)?.status ?? null, facts)
    if (asked && result !== 'escrow') {
      const dueAt = knownFrom(facts.paidAt, now)
      const open = { facts: {}, dueAt: toDate(dueAt), createdAt: toDate(now), resolvedAt: null, resolvedById: null }
      await tx.task.upsert({
        where: { paymentId_kind_key: { paymentId, ...TASK } },
        create: { ...TASK, ...open, paymentId, storeId: payment.storeId },
        update: { ...open, resolution: null },
      })
    } else await resolveTasks(tx, context, { paymentId, ...TASK })
    await audit(tx, context, {
      action: 'shipment.mark_escrow',
      outcome: 'done',
      storeId: payment.storeId,
      subject: { type: 'payment', id: paymentId },
      facts: { asked, result },
    })
    return { result }
  })
}

/** From when the record must show it. */
function knownFrom(paidAt: Instant | null, now: Instant): Instant {
  const from = paidAt === null ? now : changeSureFrom(paidAt)
  return from > now ? from : now
}

/** The tick as it stands; null without one. */
export async function markOf(paymentId: string): Promise<{ since: Instant; knownFrom: Instant } | null> {
  const task = await db.task.findUnique({ where: { paymentId_kind_key: { paymentId, ...TASK } } })
  if (!task || task.resolvedAt !== null) return null
  return { since: fromDate(task.createdAt), knownFrom: fromDate(task.dueAt) }
}
