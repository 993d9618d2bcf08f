// The second entry point: sends what waits, asks what is not known, reads notices and feeds. As many may run as wanted.
import { setTimeout as pause } from 'node:timers/promises'
import { DAY_MS } from '#lib/domain/kst.ts'
import { contextOf } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { log } from '#lib/server/log.ts'
import { openQueues } from '#lib/server/queue.ts'
import { sweepReceipts } from '#lib/services/cash-receipts/sweep-receipts.ts'
import { applyNotice, sweepNotices } from '#lib/services/notices/apply-notice.ts'
import { sendCancellation } from '#lib/services/cancellations/send-cancellation.ts'
import { sweepCancellations } from '#lib/services/cancellations/sweep-cancellations.ts'
import { sweepEscrow, sweepShipments } from '#lib/services/shipments/sweep-shipments.ts'
import { indexOlder } from '#lib/services/payments/index-older.ts'
import { pollFeeds } from '#lib/services/payments/poll-feed.ts'
import type { Jobs } from '#lib/server/queue.ts'
import { env } from '#lib/server/env.ts'
import { listenForNotices } from './notice-listener.ts'

const SWEEP_MS = 500
const RECEIPTS_MS = 2_000
const NOTICES_MS = 15_000
const FEEDS_MS = 20_000
const ESCROW_MS = 30_000
const LISTEN_AGAIN_MS = 15_000

const stopping = new AbortController()
const worker = () => contextOf({ kind: 'system', name: 'worker' })

/** Again and again, with a pause between; what fails is logged and tried at the next turn. */
async function repeat(name: string, everyMs: number, run: () => Promise<unknown>): Promise<void> {
  while (!stopping.signal.aborted) {
    try {
      await run()
    } catch (error) {
      log.error(
        { loop: name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
        'broken',
      )
    }
    await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
  }
}

const boss = await openQueues()
await boss.work<Jobs['cancellation.send']>(
  'cancellation.send',
  { pollingIntervalSeconds: 0.5, batchSize: 8 },
  async (jobs) => {
    await Promise.all(jobs.map((job) => sendCancellation(worker(), job.data.cancellationId)))
  },
)
await boss.work<Jobs['notice.apply']>('notice.apply', { pollingIntervalSeconds: 0.5, batchSize: 8 }, async (jobs) => {
  for (const job of jobs) await applyNotice(contextOf({ kind: 'system', name: 'notice' }), job.data.noticeId)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort())
log.info('worker ready')
await Promise.all([
  repeat('cash receipts', RECEIPTS_MS, () => sweepReceipts(worker())),
  repeat('cancellations', SWEEP_MS, () => sweepCancellations(worker())),
  repeat('shipments', SWEEP_MS, () => sweepShipments(worker())),
  repeat('escrow', ESCROW_MS, () => sweepEscrow(worker())),
  repeat('notices', NOTICES_MS, () => sweepNotices(contextOf({ kind: 'system', name: 'notice' }))),
  repeat('persons', DAY_MS, () => indexOlder(stopping.signal)),
  ...(env.ksnetNotices === null
    ? []
    : [env.ksnetNotices].map((at) =>
        repeat('notice listener', LISTEN_AGAIN_MS, () => listenForNotices(at, stopping.signal)),
      )),
  repeat('feeds', FEEDS_MS, () => pollFeeds(contextOf({ kind: 'system', name: 'feed' }))),
])
await boss.stop({ graceful: true, timeout: 10_000 })
await db.$disconnect()
process.exit(0)
