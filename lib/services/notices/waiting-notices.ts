import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import type { Context } from '#lib/server/context.ts'
import type { Transaction } from '#lib/server/db.ts'
import type { Payment } from '#prisma/client/client.ts'
import { openAccount } from '../accounts/open-account.ts'
import { applyFact } from './apply-fact.ts'
import { readStored } from './stored-notice.ts'

type Number = { readonly pg: string; readonly mid: string }

/** The result of a notice about a payment that is not known yet: by it the notice is found once it is. */
export const waitingFor = ({ pg, mid }: Number, paymentId: string): string => `waiting/${pg}/${mid}/${paymentId}`

/** Applies what was told of a payment before it was known. The payment is locked by the caller. */
export async function applyWaiting(tx: Transaction, context: Context, payment: Payment): Promise<void> {
  if (payment.pgTxId === null) return
  const waiting = await tx.notice.findMany({
    where: { state: 'IGNORED', result: waitingFor(payment, payment.pgTxId), account: { storeId: payment.storeId } },
    include: { account: true },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
  })
  for (const notice of waiting) {
    const told = readStored(openAccount(notice.account).connector, notice)
    if (told) await applyFact(tx, context, payment.id, told)
    await tx.notice.update({
      where: { id: notice.id },
      data: { state: 'APPLIED', result: payment.id, appliedAt: toDate(context.now()) },
    })
  }
}
