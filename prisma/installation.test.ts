import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { Stop } from '../scripts/stop.ts'
import { prepareDatabase } from './installation.ts'

const clients: pg.Client[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()))
})

async function emptyDatabase(): Promise<{ databaseUrl: string; client: pg.Client }> {
  const url = new URL(inject('templateUrl'))
  const name = `install_${randomUUID().replaceAll('-', '')}`
  url.pathname = '/postgres'
  const server = new pg.Client({ connectionString: url.href })
  await server.connect()
  await server.query(`create database ${name}`)
  await server.end()
  url.pathname = `/${name}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  clients.push(client)
  return { databaseUrl: url.href, client }
}

const tablesOf = async (client: pg.Client) =>
  (
    await client.query<{ name: string }>(
      "select schemaname || '.' || tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1",
    )
  ).rows.map((row) => row.name)
const marks = async (client: pg.Client) => (await client.query('select "demo" from "Installation"')).rows

describe('a database', () => {
  it.each([true, false])('that is empty becomes what was asked for (demo: %s), once', async (demo) => {
    const { databaseUrl, client } = await emptyDatabase()
    expect((await prepareDatabase({ databaseUrl, demo })).length).toBeGreaterThan(0)
    expect(await prepareDatabase({ databaseUrl, demo })).toEqual([])
    expect(await marks(client)).toEqual([{ demo }])
  })

  it('holding the demo refuses to become real, and a real one to become a demo', async () => {
    for (const demo of [true, false]) {
      const { databaseUrl, client } = await emptyDatabase()
      await prepareDatabase({ databaseUrl, demo })
      await expect(prepareDatabase({ databaseUrl, demo: !demo })).rejects.toThrow(Stop)
      expect(await marks(client)).toEqual([{ demo }])
    }
  })

  it.each([
    'create table notes (id int)',
    'create schema shop; create table shop.orders (id int)',
    'create view v as select 1',
    'create sequence s',
  ])('that holds something else stays as it is: %s', async (sql) => {
    const { databaseUrl, client } = await emptyDatabase()
    await client.query(sql)
    const before = await tablesOf(client)
    for (const demo of [true, false])
      await expect(prepareDatabase({ databaseUrl, demo })).rejects.toThrow(/not of Jeonpyo/)
    expect(await tablesOf(client)).toEqual(before)
  })

  it('may hold extensions', async () => {
    const { databaseUrl, client } = await emptyDatabase()
    await client.query('create extension pg_stat_statements')
    await prepareDatabase({ databaseUrl, demo: false })
    expect(await marks(client)).toEqual([{ demo: false }])
  })

  it('is prepared once by two launchers at the same time', async () => {
    const { databaseUrl, client } = await emptyDatabase()
    const applied = await Promise.all([
      prepareDatabase({ databaseUrl, demo: false }),
      prepareDatabase({ databaseUrl, demo: false }),
    ])
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    expect(await marks(client)).toEqual([{ demo: false }])
  })

  it('that is not there, or does not let us in, is said in one sentence without the password', async () => {
    const { databaseUrl } = await emptyDatabase()
    const changed = (change: (url: URL) => void) => {
      const url = new URL(databaseUrl)
      change(url)
      return url.href
    }
    const problems: [string, RegExp][] = [
      [changed((url) => (url.port = '1')), /cannot be reached \(ECONNREFUSED\)/],
      [changed((url) => (url.hostname = 'no-such-host.invalid')), /cannot be reached/],
      [changed((url) => (url.pathname = '/nowhere')), /has no database nowhere/],
      [changed((url) => (url.password = 'wrong-password')), /does not accept the user or the password/],
    ]
    for (const [url, sentence] of problems) {
      const refused = await prepareDatabase({ databaseUrl: url, demo: false }).then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(refused).toBeInstanceOf(Stop)
      expect(String(refused)).toMatch(sentence)
      expect(String(refused)).not.toContain(new URL(url).password)
      expect(String(refused)).not.toContain('\n')
    }
  })
})

describe('the migrations', () => {
  it('lead to the schema as it is', () => {
    const migrated = join(import.meta.dirname, 'migrations', 'schema.prisma')
    expect(existsSync(migrated) && readFileSync(migrated, 'utf8'), 'run: npm run migration:new -- <name>').toBe(
      readFileSync(join(import.meta.dirname, 'schema.prisma'), 'utf8'),
    )
  })
})
