import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { Stop } from '../scripts/stop.ts'
import type { Stage } from './stage.ts'

const CONNECTIONS = 10
const COUNTED = 20

/** Requests of one kind, sent again and again. */
export interface Target {
  address: string
  paths: string[]
  cookie?: string
}

/** Statements that PostgreSQL runs for one request, by its own log. */
export async function countQueries({ database, postgresLog }: Stage, target: Target): Promise<number> {
  const path = target.paths[0] ?? ''
  await get(target, path)
  await logStatements(database, 'all')
  const before = readFileSync(postgresLog).length
  for (let time = 0; time < COUNTED; time += 1) await get(target, path)
  await sleep(200)
  const logged = readFileSync(postgresLog).subarray(before).toString('utf8')
  await logStatements(database, 'none')
  const count = (logged.match(/LOG: {2}(execute|statement)/g) ?? []).length / COUNTED
  if (!Number.isInteger(count) || count === 0) throw new Stop(`${path} made ${count} queries a request.`)
  return count
}

async function logStatements(database: Stage['database'], which: 'all' | 'none') {
  await database.query(`alter system set log_statement = '${which}'`)
  await database.query('select pg_reload_conf()')
  await sleep(300)
}

export async function get({ address, cookie }: Target, path: string): Promise<unknown> {
  const response = await fetch(`${address}${path}`, cookie === undefined ? {} : { headers: { Cookie: cookie } })
  if (!response.ok) throw new Stop(`${path} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

export interface Comparison {
  first: number
  second: number
  /** first / second: the median of the rounds, and the smallest and largest, which tell how quiet the machine was. */
  ratio: number
  spread: [number, number]
}

/** Medians of rounds in which both are measured right after each other, so that what else the machine does falls on both. */
async function compare(rounds: number, once: (index: 0 | 1) => Promise<number>): Promise<Comparison> {
  const taken: [number, number][] = []
  for (let round = 0; round < rounds; round += 1) taken.push([await once(0), await once(1)])
  const ratios = taken.map(([first, second]) => first / second)
  return {
    first: median(taken.map(([first]) => first)),
    second: median(taken.map(([, second]) => second)),
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
  }
}

/** In requests a second. */
export async function compareThroughput(targets: readonly [Target, Target], rounds: number, seconds: number) {
  for (const target of targets) await requestsPerSecond(target, seconds)
  return compare(rounds, (index) => requestsPerSecond(targets[index], seconds))
}

/** In milliseconds, one request at a time. */
export async function compareLatency(target: Target, paths: readonly [string, string], times: number) {
  await compare(times / 4, (index) => milliseconds(target, paths[index]))
  return compare(times, (index) => milliseconds(target, paths[index]))
}

async function requestsPerSecond({ address, paths, cookie }: Target, seconds: number): Promise<number> {
  const result = await autocannon({
    url: address,
    connections: CONNECTIONS,
    duration: seconds,
    requests: paths.map((path) => ({ path })),
    ...(cookie !== undefined && { headers: { Cookie: cookie } }),
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Stop(`${paths[0]}: ${result.non2xx} refused, ${result.errors} failed.`)
  return result['2xx'] / result.duration
}

async function milliseconds(target: Target, path: string): Promise<number> {
  const begun = performance.now()
  await get(target, path)
  return performance.now() - begun
}

function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
}
