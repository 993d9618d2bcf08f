import 'server-only'
import { toDate } from '#lib/domain/kst.ts'
import type { Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { confirmCancellation } from './confirm-cancellation.ts'
import { sendCancellation } from './send-cancellation.ts'

const AT_ONCE = 8

/** Takes up everything whose time has come by the console's clock: what was to be sent and was not, what must be asked. */
export async function sweepCancellations(context: Context): Promise<number> {
  const due = await db.cancellation.findMany({
    where: {
      state: { in: ['READY', 'SENDING', 'UNCONFIRMED', 'ACCEPTED'] },
      nextAskAt: { lte: toDate(context.now()) },
    },
    orderBy: { nextAskAt: 'asc' },
    take: AT_ONCE,
    select: { id: true, state: true },
  })
  await Promise.all(
    due.map(({ id, state }) => (state === 'READY' ? sendCancellation(context, id) : confirmCancellation(context, id))),
  )
  return due.length
}
