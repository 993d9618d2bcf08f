// npm run bench:reads. What it measures and how: bench/README.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { lookAfterChildren } from '../scripts/children.ts'
import { takeInstance } from '../scripts/instance.ts'
import { Stop } from '../scripts/stop.ts'
import { PASSWORD, people, STORES, trnoOf } from './data.ts'
import { compareLatency, compareThroughput, countQueries, get, type Comparison, type Target } from './measure.ts'
import { signIn } from '../lib/testing/sign-in.ts'
import { setUp, step, type Stage } from './stage.ts'

const LIST = 50
const DEEP = 2_000
const KEYS = 500
const TURNS = 200
const aims = { throughput: 0.6, latency: 1.2 }

const whole = z.coerce.number().int().positive()
const options = z.object({ payments: whole, rounds: whole, seconds: whole }).parse(
  parseArgs({
    options: {
      payments: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '15' },
      seconds: { type: 'string', default: '2' },
    },
  }).values,
)

interface Line {
  what: string
  unit: string
  measured: Comparison
  aim: string
  met: boolean
}

const page = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().nullable() })

async function measure(stage: Stage): Promise<Line[]> {
  const lines: Line[] = []
  const cookies = {
    operator: await signIn(stage.console, people.operator.email, PASSWORD),
    owner: await signIn(stage.console, people.owner.email, PASSWORD),
  }
  for (const [who, cookie] of Object.entries(cookies)) {
    lines.push(await measureThroughput(stage, `look-up, ${who}`, lookUps(stage, cookie), 1))
    lines.push(await measureThroughput(stage, `list of ${LIST}, ${who}`, lists(stage, cookie), LIST))
    lines.push(await measureDepth(`page ${DEEP} to page 1, ${who}`, lists(stage, cookie).console))
  }
  return lines
}

interface Pair {
  console: Target
  bare: (queries: number) => Target
}

/** Payments of the first store, spread over the whole time. */
function lookUps(stage: Stage, cookie: string): Pair {
  const ofFirstStore = Math.floor(options.payments / STORES)
  const trnos = Array.from({ length: KEYS }, (_, index) =>
    trnoOf(Math.floor(((index + 1) * ofFirstStore) / KEYS) * STORES),
  )
  return {
    console: { address: stage.console, paths: trnos.map((trno) => `/api/payments?q=${trno}`), cookie },
    bare: (queries) => ({ address: stage.bare, paths: trnos.map((trno) => barePath('lookup', trno, queries)) }),
  }
}

function lists(stage: Stage, cookie: string): Pair {
  return {
    console: { address: stage.console, paths: [`/api/payments?limit=${LIST}`], cookie },
    bare: (queries) => ({ address: stage.bare, paths: [barePath('list', stage.firstStoreId, queries)] }),
  }
}

const barePath = (kind: 'lookup' | 'list', key: string, queries: number) =>
  `/${kind}?${new URLSearchParams({ email: people.operator.email, key, queries: String(queries) }).toString()}`

async function measureThroughput(stage: Stage, what: string, pair: Pair, items: number): Promise<Line> {
  const queries = await countQueries(stage, pair.console)
  const bare = pair.bare(queries)
  if ((await countQueries(stage, bare)) !== queries) throw new Stop('The bare route makes another number of queries.')
  for (const target of [pair.console, bare]) {
    const answer = z.object({ items: z.array(z.unknown()) }).parse(await get(target, target.paths.at(-1) ?? ''))
    if (answer.items.length !== items) throw new Stop(`${what}: ${answer.items.length} payments instead of ${items}.`)
  }
  const measured = await compareThroughput([pair.console, bare], options.rounds, options.seconds)
  return {
    what: `${what} (${queries} queries)`,
    unit: '/s',
    measured,
    aim: `>= ${aims.throughput}`,
    met: measured.ratio >= aims.throughput,
  }
}

async function measureDepth(what: string, target: Target): Promise<Line> {
  const deep = `/api/payments?limit=${LIST}&cursor=${await walk(target, (DEEP - 1) * LIST)}`
  const measured = await compareLatency(target, [deep, target.paths[0] ?? ''], TURNS)
  return { what, unit: ' ms', measured, aim: `<= ${aims.latency}`, met: measured.ratio <= aims.latency }
}

/** Turns pages as a reader would, only larger ones, and answers the cursor behind so many payments. */
async function walk(target: Target, payments: number): Promise<string> {
  let cursor = ''
  for (let left = payments; left > 0; left -= 200) {
    const { next } = page.parse(await get(target, `/api/payments?limit=${Math.min(200, left)}&cursor=${cursor}`))
    if (next === null) throw new Stop(`There are no ${payments} payments to walk over.`)
    cursor = next
  }
  return cursor
}

function print(lines: Line[]) {
  const [cpu] = cpus()
  console.log(`\n${options.payments} payments, ${availableParallelism()} cores (${cpu?.model.trim() ?? 'unknown'})\n`)
  console.log(row('', 'console', 'reference', 'ratio', 'from - to', 'aim', ''))
  for (const { what, unit, measured, aim, met } of lines) {
    const [from, to] = measured.spread.map((ratio) => ratio.toFixed(2))
    const amount = (value: number) => `${value.toPrecision(3)}${unit}`
    console.log(
      row(
        what,
        amount(measured.first),
        amount(measured.second),
        measured.ratio.toFixed(2),
        `${from} - ${to}`,
        aim,
        met ? 'PASS' : 'below aim',
      ),
    )
  }
}

const row = (what: string, ...cells: string[]) => `${what.padEnd(36)}${cells.map((cell) => cell.padStart(13)).join('')}`

/** Rejects on Ctrl-C and its like. */
function interruption(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => reject(new Stop('Stopped.')))
  promise.catch(() => {})
  return promise
}

const interrupted = interruption()
const dataDir = mkdtempSync(join(tmpdir(), 'jeonpyo-bench-'))
const children = lookAfterChildren(await takeInstance(dataDir), dataDir)
const work = step('all of it', async () => measure(await setUp(dataDir, children, options.payments)))
try {
  print(await Promise.race([work, children.firstEnd, interrupted]))
} catch (error) {
  console.error(error instanceof Stop ? error.message : error)
  process.exitCode = 1
} finally {
  await children.stopAll()
  await Promise.allSettled([work])
  await children.stopAll()
  rmSync(dataDir, { recursive: true, force: true })
}
process.exit()
