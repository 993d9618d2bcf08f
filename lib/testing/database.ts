// Importing this gives the test file a database of its own: migrated, marked as a demo, empty.
import pg from 'pg'
import { inject } from 'vitest'
import { env } from '../server/env.ts'

const name = new URL(env.databaseUrl).pathname.slice(1)

async function onServer(sql: string) {
  const server = new URL(inject('templateUrl'))
  server.pathname = '/postgres'
  const client = new pg.Client({ connectionString: server.href })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

await onServer(`create database "${name}" template jeonpyo`)

/** The database that lib/server/db.ts uses in this test file, for connections beside it. */
export function testDatabase(): string {
  return env.databaseUrl
}
