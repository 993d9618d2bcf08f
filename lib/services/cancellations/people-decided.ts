import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import type { Minor } from '#lib/domain/money.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import type { db, Transaction } from '#lib/server/db.ts'
import type { Cancellation } from '#prisma/client/client.ts'

type Told = { readonly id: string; readonly amount: Minor; readonly taxFree: Minor }

/**
 * The gateway tells of a cancel that people had decided did happen: the same refund, which is already in the sums. It is
 * noted beside their decision, which stays marked as theirs. Answers false for anything else.
 */
export async function seenAfterPeople(
  tx: Transaction,
  context: Context,
  cancellation: Cancellation,
  told: Told,
): Promise<boolean> {
  if (cancellation.state !== 'DONE') return false
  const decided = await tx.resolution.findFirst({
    where: { cancellationId: cancellation.id, agreed: true, happened: true },
  })
  const same = Number(cancellation.amount) === told.amount && Number(cancellation.taxFree) === told.taxFree
  if (!decided || !same) return false
  if (decided.gatewayCancellationId !== null) return decided.gatewayCancellationId === told.id
  await tx.resolution.update({
    where: { id: decided.id },
    data: { gatewayCancellationId: told.id, seenAt: toDate(context.now()) },
  })
  await audit(tx, context, {
    action: 'cancellation.outcome',
    outcome: 'done',
    storeId: cancellation.storeId,
    subject: { type: 'payment', id: cancellation.paymentId },
    facts: { cancellation: cancellation.id, state: 'DONE', evidence: { by: 'record after people', seen: told.id } },
  })
  return true
}

/** People typed the number of a cancel that somebody else made for ours, so it bears no mark: that number finds it. */
export async function decidedByNumber(
  tx: Transaction,
  ours: readonly Cancellation[],
  told: Told & { readonly status: string; readonly approvalNumber?: string | undefined },
): Promise<Cancellation | undefined> {
  if (told.approvalNumber === undefined || told.status !== 'succeeded') return undefined
  const decided = await tx.resolution.findFirst({
    where: {
      cancellationId: { in: ours.map((one) => one.id) },
      agreed: true,
      happened: true,
      approvalNumber: told.approvalNumber,
      OR: [{ gatewayCancellationId: null }, { gatewayCancellationId: told.id }],
    },
  })
  return ours.find(
    (one) =>
      one.id === decided?.cancellationId &&
      Number(one.amount) === told.amount &&
      Number(one.taxFree) === told.taxFree &&
      one.state === 'DONE',
  )
}

/** The last cancel of which people decided that it did not happen: the next one needs two people and names it. */
export async function lastDecidedNotDone(tx: Transaction | typeof db, paymentId: string): Promise<string | null> {
  const decided = await tx.resolution.findFirst({
    where: { agreed: true, happened: false, cancellation: { paymentId, kind: 'CANCEL' } },
    orderBy: { decidedAt: 'desc' },
  })
  return decided?.cancellationId ?? null
}
