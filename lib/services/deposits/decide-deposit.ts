import 'server-only'
import { z } from 'zod'
import { toDate } from '#lib/domain/kst.ts'
import { keepableMemo } from '#lib/domain/memo.ts'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { canReverse } from '#lib/policy/deposits.ts'
import { authorize, type Context, type Person } from '#lib/server/context.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import type { Deposit, Payment } from '#prisma/client/client.ts'
import { resolveTasks } from '../tasks/resolve-tasks.ts'
import { typedText } from '../typed-text.ts'
import { auditDeposit, settled } from './deposit-effects.ts'
import { isVouched, kindOf, standingOf } from './deposit-facts.ts'
import { lookAgain } from './match-deposits.ts'

export const DecideDeposit = z.object({ id: z.uuid(), confirm: z.boolean(), note: typedText(200).min(2) })

/**
 * A person says whether what a notice told is true, after looking at the gateway or the bank. Confirming the deposit of a payment
 * that nobody else told of vouches for the payment. Decided once. Fails with: deposit.not_found, permission.missing,
 * session.step_up, memo.personal_number, deposit.decided, deposit.not_received.
 */
export async function decideDeposit(
  context: Context,
  { id, confirm, note }: z.infer<typeof DecideDeposit>,
): Promise<{ id: string }> {
  const missing = new DomainError('deposit.not_found')
  const seen = await db.deposit.findUnique({ where: { id } })
  if (!seen) throw missing
  authorize(context, 'deposit.confirm', seen.storeId, missing)
  const { actor } = context
  if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'deposit.confirm' })
  requireFreshSignIn(context)
  const references = await db.reference.findMany({ where: { paymentId: seen.paymentId }, select: { value: true } })
  const kept = keepableMemo(
    note,
    references.map((one) => one.value),
  )
  if (kept === null) throw new DomainError('memo.personal_number')
  return transaction(async (tx) => {
    await lockPayment(tx, seen.paymentId)
    const payment = await tx.payment.findUniqueOrThrow({ where: { id: seen.paymentId }, include: { deposits: true } })
    const deposit = payment.deposits.find((one) => one.id === id)
    if (deposit?.state !== 'UNVERIFIED') throw new DomainError('deposit.decided')
    if (confirm) await confirmDeposit(tx, context, { actor, payment, deposit, note: kept })
    else await refuseDeposit(tx, context, { actor, deposit, note: kept })
    return { id }
  })
}

type Decision = { readonly actor: Person; readonly deposit: Deposit; readonly note: string }

const decided = (context: Context, { actor, note }: Decision) => ({
  decidedBy: 'person',
  decidedById: actor.id,
  decidedAt: toDate(context.now()),
  note,
})

async function confirmDeposit(
  tx: Transaction,
  context: Context,
  decision: Decision & { readonly payment: Payment & { readonly deposits: readonly Deposit[] } },
): Promise<void> {
  const { actor, payment, deposit, note } = decision
  const reversal = kindOf(deposit) === 'reversal'
  const amount = minor(deposit.amount)
  if (reversal && !canReverse({ amount, standing: standingOf(payment, payment.deposits, null) }))
    throw new DomainError('deposit.not_received')
  if (!reversal && !isVouched(payment))
    await tx.payment.update({
      where: { id: payment.id },
      data: { confirmedById: actor.id, confirmedAt: toDate(context.now()) },
    })
  const counted = await tx.deposit.update({
    where: { id: deposit.id },
    data: { state: 'APPLIED', ...decided(context, decision) },
  })
  await auditDeposit(tx, context, counted, 'confirm', { note })
  await settled(tx, context, counted)
  await lookAgain(tx, context, payment.id, 'notice')
}

async function refuseDeposit(tx: Transaction, context: Context, decision: Decision): Promise<void> {
  const { deposit, note } = decision
  await tx.deposit.update({ where: { id: deposit.id }, data: { state: 'REFUSED', ...decided(context, decision) } })
  await auditDeposit(tx, context, deposit, 'refuse', { note })
  await resolveTasks(tx, context, { paymentId: deposit.paymentId, kind: 'deposit_unverified', key: deposit.id })
}
