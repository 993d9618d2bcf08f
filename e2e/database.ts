// The running demo's database, for what no screen can bring about.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

export const dataDir = (): string => process.env['E2E_DATA_DIR'] ?? ''

export async function withDatabase<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: readFileSync(join(dataDir(), 'postgres.url'), 'utf8').trim() })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}
