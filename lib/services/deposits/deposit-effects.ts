import 'server-only'
import type { DepositDoubt } from '#lib/policy/deposits.ts'
import { audit, type AuditAction } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import type { Deposit, Payment } from '#prisma/client/client.ts'
import { withdrawChangedApproval } from '../cancellations/approval.ts'
import { openTask } from '../payments/open-task.ts'
import { withdrawTooLarge } from '../cancellations/withdraw-too-large.ts'
import { raiseTasks } from '../tasks/raise-tasks.ts'
import { resolveTasks } from '../tasks/resolve-tasks.ts'

/** What follows once a deposit or a reversal counts: its row is written, and the payment's sums have followed by trigger. */
export async function settled(tx: Transaction, context: Context, deposit: Deposit): Promise<void> {
  const { paymentId, storeId } = deposit
  await resolveTasks(tx, context, { paymentId, kind: 'deposit_unverified', key: deposit.id })
  if (deposit.kind === 'reversal') {
    await withdrawTooLarge(tx, context, paymentId, 'deposit_reversed')
    const { refunded } = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
    await openTask(tx, {
      storeId,
      paymentId,
      kind: 'deposit_reversed',
      key: deposit.id,
      dueAt: context.now(),
      facts: { amount: Number(deposit.amount), ...(refunded > 0n && { refunded: Number(refunded) }) },
    })
  }
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } })
  // The same money may have been told twice.
  if (deposit.kind === 'deposit' && payment.received > payment.amount)
    await tellAmount(tx, context, payment, `received:${payment.received}`, Number(payment.received))
  await withdrawChangedApproval(tx, context, paymentId)
  await raiseTasks(tx, context, paymentId)
}

/** What somebody must look at while a deposit is not believed. The same task stands once. */
export async function tasksOfDoubt(
  tx: Transaction,
  context: Context,
  payment: Payment,
  deposit: Deposit,
  doubt: DepositDoubt,
): Promise<void> {
  const { storeId } = payment
  const amount = Number(deposit.amount)
  const task = { storeId, paymentId: payment.id, dueAt: context.now() }
  await openTask(tx, { ...task, kind: 'deposit_unverified', key: deposit.id, facts: { amount, doubt } })
  // Why may have changed since it was opened.
  const open = { paymentId: payment.id, kind: 'deposit_unverified', key: deposit.id }
  await tx.task.updateMany({ where: open, data: { facts: { amount, doubt } } })
  if (deposit.kind !== 'deposit' || doubt === 'unknown_payment') return
  if (deposit.amount !== payment.amount) await tellAmount(tx, context, payment, deposit.id, amount)
  if (payment.closedAt !== null && payment.paidAt === null)
    await openTask(tx, { ...task, kind: 'deposit_after_close', key: 'deposit', facts: { amount } })
}

/** Rule VA-AMOUNT: the gateway keeps what was paid in and gives no difference back. */
export const tellAmount = (tx: Transaction, context: Context, payment: Payment, key: string, deposited: number) =>
  openTask(tx, {
    storeId: payment.storeId,
    paymentId: payment.id,
    kind: 'amount_differs',
    key: `deposit:${key}`,
    dueAt: context.now(),
    facts: { ordered: Number(payment.amount), deposited },
  })

const actions = {
  deposit: { told: 'deposit.told', counted: 'deposit.counted', confirm: 'deposit.confirm', refuse: 'deposit.refuse' },
  reversal: {
    told: 'deposit.reversal_told',
    counted: 'deposit.reversed',
    confirm: 'deposit.confirm',
    refuse: 'deposit.refuse',
  },
} as const satisfies Record<string, Record<string, AuditAction>>

export const auditDeposit = (
  tx: Transaction,
  context: Context,
  { id, storeId, paymentId, kind, amount }: Deposit,
  step: keyof (typeof actions)['deposit'],
  facts: object = {},
) =>
  audit(tx, context, {
    action: actions[kind === 'reversal' ? 'reversal' : 'deposit'][step],
    outcome: 'done',
    storeId,
    subject: { type: 'payment', id: paymentId },
    facts: { deposit: id, amount: Number(amount), ...facts },
  })
