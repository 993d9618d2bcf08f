import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import { doubtOf, type DepositDoubt } from '#lib/policy/deposits.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import type { Deposit } from '#prisma/client/client.ts'
import { applyWaiting } from '../notices/waiting-notices.ts'
import { auditDeposit, settled, tasksOfDoubt, tellAmount } from './deposit-effects.ts'
import { claimOf, depositFacts, isVouched } from './deposit-facts.ts'

/**
 * Judges again what notices told of a payment, once somebody else has told of it: deposits that fit now count, and what was told
 * before the payment was known is applied. The same twice changes nothing. The payment is locked by the caller.
 */
export async function matchDeposits(tx: Transaction, context: Context, paymentId: string): Promise<void> {
  await lookAgain(tx, context, paymentId, 'record')
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  // A person confirmed a deposit before anybody knew what had been ordered.
  if (payment.confirmedAt !== null && payment.paidAt !== null && payment.received !== payment.amount)
    await tellAmount(tx, context, payment, 'received', Number(payment.received))
}

/** The same, where it is not the record that knows more: a person vouched for the payment. */
export async function lookAgain(
  tx: Transaction,
  context: Context,
  paymentId: string,
  by: 'record' | 'notice',
): Promise<void> {
  await matchWaiting(tx, context, paymentId, by)
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  if (isVouched(payment)) await applyWaiting(tx, context, payment)
}

/** One that counts may be what another waits for: a reversal for its deposit, a deposit for the account to be free again. */
export async function matchWaiting(
  tx: Transaction,
  context: Context,
  paymentId: string,
  by: 'record' | 'notice',
): Promise<void> {
  for (;;) {
    const fitting = await firstFitting(tx, context, paymentId)
    if (!fitting) return
    const deposit = await tx.deposit.update({
      where: { id: fitting.id },
      data: { state: 'APPLIED', decidedBy: by, decidedAt: toDate(context.now()) },
    })
    await auditDeposit(tx, context, deposit, 'counted', { by })
    await settled(tx, context, deposit)
  }
}

/** The oldest that fits now. What still does not may call for more than before: now it is known what was ordered. */
async function firstFitting(tx: Transaction, context: Context, paymentId: string): Promise<Deposit | null> {
  const payment = await tx.payment.findUniqueOrThrow({
    where: { id: paymentId },
    include: { deposits: { orderBy: [{ at: 'asc' }, { kind: 'asc' }, { id: 'asc' }] } },
  })
  const doubted: (readonly [Deposit, DepositDoubt])[] = []
  for (const deposit of payment.deposits) {
    if (deposit.state !== 'UNVERIFIED') continue
    const doubt = doubtOf(depositFacts(payment, payment.deposits, await claimOf(tx, deposit)))
    if (doubt === null) return deposit
    doubted.push([deposit, doubt])
  }
  for (const [deposit, doubt] of doubted) await tasksOfDoubt(tx, context, payment, deposit, doubt)
  return null
}
