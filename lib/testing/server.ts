// Before the first test file: one PostgreSQL in a temporary folder with a migrated template, from which each file gets a copy.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { prepareDatabase } from '../../prisma/installation.ts'
import { startPostgres } from '../../scripts/postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The migrated template; other databases of the same server differ in the path only. */
    templateUrl: string
  }
}

export default async function startServer(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jeonpyo-tests-'))
  const postgres = await startPostgres({ dataDir, durable: false })
  await prepareDatabase({ databaseUrl: postgres.url, demo: true })
  project.provide('templateUrl', postgres.url)
  return async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true })
  }
}
