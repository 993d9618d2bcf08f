import 'server-only'
import { fromPrisma, PgBoss } from 'pg-boss'
import { env } from './env.ts'
import { log } from './log.ts'
import type { Transaction } from './db.ts'

/** Jobs stand in the same PostgreSQL, so a job and its row commit or vanish together. */
export type Jobs = {
  'cancellation.send': { readonly cancellationId: string }
  'notice.apply': { readonly noticeId: string }
}
export type QueueName = keyof Jobs

/** No retries: what a job left undone is found again by its own due time, never by repeating the job. */
const queues: readonly QueueName[] = ['cancellation.send', 'notice.apply']
const OPTIONS = { retryLimit: 0, expireInSeconds: 300, deleteAfterSeconds: 86_400 }

async function open(supervise: boolean): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: env.databaseUrl,
    supervise,
    schedule: false,
    max: supervise ? 4 : 1,
    application_name: 'jeonpyo-queue',
  })
  boss.on('error', (error) => log.error({ error: error.message }, 'queue'))
  await boss.start()
  for (const name of queues) await boss.createQueue(name, OPTIONS)
  return boss
}

declare global {
  var jeonpyoQueue: Promise<PgBoss> | undefined
}

/** Opened before the transaction that enqueues, so that no row stays locked meanwhile; what failed is tried anew next time. */
export function queueReady(): Promise<PgBoss> {
  globalThis.jeonpyoQueue ??= open(false).catch((error: unknown) => {
    globalThis.jeonpyoQueue = undefined
    throw error
  })
  return globalThis.jeonpyoQueue
}

export async function enqueue<Name extends QueueName>(tx: Transaction, name: Name, data: Jobs[Name]): Promise<void> {
  const boss = await queueReady()
  const id = await boss.send(name, data, { ...OPTIONS, db: fromPrisma(tx) })
  if (id === null) throw new Error(`the job ${name} was not taken`)
}

/** For the worker: it also keeps the queues' tables in order. */
export const openQueues = () => open(true)

export async function closeQueue(): Promise<void> {
  const boss = await globalThis.jeonpyoQueue
  globalThis.jeonpyoQueue = undefined
  await boss?.stop({ graceful: false })
}
