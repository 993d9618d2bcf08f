// The sandbox for a test file, where lib/server/env.ts says it is, and with the data directory that the moved clock is read from.
import { afterAll } from 'vitest'
import { startSandbox as start, type Sandbox } from '../../sandbox/sandbox.ts'
import { env } from '../server/env.ts'

/** Ends with the test file. */
export async function startSandbox(): Promise<Sandbox> {
  const { controlPort, portonePort } = env.sandbox
  const sandbox = await start({ controlPort, portonePort, dataDir: env.dataDir })
  afterAll(() => sandbox.close())
  return sandbox
}
