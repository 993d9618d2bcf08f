// Everything the benchmark needs, in a temporary folder: PostgreSQL with its payments, the console, the bare app.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { prepareDatabase } from '../prisma/installation.ts'
import type { Children } from '../scripts/children.ts'
import { freePort } from '../scripts/ports.ts'
import { startPostgres } from '../scripts/postgres.ts'
import { buildProduct, generateClient, next } from '../scripts/product.ts'
import { Stop } from '../scripts/stop.ts'
import { load } from './data.ts'

export interface Stage {
  /** The console's address, and the bare app's. */
  console: string
  bare: string
  database: pg.Client
  /** What PostgreSQL writes of itself. */
  postgresLog: string
  firstStoreId: string
}

const bareFolder = join('bench', 'bare')

export async function setUp(dataDir: string, children: Children, payments: number): Promise<Stage> {
  const { url: databaseUrl, mark, ended, stop } = await startPostgres({ dataDir, durable: false })
  children.adopt({ name: 'PostgreSQL', mark, stop }, ended)
  await prepareDatabase({ databaseUrl, demo: true })
  const database = new pg.Client({ connectionString: databaseUrl })
  // It is ended under us when everything stops.
  database.on('error', () => {})
  await database.connect()
  const firstStoreId = await step(`loading ${payments} payments`, () => load(database, payments))
  await step('building', async () => {
    await generateClient(children.finish)
    await buildProduct(children.finish)
    await children.finish({ name: 'bare build', args: [next, 'build', bareFolder], env: production })
  })
  const console = await serve(children, 'console', [], (address) => ({
    DATABASE_URL: databaseUrl,
    JEONPYO_DATA_DIR: dataDir,
    JEONPYO_DEMO: '1',
    JEONPYO_SECRET_KEY: randomBytes(32).toString('base64'),
    JEONPYO_URL: address,
    NEXTAUTH_URL: address,
  }))
  const bare = await serve(children, 'bare app', [bareFolder], () => ({ DATABASE_URL: databaseUrl }))
  return { console, bare, database, postgresLog: join(dataDir, 'postgres.log'), firstStoreId }
}

const production = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }

async function serve(
  children: Children,
  name: string,
  folder: string[],
  variables: (address: string) => Record<string, string>,
): Promise<string> {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  children.keep({
    name,
    args: [next, 'start', ...folder, '-p', String(port), '-H', '127.0.0.1'],
    env: { ...production, ...variables(address) },
  })
  await untilAnswers(address, children.stopping)
  return address
}

async function untilAnswers(url: string, stopping: AbortSignal) {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) {
    stopping.throwIfAborted()
    try {
      await fetch(url, { redirect: 'manual' })
      return
    } catch {
      // Not listening yet. Should it have ended, its owner says so.
    }
  }
  throw new Stop(`Nothing answers at ${url}.`)
}

export async function step<Value>(what: string, run: () => Promise<Value>): Promise<Value> {
  const begun = Date.now()
  const value = await run()
  console.log(`· ${what}: ${((Date.now() - begun) / 1000).toFixed(0)} s`)
  return value
}
