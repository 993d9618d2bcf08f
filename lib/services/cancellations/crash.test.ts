// kill -9 at each point of a cancellation's life, then a worker that comes up later.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { instant, plus } from '#lib/domain/kst.ts'
import { db } from '#lib/server/db.ts'
import { crashPoints } from '#lib/testing/crash.ts'
import {
  control,
  invariantsOf,
  journalOf,
  newPayment,
  newWorld,
  sheetFor,
  systemContext,
  type World,
} from '#lib/testing/world.ts'
import { sweepCancellations } from './sweep-cancellations.ts'

let world: World
beforeEach(async () => {
  await control('/reset', {})
  world = await newWorld()
})

async function crashAt(point: (typeof crashPoints)[number], wish: object): Promise<void> {
  const input = JSON.stringify({ point, personId: world.operator.id, storeId: world.storeId, wish })
  const child = spawn(process.execPath, ['--conditions=react-server', 'lib/testing/crash.ts', input], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [, signal]: unknown[] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
}

const ends = {
  // Nothing was sent: the next worker sends it.
  'after commit 1': { before: 'READY', waitMs: 0, executed: 1, asked: 1 },
  // The permission to talk was taken and nobody knows whether it was used: asked, found absent, replayed once under its key.
  'after commit 2': { before: 'SENDING', waitMs: 120_000, executed: 1, asked: 1 },
  'no answer yet': { before: 'SENDING', waitMs: 120_000, executed: 1, asked: 1 },
  'answer not recorded': { before: 'SENDING', waitMs: 120_000, executed: 1, asked: 1 },
  'job not ended': { before: 'DONE', waitMs: 0, executed: 1, asked: 1 },
} as const

describe('killed', () => {
  it.each(crashPoints)('%s: ends DONE with one refund', { timeout: 60_000 }, async (point) => {
    const payment = await newPayment(world, { amount: 5_000 })
    if (point === 'no answer yet')
      await control('/faults', { gateway: 'portone', operation: 'cancel', fault: 'slow', times: 1, ms: 60_000 })
    const wish = await sheetFor(payment, 1_000)
    await crashAt(point, wish)
    const { before, waitMs, executed, asked } = ends[point]
    expect((await db.cancellation.findUniqueOrThrow({ where: { id: wish.id } })).state).toBe(before)
    let clock = instant(Date.now())
    const context = () => ({ ...systemContext(), now: () => clock })
    await sweepCancellations(context())
    clock = plus(clock, waitMs)
    for (let turn = 0; turn < 5; turn += 1) {
      await sweepCancellations(context())
      clock = plus(clock, 30_000)
    }
    const after = await db.cancellation.findUniqueOrThrow({ where: { id: wish.id } })
    expect(after.state).toBe('DONE')
    expect(await journalOf(payment.paymentId)).toEqual({ executed, asked })
    expect(await invariantsOf(payment.id)).toEqual([])
  })
})
