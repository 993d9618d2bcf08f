import 'server-only'
import { MINUTE_MS, plus, toDate } from '#lib/domain/kst.ts'
import type { Context } from '#lib/server/context.ts'
import { db, lockPayment, transaction } from '#lib/server/db.ts'
import { log } from '#lib/server/log.ts'
import type { Cancellation } from '#prisma/client/client.ts'
import { confirmCancellation } from './confirm-cancellation.ts'
import { expireApprovals, promoteScheduled } from './schedule.ts'
import { sendCancellation } from './send-cancellation.ts'

const AT_ONCE = 8
const BROKEN_PAUSE_MS = MINUTE_MS

/** Takes up everything whose time has come by the console's clock: what was to be sent and was not, what must be asked. */
export async function sweepCancellations(context: Context): Promise<number> {
  await expireApprovals(context)
  const promoted = await promoteScheduled(context)
  const due = await db.cancellation.findMany({
    where: {
      state: { in: ['READY', 'SENDING', 'UNCONFIRMED', 'ACCEPTED'] },
      nextAskAt: { lte: toDate(context.now()) },
    },
    orderBy: { nextAskAt: 'asc' },
    take: AT_ONCE,
    select: { id: true, state: true },
  })
  const others = due.filter(({ id }) => !promoted.includes(id))
  await Promise.all([
    ...promoted.map((id) => takeUp(context, { id, state: 'READY' })),
    ...others.map((one) => takeUp(context, one)),
  ])
  return promoted.length + others.length
}

type Due = Pick<Cancellation, 'id' | 'state'>

async function takeUp(context: Context, due: Due): Promise<void> {
  try {
    await (due.state === 'READY' ? sendCancellation(context, due.id) : confirmCancellation(context, due.id))
  } catch (error) {
    log.error(
      { cancellation: due.id, error: error instanceof Error ? (error.stack ?? error.message) : 'not an error' },
      'broken',
    )
    await putOff(context, due)
  }
}

/** What breaks again and again stands behind the others, not before them. */
async function putOff(context: Context, { id }: Due): Promise<void> {
  await transaction(async (tx) => {
    const { paymentId } = await tx.cancellation.findUniqueOrThrow({ where: { id }, select: { paymentId: true } })
    await lockPayment(tx, paymentId)
    const now = context.now()
    const data = { nextAskAt: toDate(plus(now, BROKEN_PAUSE_MS)) }
    await tx.cancellation.updateMany({ where: { id, nextAskAt: { lte: toDate(now) } }, data })
  })
}
