// What a database is to Jeonpyo: empty and ours to fill, a demo, a real installation, or somebody else's.
import type pg from 'pg'
import { Stop } from '../scripts/stop.ts'
import { applyMigrations } from './schema-engine.ts'

export interface DatabaseWanted {
  databaseUrl: string
  demo: boolean
}

/** Judges, migrates and marks the database in one transaction: refused, it is left as it was found. */
export async function prepareDatabase({ databaseUrl, demo }: DatabaseWanted): Promise<string[]> {
  try {
    return await applyMigrations(databaseUrl, {
      before: async (pool) => {
        const refusal = refusalOf(await readContents(pool), demo)
        if (refusal !== undefined) throw new Stop(refusal)
      },
      after: async (pool) => {
        await pool.query('insert into "Installation" ("id", "demo") values (1, $1) on conflict do nothing', [demo])
      },
    })
  } catch (error) {
    throw asSentence(error, databaseUrl)
  }
}

export type Contents = { kind: 'empty' } | { kind: 'foreign' } | { kind: 'ours'; demo: boolean }

export function refusalOf(contents: Contents, demo: boolean): string | undefined {
  switch (contents.kind) {
    case 'empty':
      return undefined
    case 'foreign':
      return 'The database holds tables that are not of Jeonpyo. Nothing was changed: give it an empty database.'
    case 'ours':
      if (contents.demo === demo) return undefined
      return demo
        ? 'The database belongs to a real installation, and the demo never touches one. Nothing was changed: leave out JEONPYO_DEMO=1 or give the demo an empty database.'
        : 'The database holds the demo, which cannot become a real installation. Nothing was changed: give an empty database, or set JEONPYO_DEMO=1 for the demo.'
  }
}

async function readContents(pool: pg.Pool): Promise<Contents> {
  const found = await pool.query<{ installation: boolean; relations: number }>(`
    select to_regclass('"Installation"') is not null and to_regclass('"_prisma_migrations"') is not null as installation, (
      select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
        and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    ) as relations`)
  const { installation, relations } = found.rows[0] ?? { installation: false, relations: 0 }
  if (!installation) return { kind: relations === 0 ? 'empty' : 'foreign' }
  const mark = await pool.query<{ demo: boolean }>('select "demo" from "Installation" where "id" = 1')
  const row = mark.rows[0]
  return row === undefined ? { kind: 'foreign' } : { kind: 'ours', demo: row.demo }
}

/** What an operator can mend is said in one sentence; anything else keeps its own words and its stack. */
function asSentence(error: unknown, databaseUrl: string): unknown {
  if (!(error instanceof Error) || error instanceof Stop) return error
  const { host, pathname } = new URL(databaseUrl)
  const code = 'code' in error ? String(error.code) : ''
  switch (code) {
    case '28P01':
    case '28000':
      return new Stop(`The database at ${host} does not accept the user or the password of DATABASE_URL.`)
    case '3D000':
      return new Stop(`The server at ${host} has no database ${pathname.slice(1)}: create it, empty, and start again.`)
    case 'P3005':
      return new Stop(String(refusalOf({ kind: 'foreign' }, false)))
  }
  if (error.message.includes('permission denied'))
    return new Stop(`The user of DATABASE_URL may not create tables in ${pathname.slice(1)} at ${host}.`)
  const unreachable =
    /^(ECONN|EHOST|ENET|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|08|57P)/.test(code) ||
    /timeout|terminated unexpectedly|SSL/i.test(error.message)
  return unreachable
    ? new Stop(
        `The database at ${host} cannot be reached (${code || error.message}): check DATABASE_URL and that the server runs.`,
      )
    : error
}
