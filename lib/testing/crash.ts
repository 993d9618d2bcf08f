// A process that takes one cancellation to a point of its life and dies there by SIGKILL: what it leaves is what a crash leaves.
import { z } from 'zod'
import { now } from '#lib/server/clock.ts'
import { db, transaction } from '#lib/server/db.ts'
import { enqueue, openQueues } from '#lib/server/queue.ts'
import { requestCancellation, RequestCancellation } from '#lib/services/cancellations/request-cancellation.ts'
import { recordOutcome } from '#lib/services/cancellations/record-outcome.ts'
import { claimSending, talk } from '#lib/services/cancellations/send-cancellation.ts'

export const crashPoints = [
  'after commit 1',
  'after commit 2',
  'no answer yet',
  'answer not recorded',
  'job not ended',
] as const
const Crash = z.object({ point: z.enum(crashPoints), personId: z.uuid(), storeId: z.uuid(), wish: RequestCancellation })

const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('still alive')
}

if (process.argv[2] !== undefined) {
  const { point, personId, storeId, wish } = Crash.parse(JSON.parse(process.argv[2]))
  const actor = {
    kind: 'person' as const,
    id: personId,
    name: '',
    email: '',
    owner: false,
    grants: new Map([[storeId, 'OPERATOR' as const]]),
    sessionId: personId,
    freshUntil: null,
  }
  const context = { actor, requestId: 'crash', now }
  await requestCancellation(context, wish)
  if (point === 'after commit 1') die()
  if (point === 'job not ended') {
    const boss = await openQueues()
    await transaction((tx) => enqueue(tx, 'cancellation.send', { cancellationId: wish.id }))
    await boss.fetch('cancellation.send')
  }
  const claim = await claimSending(context, wish.id)
  if (!claim) throw new Error('no claim')
  if (point === 'after commit 2') die()
  // The sandbox answers this one late: the request is there when the process is gone.
  if (point === 'no answer yet') setTimeout(die, 1_500)
  const heard = await talk(claim)
  if (point === 'answer not recorded') die()
  await recordOutcome(context, claim, heard)
  if (point === 'job not ended') die()
  await db.$disconnect()
}
