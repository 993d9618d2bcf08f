import 'server-only'
import { fromDate } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { DepositsView, DepositView } from '#lib/domain/views.ts'
import { doubtOf } from '#lib/policy/deposits.ts'
import { whoMay } from '#lib/policy/permissions.ts'
import { permitted, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import type { Deposit, Payment } from '#prisma/client/client.ts'
import { namesOf } from '../people/names.ts'
import { claimOf, depositFacts, isVouched, kindOf } from './deposit-facts.ts'

/** What notices told of money coming in; null where none did. */
export async function depositsOf(context: Context, payment: Payment): Promise<DepositsView | null> {
  const rows = await db.deposit.findMany({
    where: { paymentId: payment.id },
    orderBy: [{ seenAt: 'desc' }, { id: 'desc' }],
  })
  if (rows.length === 0) return null
  const people = [payment.confirmedById, ...rows.map((one) => one.decidedById)]
  const names = await namesOf(people.flatMap((id) => id ?? []))
  const { confirmedById, confirmedAt } = payment
  return {
    items: await Promise.all(rows.map((row) => viewOf(payment, rows, row, names))),
    noticeAlone: !isVouched(payment),
    confirmed:
      confirmedById === null || confirmedAt === null
        ? null
        : { who: names.get(confirmedById) ?? '', at: fromDate(confirmedAt) },
    may: permitted(context.actor, 'deposit.confirm', payment.storeId),
    who: whoMay('deposit.confirm').join(', '),
  }
}

async function viewOf(
  payment: Payment,
  rows: readonly Deposit[],
  row: Deposit,
  names: ReadonlyMap<string, string>,
): Promise<DepositView> {
  // As it stands now: the approval may have come since.
  const doubt =
    row.state === 'UNVERIFIED' ? (doubtOf(depositFacts(payment, rows, await claimOf(db, row))) ?? row.why) : row.why
  return {
    id: row.id,
    kind: kindOf(row),
    amount: minor(row.amount),
    at: fromDate(row.at),
    bank: row.bank,
    number: row.number,
    state: row.state === 'APPLIED' || row.state === 'REFUSED' ? row.state : 'UNVERIFIED',
    doubt,
    seenAt: fromDate(row.seenAt),
    decidedBy: row.decidedBy,
    who: row.decidedById === null ? null : (names.get(row.decidedById) ?? ''),
    decidedAt: row.decidedAt === null ? null : fromDate(row.decidedAt),
    note: row.note,
  }
}
