import 'server-only'
import { MINUTE_MS, plus, toDate, type Instant } from '#lib/domain/kst.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { GatewayCancellation } from '#lib/domain/payment.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import type { Cancellation, Payment } from '#prisma/client/client.ts'
import { openTask } from '../payments/open-task.ts'
import { raiseTasks } from '../tasks/raise-tasks.ts'
import { withdrawChangedApproval } from './approval.ts'
import type { PaymentAt } from './record-outside.ts'
import { split, tellOther } from './settle-from-sums.ts'
import { withdrawTooLarge } from './withdraw-too-large.ts'

/** One cancel of which an export of the gateway's admin site tells and we do not know. */
export type CancelInFile = { readonly amount: Minor; readonly at: Instant }

/** What a file tells is of our intent or of another's: which, only the gateway or two people can say. */
export const outOf = (tx: Transaction, paymentId: string): Promise<Cancellation | null> =>
  tx.cancellation.findFirst({
    where: { paymentId, kind: 'CANCEL', state: { in: ['SENDING', 'ACCEPTED', 'UNCONFIRMED'] } },
  })

/**
 * Records cancels made elsewhere that only a file told of, or holds them where one of ours is out: a file settles nothing. The
 * payment is locked, and the caller has seen that this much is not known. Each is named as the balance names it: by what has
 * gone in all, so that a later reading of the balance finds it known.
 */
export async function settleFromFile(
  tx: Transaction,
  context: Context,
  payment: Payment,
  cancels: readonly CancelInFile[],
): Promise<'recorded' | 'held'> {
  const sum = cancels.reduce((all, { amount }) => all + amount, 0)
  if (await outOf(tx, payment.id)) {
    await hold(tx, context, payment, sum)
    return 'held'
  }
  for (const { amount, at } of cancels) {
    const now = await tx.payment.findUniqueOrThrow({ where: { id: payment.id } })
    await tellOther(tx, context, now, {
      id: `${now.pgTxId ?? now.id}/${Number(now.refunded) + amount}`,
      status: 'succeeded',
      requestedAt: at,
      cancelledAt: at,
      reason: '',
      trigger: 'FILE',
      source: 'file',
      ...split(now, amount),
    })
  }
  await withdrawTooLarge(tx, context, payment.id)
  await withdrawChangedApproval(tx, context, payment.id)
  await raiseTasks(tx, context, payment.id)
  return 'recorded'
}

const hold = (tx: Transaction, context: Context, { id, storeId, refunded }: Payment, amount: number) =>
  openTask(tx, {
    storeId,
    paymentId: id,
    kind: 'outside_cancel',
    key: `file:${Number(refunded) + amount}`,
    dueAt: context.now(),
    facts: { amount, trigger: 'FILE' },
  })

/** Two clocks may differ by so much. */
const CLOCKS_MS = 2 * MINUTE_MS

/** A cancel in the gateway's record that a file told of before is noted beside it and not counted again. Answers false for any other. */
export async function toldByFile(
  tx: Transaction,
  context: Context,
  view: PaymentAt,
  told: GatewayCancellation,
): Promise<boolean> {
  if (told.status !== 'succeeded') return false
  const byFile = await tx.refund.findMany({
    // One made after the file was read stands not in it.
    where: {
      paymentId: view.paymentId,
      source: 'file',
      seenAt: { gte: toDate(plus(told.cancelledAt ?? told.requestedAt, -CLOCKS_MS)) },
    },
    include: { seen: true },
    orderBy: { refundedAt: 'asc' },
  })
  const left = byFile.map((refund) => ({
    refund,
    amount: minor(refund.amount - refund.seen.reduce((sum, one) => sum + one.amount, 0n)),
  }))
  const same = left.find(({ amount }) => amount === told.amount) ?? left.find(({ amount }) => amount > told.amount)
  if (!same || told.amount === 0) return false
  await tx.refundSeen.create({
    data: {
      channelId: view.channelId,
      gatewayCancellationId: told.id,
      refundId: same.refund.id,
      amount: BigInt(told.amount),
      seenAt: toDate(context.now()),
    },
  })
  await audit(tx, context, {
    action: 'payment.outside_cancel',
    outcome: 'done',
    storeId: view.storeId,
    subject: { type: 'payment', id: view.paymentId },
    facts: { amount: told.amount, source: 'file', seen: told.id },
  })
  return true
}
