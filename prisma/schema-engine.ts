// Migrations through Prisma's own engine as WebAssembly, so that no engine has to be downloaded: the same folder and the
// same `_prisma_migrations` rows as `prisma migrate`.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import * as engineBindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import type { DiffTarget, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { startPostgres } from '../scripts/postgres.ts'

const schemaFile = join(import.meta.dirname, 'schema.prisma')
const migrationsFolder = join(import.meta.dirname, 'migrations')
const migratedSchemaFile = join(migrationsFolder, 'schema.prisma')
const noFilters = { externalTables: [], externalEnums: [] }

/** Steps that belong to the same transaction as the migrations: what must hold before, what must be true after. */
export interface Around {
  before?: (pool: pg.Pool) => Promise<void>
  after?: (pool: pg.Pool) => Promise<void>
}

/**
 * Brings the database up to the newest migration, all or nothing: everything happens in one transaction on one connection.
 * What that forbids: a value added to an enum cannot be used by a migration that is applied in the same go.
 */
export async function applyMigrations(databaseUrl: string, { before, after }: Around = {}): Promise<string[]> {
  const { pool, end } = await holdConnection(databaseUrl)
  try {
    await pool.query('begin')
    // Two launchers on one database go one after the other; the engine's own lock comes too late for `before`.
    await pool.query('select pg_advisory_xact_lock(72707368)')
    await before?.(pool)
    const { appliedMigrationNames } = await withEngine(pool, (engine) =>
      engine.applyMigrations({ migrationsList: migrationList(), filters: noFilters }),
    )
    await after?.(pool)
    await pool.query('commit')
    return appliedMigrationNames
  } finally {
    await end()
  }
}

/**
 * Writes a migration from the schema as it was when the last one was written (kept beside the migrations) to the schema as it is;
 * undefined when nothing has changed. Triggers and partial indexes are added to the script by hand, and never touched by this.
 */
export async function createMigration(name: string): Promise<string | undefined> {
  const before = existsSync(migratedSchemaFile) ? readFileSync(migratedSchemaFile, 'utf8') : undefined
  const from: DiffTarget =
    before === undefined ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: before }] }
  const to: DiffTarget = { tag: 'schemaDatamodel', files: [schema()] }
  const script = await withScratchDatabase((pool) =>
    withEngine(
      pool,
      async (engine) => (await engine.diff({ from, to, script: true, exitCode: null, filters: noFilters })).stdout,
    ),
  )
  if (script === null || script.includes('This is an empty migration')) return undefined
  const file = join(
    migrationsFolder,
    `${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`,
    'migration.sql',
  )
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(join(migrationsFolder, 'migration_lock.toml'), 'provider = "postgresql"\n')
  writeFileSync(file, script)
  writeFileSync(migratedSchemaFile, schema().content)
  return file
}

/** The engine wants a connection even to compare two files. */
async function withScratchDatabase<Result>(use: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jeonpyo-migration-'))
  const postgres = await startPostgres({ dataDir, durable: false })
  const { pool, end } = await holdConnection(postgres.url)
  try {
    return await use(pool)
  } finally {
    await end()
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** A pool of one held connection, so that a transaction spans all its queries and nothing runs outside after an error. */
async function holdConnection(databaseUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 15_000 })
  const client = await pool.connect()
  pool.query = client.query.bind(client)
  const end = async () => {
    client.release(true)
    await pool.end()
  }
  return { pool, end }
}

/** Prisma's adapter cuts a script at every semicolon, those in the bodies of triggers too; PostgreSQL takes a script whole. */
function adapterOf(pool: pg.Pool, refusals: unknown[]): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool)
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await factory.connect()
    adapter.executeScript = (script) => runScript(pool, script, refusals)
    return adapter
  }
  return { provider: factory.provider, adapterName: factory.adapterName, connect, connectToShadowDb: connect }
}

async function runScript(pool: pg.Pool, script: string, refusals: unknown[]) {
  try {
    await pool.query(script)
  } catch (error) {
    refusals.push(error)
    throw error
  }
}

async function withEngine<Result>(pool: pg.Pool, use: (engine: SchemaEngine) => Promise<Result>): Promise<Result> {
  await loadEngine()
  const refusals: unknown[] = []
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterOf(pool, refusals))
  const { path, content } = schema()
  const engine = await engineBindings.SchemaEngine.new({ datamodels: [[path, content]] }, () => {}, adapter)
  try {
    return await use(engine)
  } catch (error) {
    // Of what its adapter throws the engine knows only a number.
    throw refusals.at(-1) ?? error
  } finally {
    engine.free()
  }
}

let loading: Promise<void> | undefined

function loadEngine(): Promise<void> {
  loading ??= instantiateEngine()
  return loading
}

async function instantiateEngine() {
  const bindings = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = readFileSync(join(dirname(bindings), 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...engineBindings } })
  engineBindings.__wbg_set_wasm(instance.exports)
  const begin = instance.exports['__wbindgen_start']
  if (typeof begin === 'function') Reflect.apply(begin, undefined, [])
}

function schema() {
  return { path: schemaFile, content: readFileSync(schemaFile, 'utf8') }
}

function migrationList(): MigrationList {
  const names = readdirSync(migrationsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
  return {
    baseDir: migrationsFolder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(migrationsFolder, path, 'migration.sql'), 'utf8') },
      },
    })),
  }
}
