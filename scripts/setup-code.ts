// The one-time code without which nobody becomes the first owner of a new installation.
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { Env } from '../lib/server/env.ts'
import { writePrivately } from './files.ts'

/** Without letters and digits that look alike. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUPS = 3
const GROUP = 4

/** Null where somebody can sign in already. The code stays the same until it has served. */
export async function keepSetupCode({ dataDir, databaseUrl }: Env): Promise<string | null> {
  const file = join(dataDir, 'setup.code')
  if (await hasPeople(databaseUrl)) {
    rmSync(file, { force: true })
    return null
  }
  if (!existsSync(file)) writePrivately(file, `${newCode()}\n`)
  return readFileSync(file, 'utf8').trim()
}

async function hasPeople(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query('select 1 from "User" limit 1')
    return rows.length > 0
  } finally {
    await client.end()
  }
}

function newCode(): string {
  const letter = () => ALPHABET[randomInt(ALPHABET.length)] ?? ''
  return Array.from({ length: GROUPS }, () => Array.from({ length: GROUP }, letter).join('')).join('-')
}
