import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { log } from '#lib/server/log.ts'
import { closeCancellation } from './close-cancellation.ts'

/**
 * What waited for the morning and is due becomes READY, for each gateway account only as many as may be on their way at the
 * same time. The account's lock lets replicas take turns. Answers the ids.
 */
export async function promoteScheduled(context: Context): Promise<readonly string[]> {
  const due = await db.cancellation.findMany({
    where: { state: 'SCHEDULED', dueAt: { lte: toDate(context.now()) }, payment: { store: { stoppedAt: null } } },
    select: { payment: { select: { channel: { select: { accountId: true } } } } },
    orderBy: { dueAt: 'asc' },
    take: 1_000,
  })
  const accounts = new Set(due.map(({ payment }) => payment.channel.accountId))
  const promoted = await Promise.all(
    [...accounts].map((accountId) => unlessBroken({ accountId }, [], promoteOf(context, accountId))),
  )
  return promoted.flat()
}

function promoteOf(context: Context, accountId: string): Promise<readonly string[]> {
  return transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`send/${accountId}`}, 0))`
    const ofAccount = { payment: { channel: { accountId } } }
    const { sendAtOnce } = await tx.gatewayAccount.findUniqueOrThrow({ where: { id: accountId } })
    const onTheirWay = await tx.cancellation.count({
      where: { state: { in: ['READY', 'SENDING'] }, ...ofAccount },
    })
    const now = toDate(context.now())
    const next = await tx.cancellation.findMany({
      where: {
        state: 'SCHEDULED',
        dueAt: { lte: now },
        ...ofAccount,
        AND: { payment: { store: { stoppedAt: null } } },
      },
      orderBy: [{ dueAt: 'asc' }, { requestedAt: 'asc' }, { id: 'asc' }],
      take: Math.max(0, sendAtOnce - onTheirWay),
      select: { id: true, paymentId: true, storeId: true },
    })
    const taken: string[] = []
    // In one order of payments, so that two replicas never wait for each other crosswise.
    for (const { id, paymentId, storeId } of next.toSorted((a, b) => (a.paymentId < b.paymentId ? -1 : 1))) {
      await lockPayment(tx, paymentId)
      const { count } = await tx.cancellation.updateMany({
        where: { id, state: 'SCHEDULED' },
        data: { state: 'READY', nextAskAt: now },
      })
      if (count === 0) continue
      taken.push(id)
      await audit(tx, context, {
        action: 'cancellation.outcome',
        outcome: 'done',
        storeId,
        subject: { type: 'payment', id: paymentId },
        facts: { cancellation: id, state: 'READY', cause: 'due' },
      })
    }
    return taken
  })
}

/** Nobody agreed in time: withdrawn, nothing was sent. */
export async function expireApprovals(context: Context): Promise<void> {
  const over = await db.cancellation.findMany({
    where: { state: 'AWAITING_APPROVAL', approval: { expiresAt: { lte: toDate(context.now()) } } },
    select: { id: true, paymentId: true },
    take: 50,
  })
  for (const { id, paymentId } of over) {
    const expiring = transaction(async (tx) => {
      await lockPayment(tx, paymentId)
      const cancellation = await tx.cancellation.findUniqueOrThrow({ where: { id } })
      if (cancellation.state !== 'AWAITING_APPROVAL') return
      const evidence = { by: 'clock' }
      await closeCancellation(tx, context, cancellation, { state: 'WITHDRAWN', cause: 'approval_expired', evidence })
    })
    await unlessBroken({ cancellation: id }, undefined, expiring)
  }
}

/** One that is broken is tried again at the next turn, and does not stop the others or what is asked after them. */
async function unlessBroken<Value>(what: object, otherwise: Value, run: Promise<Value>): Promise<Value> {
  try {
    return await run
  } catch (error) {
    const cause = error instanceof Error ? (error.stack ?? error.message) : 'not an error'
    log.error({ ...what, error: cause }, 'broken')
    return otherwise
  }
}
