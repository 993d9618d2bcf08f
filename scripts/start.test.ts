// npm start as a whole: what it makes of each combination of database and demo flag, what it refuses, what it survives.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { generateSync } from 'otplib'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { chromiumOptions } from '../e2e/chromium.ts'
import { actionId } from '../e2e/reachable.ts'
import { signIn } from '../lib/testing/sign-in.ts'
import { freePorts, startProduct, type Product, type Variables } from '../lib/testing/product.ts'
import { startPostgres, type RunningPostgres } from './postgres.ts'
import { isAlive } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'jeonpyo-start-'))
const running = z.object({
  launcher: z.object({ pid: z.number(), startedAt: z.string() }),
  children: z.array(z.object({ name: z.string(), mark: z.object({ pid: z.number(), startedAt: z.string() }) })),
})

let outside: RunningPostgres
let dataDir = ''
let ports: Variables = {}
let products: Product[] = []
let nextDatabase = 0

beforeAll(async () => {
  // As a data directory may be that only its owner can enter.
  chmodSync(folder, 0o700)
  outside = await startPostgres({ dataDir: join(folder, 'outside'), durable: false })
})
afterAll(async () => {
  await outside.stop()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  dataDir = mkdtempSync(join(folder, 'data-'))
  ports = await freePorts()
})
afterEach(async () => {
  await Promise.all(products.map((product) => product.stop()))
  products = []
})

function start(variables: Variables = {}): Product {
  const product = startProduct({ ...ports, JEONPYO_DATA_DIR: dataDir, ...variables })
  products.push(product)
  return product
}

async function startUp(variables: Variables = {}): Promise<Product> {
  const product = start(variables)
  expect(await product.up(), product.output()).toBe('up')
  return product
}

async function refusal(variables: Variables = {}): Promise<string> {
  const product = start(variables)
  expect(await product.ended, product.output()).toBe(1)
  return product.output().trim().split('\n').at(-1) ?? ''
}

async function emptyDatabase(): Promise<string> {
  const name = `start_${(nextDatabase += 1)}`
  await query(outside.url, `create database ${name}`)
  const url = new URL(outside.url)
  url.pathname = `/${name}`
  return url.href
}

async function query(databaseUrl: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const answers = (url: string) =>
  fetch(url, { redirect: 'manual' }).then(
    (response) => response.status < 500,
    () => false,
  )
const embeddedUrl = () => readFileSync(join(dataDir, 'postgres.url'), 'utf8').trim()
const readRunning = () => running.parse(JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8')))
const marksOf = (databaseUrl: string) => query(databaseUrl, 'select "demo" from "Installation"')
const peopleIn = (databaseUrl: string) => query(databaseUrl, 'select "email" from "User" order by 1')
const tablesIn = (databaseUrl: string) =>
  query(
    databaseUrl,
    "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2",
  )

const payment = {
  gateway: 'portone',
  method: 'CARD',
  status: 'PAID',
  amount: 5_000,
  channelKey: 'channel-key-00000000-0000-4000-8000-000000000012',
}

async function toControl({ controlUrl }: Product, path: string, input: object): Promise<unknown> {
  const answer = await fetch(`${controlUrl}${path}`, { method: 'POST', body: JSON.stringify(input) })
  return answer.json()
}

/** How often the gateway gave money back. */
async function executed({ controlUrl }: Product, paymentId: string): Promise<number> {
  const answer = await fetch(`${controlUrl}/journal?gateway=portone&payment=${paymentId}`)
  const entries = z.array(z.object({ operation: z.string(), effect: z.string() })).parse(await answer.json())
  return entries.filter((entry) => entry.operation === 'cancel' && entry.effect === 'executed').length
}

async function paymentIn({ url }: Product, session: string, query: string) {
  const answer = await fetch(`${url}/api/payments?${query}`, { headers: { Cookie: session } })
  const page = z.object({ items: z.array(z.object({ id: z.string(), refunded: z.number() })) })
  return page.parse(await answer.json()).items[0]
}

/** Asks until there is something; the test's own timeout ends what never comes. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(200)
  }
}

describe('the demo on its own database', () => {
  it('comes up with its people, keeps its data, starts again in seconds, and leaves nothing running', async () => {
    const first = await startUp()
    expect(first.output()).toContain(first.url)
    expect(first.output()).toContain('jeonpyo-demo')
    expect(await answers(first.url)).toBe(true)
    expect(await answers(`${first.controlUrl}/health`)).toBe(true)
    expect(await marksOf(embeddedUrl())).toEqual([{ demo: true }])
    const people = await peopleIn(embeddedUrl())
    expect(people.length).toBeGreaterThanOrEqual(4)
    await fetch(`${first.controlUrl}/clock`, {
      method: 'POST',
      body: JSON.stringify({ now: '2030-01-01T00:00:00.000Z', ticking: false }),
    })
    const marks = readRunning().children.map((child) => child.mark)
    expect(await first.stop('SIGINT')).toBe(0)
    expect(marks.filter(isAlive)).toEqual([])
    expect(existsSync(join(dataDir, 'running.json'))).toBe(false)

    const built = readFileSync('.next/BUILD_ID', 'utf8')
    const second = await startUp()
    // In seconds, because nothing is built again.
    expect(readFileSync('.next/BUILD_ID', 'utf8')).toBe(built)
    expect(await peopleIn(embeddedUrl())).toEqual(people)
    const clock = await fetch(`${second.controlUrl}/clock`).then((response) => response.text())
    expect(clock).toContain('2030-01-01')
  })

  it('refuses to run twice on one data directory, and leaves the first alone', async () => {
    const first = await startUp()
    expect(await refusal(await freePorts())).toMatch(/already runs on this data directory/)
    expect(await answers(first.url)).toBe(true)
  })

  it('ends what a killed launcher has left, and comes up', async () => {
    const first = await startUp()
    const left = readRunning()
    process.kill(left.launcher.pid, 'SIGKILL')
    expect(await first.ended).not.toBe(0)
    const second = await startUp()
    expect(left.children.filter((child) => isAlive(child.mark))).toEqual([])
    expect(await answers(second.url)).toBe(true)
  })

  it('recovers when all of it was killed', async () => {
    await startUp()
    const { launcher, children } = readRunning()
    for (const { pid } of [launcher, ...children.map((child) => child.mark)].filter(isAlive))
      process.kill(pid, 'SIGKILL')
    expect(await answers((await startUp()).url)).toBe(true)
  })

  it('ends as one refund what was on its way when all of it was killed', async () => {
    const first = await startUp()
    const session = await signIn(first.url, 'operator@example.com', 'jeonpyo-demo')
    const { paymentId } = z.object({ paymentId: z.string() }).parse(await toControl(first, '/payments', payment))
    const found = await eventually(() => paymentIn(first, session, `q=${paymentId}`))
    await toControl(first, '/faults', { gateway: 'portone', operation: 'cancel', fault: 'slow', times: 1, ms: 60_000 })
    const wish = { id: randomUUID(), paymentId: found.id, amount: 1_000, taxFree: 0, reason: 'x', remainder: 5_000 }
    await fetch(`${first.url}/payments`, {
      method: 'POST',
      headers: { Cookie: session, 'Next-Action': actionId('requestCancellationAction'), 'Content-Type': 'text/plain' },
      body: JSON.stringify([{ ...wish, remainderTaxFree: 0 }]),
    })
    await eventually(async () => (await executed(first, paymentId)) === 1 || undefined)
    const { launcher, children } = readRunning()
    for (const { pid } of [launcher, ...children.map((child) => child.mark)].filter(isAlive))
      process.kill(pid, 'SIGKILL')
    const second = await startUp()
    await toControl(second, '/clock', { now: new Date(Date.now() + 180_000).toISOString(), ticking: true })
    const refunded = async () => {
      const { refunded: sum } = (await paymentIn(second, session, `q=${paymentId}`)) ?? { refunded: 0 }
      return sum === 1_000 || undefined
    }
    await eventually(refunded)
    expect(await executed(second, paymentId)).toBe(1)
  })

  it('stops as a whole when a part of it dies', async () => {
    const product = await startUp()
    const { children } = readRunning()
    const worker = children.find((child) => child.name === 'worker')
    process.kill(worker?.mark.pid ?? 0, 'SIGKILL')
    expect(await product.ended).toBe(1)
    expect(product.output()).toContain('The worker ended unexpectedly (SIGKILL).')
    expect(children.filter((child) => isAlive(child.mark))).toEqual([])
  })

  it('does not become a real installation', async () => {
    await (await startUp()).stop()
    expect(await refusal({ JEONPYO_DEMO: '0' })).toMatch(/holds the demo, which cannot become a real installation/)
  })
})

describe('a real installation', () => {
  it('on a given database has no people, no sandbox and no movable clock, and never becomes a demo', async () => {
    const databaseUrl = await emptyDatabase()
    writeFileSync(
      join(dataDir, 'clock.json'),
      JSON.stringify({ now: '2030-01-01T00:00:00.000Z', setAt: new Date().toISOString(), ticking: false }),
    )
    const product = await startUp({ DATABASE_URL: databaseUrl })
    expect(product.output()).not.toContain('jeonpyo-demo')
    expect(product.output()).toContain('first owner')
    expect(await answers(product.url)).toBe(true)
    expect(await answers(`${product.controlUrl}/health`)).toBe(false)
    expect(await peopleIn(databaseUrl)).toEqual([])
    expect(await marksOf(databaseUrl)).toEqual([{ demo: false }])
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false)
    await product.stop()
    expect(await refusal({ DATABASE_URL: databaseUrl, JEONPYO_DEMO: '1' })).toMatch(
      /real installation, and the demo never touches one/,
    )
    expect(await peopleIn(databaseUrl)).toEqual([])
  })

  it('can have the embedded database, and asks for its first owner, once', async () => {
    const product = await startUp({ JEONPYO_DEMO: '0' })
    expect(await answers(`${product.controlUrl}/health`)).toBe(false)
    expect(await peopleIn(embeddedUrl())).toEqual([])
    const code = /code +([\dA-Z-]{14})/.exec(product.output())?.[1] ?? ''
    expect(readFileSync(join(dataDir, 'setup.code'), 'utf8').trim()).toBe(code)
    await becomeOwner(product.url, code)
    expect(existsSync(join(dataDir, 'setup.code'))).toBe(false)
    expect(await peopleIn(embeddedUrl())).toEqual([{ email: 'first@example.com' }])
    expect(await marksOf(embeddedUrl())).toEqual([{ demo: false }])
  })
})

/**
 * As the first to come does: whatever page is opened asks for the owner, afterwards for the sign-in, and then for the second
 * factor that an installation asks of whoever moves money.
 */
async function becomeOwner(url: string, setupCode: string): Promise<void> {
  const browser = await chromium.launch(chromiumOptions())
  try {
    const page = await browser.newPage()
    await page.goto(url)
    await page.waitForURL('**/setup')
    await page.locator('[name="code"]').fill('2222-2222-2222')
    await page.locator('[name="email"]').fill('first@example.com')
    await page.locator('[name="name"]').fill('첫 소유자')
    for (const name of ['password', 'again']) await page.locator(`[name="${name}"]`).fill('a long enough password')
    await page.locator('[type="submit"]').click()
    await page.getByText('설치 코드가 맞지 않습니다').waitFor()
    await page.locator('[name="code"]').fill(setupCode)
    await page.locator('[type="submit"]').click()
    await page.getByRole('link').click()
    await page.waitForURL('**/login')
    await page.locator('[name="email"]').fill('first@example.com')
    await page.locator('[name="password"]').fill('a long enough password')
    await page.locator('[type="submit"]').click()
    await page.waitForURL('**/second-factor')
    const storeMade = () =>
      page.request.post(`${url}/payments`, {
        headers: { 'Next-Action': actionId('createStoreAction'), 'Content-Type': 'text/plain' },
        data: JSON.stringify([{ name: 'first store' }]),
      })
    expect(await (await storeMade()).text()).toContain('session.second_factor_needed')
    await page.getByRole('button', { name: '인증 앱 등록하기' }).click()
    const secret = await page.locator('code').innerText()
    await page.locator('[name="code"]').fill(generateSync({ secret }))
    await page.locator('[name="code"]').press('Enter')
    await page.getByRole('link', { name: '보관했습니다' }).click()
    await page.waitForURL((address) => !/second-factor|login/.test(address.pathname))
    expect(await (await storeMade()).text()).toContain('"ok":true')
    await page.goto(`${url}/setup`)
    await page.waitForURL((address) => address.pathname !== '/setup')
  } finally {
    await browser.close()
  }
}

describe('a demo on a given database', () => {
  it('fills an empty one', async () => {
    const databaseUrl = await emptyDatabase()
    const product = await startUp({ DATABASE_URL: databaseUrl, JEONPYO_DEMO: '1' })
    expect(await answers(`${product.controlUrl}/health`)).toBe(true)
    expect(await marksOf(databaseUrl)).toEqual([{ demo: true }])
    expect((await peopleIn(databaseUrl)).length).toBeGreaterThanOrEqual(4)
  })

  it('does not touch one that holds anything else', async () => {
    const databaseUrl = await emptyDatabase()
    await query(databaseUrl, 'create table notes (id int)')
    const before = await tablesIn(databaseUrl)
    expect(await refusal({ DATABASE_URL: databaseUrl, JEONPYO_DEMO: '1' })).toMatch(/not of Jeonpyo/)
    expect(await refusal({ DATABASE_URL: databaseUrl })).toMatch(/not of Jeonpyo/)
    expect(await tablesIn(databaseUrl)).toEqual(before)
  })
})

describe('what it cannot do', () => {
  it.each(['PORT', 'SANDBOX_PORTONE_PORT'])('is said in one sentence: %s taken', async (name) => {
    const blocker = createServer().listen(Number(ports[name]), '127.0.0.1')
    try {
      expect(await refusal()).toBe(
        `Port ${ports[name]} is taken by another program: end that one, or set ${name} to a free port.`,
      )
    } finally {
      blocker.close()
    }
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false)
  })

  it('is said in one sentence: a database that cannot be reached', async () => {
    expect(await refusal({ DATABASE_URL: 'postgresql://somebody:secret-word@127.0.0.1:1/none' })).toBe(
      'The database at 127.0.0.1:1 cannot be reached (ECONNREFUSED): check DATABASE_URL and that the server runs.',
    )
  })

  it('is said in one sentence for each variable that is wrong', async () => {
    const product = start({ PORT: 'abc', JEONPYO_DEMO: 'yes' })
    expect(await product.ended).toBe(1)
    expect(product.output().trim()).toBe('PORT must be a port, 1 to 65535.\nJEONPYO_DEMO must be 0 or 1.')
  })

  it.runIf(process.getuid?.() === 0)('is said in one sentence: root without user namespaces', async () => {
    const bin = join(dataDir, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    expect(await refusal({ PATH: `${bin}:${process.env['PATH'] ?? ''}` })).toMatch(
      /forbids root the user namespace.*as an ordinary user, or set DATABASE_URL/,
    )
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false)
  })
})
