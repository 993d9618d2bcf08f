import 'server-only'
import { z } from 'zod'
import { fromDate, type Instant } from '#lib/domain/kst.ts'
import { maskAccount } from '#lib/domain/mask.ts'
import { minor } from '#lib/domain/money.ts'
import { accountEnded, type DepositFacts, type DepositKind, type Standing } from '#lib/policy/deposits.ts'
import type { db, Transaction } from '#lib/server/db.ts'
import type { Deposit, Payment } from '#prisma/client/client.ts'
import { openAccount } from '../accounts/open-account.ts'
import { readStored } from '../notices/stored-notice.ts'
import { personalOf } from '../payments/personal.ts'

/** Somebody else than an unsigned notice told of it, or a person vouched for it. */
export const isVouched = ({ source, confirmedAt }: Pick<Payment, 'source' | 'confirmedAt'>): boolean =>
  source !== 'notice' || confirmedAt !== null

export type Claimed = Pick<DepositFacts, 'kind' | 'amount' | 'account'> & {
  readonly bank: string | null
  readonly at: Instant
}

const ownBank = z.object({ virtualAccount: z.object({ bank: z.string() }) })

const digits = (number: string): string => number.replace(/\D/g, '')

/** What there is to hold a claim against, as the payment stands. `deposits` are all of the payment. */
export function depositFacts(payment: Payment, deposits: readonly Deposit[], claimed: Claimed): DepositFacts {
  const { kind, amount, account, at } = claimed
  const own = personalOf(payment)?.account
  const bank = ownBank.safeParse(payment.methodFacts).data?.virtualAccount.bank ?? null
  return {
    kind,
    amount,
    account,
    ended: [bank, claimed.bank].some((one) => accountEnded(payment.pg, one, at)),
    known: isVouched(payment),
    ordered: minor(payment.amount),
    ownAccount: own === undefined ? null : digits(own),
    awaited: payment.paidAt === null && payment.closedAt === null,
    standing: standingOf(payment, deposits, claimed.account),
  }
}

/** Each reversal that counts takes away one deposit of its amount. What was received otherwise stands as one of its own. */
export function standingOf(payment: Payment, deposits: readonly Deposit[], account: string | null): Standing[] {
  const applied = deposits.filter((one) => one.state === 'APPLIED')
  const standing = applied.filter((one) => one.kind === 'deposit')
  for (const reversal of applied.filter((one) => one.kind === 'reversal')) {
    const at = standing.findIndex((one) => one.amount === reversal.amount && one.number === reversal.number)
    const any = standing.findIndex((one) => one.amount === reversal.amount)
    if (any >= 0) standing.splice(at >= 0 ? at : any, 1)
  }
  const told = account === null ? null : maskAccount(account)
  const sum = standing.reduce((total, one) => total + one.amount, 0n)
  const otherwise = payment.received - sum
  return [
    ...standing.map(({ amount, number }) => ({ amount: minor(amount), own: told !== null && number === told })),
    ...(otherwise > 0n ? [{ amount: minor(otherwise), own: false }] : []),
  ]
}

export const kindOf = ({ kind }: Pick<Deposit, 'kind'>): DepositKind => (kind === 'reversal' ? 'reversal' : 'deposit')

/** What the notice of a deposit told, with the number that the row holds masked only. */
export async function claimOf(tx: Transaction | typeof db, deposit: Deposit): Promise<Claimed> {
  const { bank, at } = deposit
  const plain = { kind: kindOf(deposit), amount: minor(deposit.amount), bank, at: fromDate(at) }
  const notice =
    deposit.noticeId === null
      ? null
      : await tx.notice.findUnique({ where: { id: deposit.noticeId }, include: { account: true } })
  const told = notice && readStored(openAccount(notice.account).connector, notice)
  const known = told?.event.kind === 'deposit' || told?.event.kind === 'reversal'
  return { ...plain, account: known ? told.event.account : null }
}
