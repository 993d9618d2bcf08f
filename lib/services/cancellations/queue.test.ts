// The morning: 500 refunds wait for 06:00 and drain through one account, 10 at a time, by two workers of their own processes.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { db } from '#lib/server/db.ts'
import { contextOf, control, newPayment, newWorld, sheetFor, type Made, type World } from '#lib/testing/world.ts'
import { checkAccount } from '../account-checks/check-account.ts'
import { requestCancellation } from './request-cancellation.ts'

const WAITING = 500
const AT_ONCE = 10

let world: World
const workers: ChildProcess[] = []

function startWorker(): ChildProcess {
  const root = join(import.meta.dirname, '../../..')
  const worker = spawn(process.execPath, ['--conditions=react-server', 'lib/jobs/worker.ts'], {
    cwd: root,
    stdio: 'ignore',
  })
  workers.push(worker)
  return worker
}

beforeEach(async () => {
  await control('/reset', {})
  await control('/settings', { platform: true })
  world = await newWorld()
  await db.channel.update({ where: { id: world.channelId }, data: { contract: { vaRefund: true } } })
  await db.gatewayAccount.update({ where: { id: world.accountId }, data: { sendAtOnce: AT_ONCE } })
})
afterEach(() => {
  for (const worker of workers.splice(0)) worker.kill('SIGKILL')
})

/** The limits of asking for holders are for people; here they would only be in the way. */
async function schedule(payment: Made): Promise<void> {
  await db.rateLimiterFlexible.deleteMany()
  const account = { bank: '88', number: '110123456789', holder: '홍길동' } as const
  const check = await checkAccount(contextOf(world.operator), { paymentId: payment.id, ...account })
  const wish = { ...(await sheetFor(payment, 1_000)), later: true, account: { ...account, checkId: check.id } }
  await requestCancellation(contextOf(world.operator), wish)
}

const states = async () => {
  const groups = await db.cancellation.groupBy({ by: ['state'], _count: true })
  return Object.fromEntries(groups.map(({ state, _count }) => [state, _count]))
}
const journal = z.array(
  z.object({
    operation: z.string(),
    effect: z.string(),
    payment: z.string().nullable(),
    atOnce: z.number().optional(),
  }),
)

it('500 refunds drain at 06:00, never more than 10 at a time, each once, though a worker dies among them', async () => {
  await control('/clock', { now: '2026-11-20T23:30:00+09:00', ticking: false })
  const paid = { method: 'VIRTUAL_ACCOUNT', status: 'PAID', paidAt: '2026-11-20T10:00:00+09:00' }
  for (let made = 0; made < WAITING; made += 1) await schedule(await newPayment(world, { amount: 1_000, ...paid }))
  const [first] = [startWorker(), startWorker()]
  await expect.poll(async () => (await journalEntries()).length, { timeout: 5_000 }).toBe(0)
  expect(await states()).toEqual({ SCHEDULED: WAITING })
  // Long enough that ten are really on their way together.
  await control('/faults', { gateway: 'portone', operation: 'cancel', fault: 'slow', ms: 60, times: WAITING })
  await control('/clock', { now: '2026-11-21T06:00:00+09:00', ticking: true })
  await expect.poll(async () => (await states())['DONE'] ?? 0, { timeout: 60_000 }).toBeGreaterThan(WAITING / 4)
  first?.kill('SIGKILL')
  startWorker()
  await expect.poll(async () => (await states())['SCHEDULED'] ?? 0, { timeout: 120_000, interval: 500 }).toBe(0)
  // What the dead one had on its way is not known until its time has passed; then it is asked about.
  await control('/clock', { now: '2026-11-21T06:10:00+09:00', ticking: true })
  await expect.poll(states, { timeout: 60_000, interval: 500 }).toEqual({ DONE: WAITING })
  const entries = await journalEntries()
  const executed = entries.filter((entry) => entry.effect === 'executed').map((entry) => entry.payment)
  expect([executed.length, new Set(executed).size]).toEqual([WAITING, WAITING])
  const most = Math.max(...entries.map((entry) => entry.atOnce ?? 1))
  expect(most).toBeLessThanOrEqual(AT_ONCE)
  // It was a limit, not an accident.
  expect(most).toBeGreaterThan(AT_ONCE / 2)
}, 240_000)

const journalEntries = async () =>
  journal.parse(await control('/journal?gateway=portone')).filter((entry) => entry.operation === 'cancel')
