import 'server-only'
import { maskAccount } from '#lib/domain/mask.ts'
import { toDate } from '#lib/domain/kst.ts'
import type { UnsignedNotice } from '#lib/gateways/connector.ts'
import { doubtOf } from '#lib/policy/deposits.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import { depositFacts } from './deposit-facts.ts'
import { auditDeposit, settled, tasksOfDoubt } from './deposit-effects.ts'
import { matchWaiting } from './match-deposits.ts'

/** The part of a notice that tells of money coming in, or being taken back. */
export type Money = Extract<UnsignedNotice['event'], { kind: 'deposit' | 'reversal' }>

type Told = {
  readonly accountId: string
  readonly noticeId: string
  readonly key: string
  readonly paymentId: string
  readonly money: Money
}

/**
 * Writes down a deposit or its reversal as a notice told it: counted where all of it is what we know, else unverified until
 * somebody who is not the notice says more. The same twice is one. The payment is locked by the caller.
 */
export async function recordDeposit(
  tx: Transaction,
  context: Context,
  { accountId, noticeId, key, paymentId, money }: Told,
): Promise<void> {
  const known = await tx.deposit.findUnique({ where: { accountId_key: { accountId, key } } })
  if (known) return
  const payment = await tx.payment.findUniqueOrThrow({ where: { id: paymentId }, include: { deposits: true } })
  const doubt = doubtOf(depositFacts(payment, payment.deposits, money))
  const now = toDate(context.now())
  const deposit = await tx.deposit.create({
    data: {
      storeId: payment.storeId,
      accountId,
      paymentId,
      noticeId,
      key,
      kind: money.kind,
      amount: BigInt(money.amount),
      at: toDate(money.at),
      bank: money.bank,
      number: money.account === null ? null : maskAccount(money.account),
      seenAt: now,
      ...(doubt === null
        ? { state: 'APPLIED', decidedBy: 'notice', decidedAt: now }
        : { state: 'UNVERIFIED', why: doubt }),
    },
  })
  await auditDeposit(tx, context, deposit, doubt === null ? 'counted' : 'told', { doubt })
  if (doubt === null) await settled(tx, context, deposit)
  else await tasksOfDoubt(tx, context, payment, deposit, doubt)
  // What came in may be what another one has waited for.
  if (doubt === null) await matchWaiting(tx, context, paymentId, 'notice')
}
