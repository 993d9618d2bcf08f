// The worker as it runs beside the console, on this test's own database.
import { spawn, type ChildProcess } from 'node:child_process'

export const startWorker = (variables: Readonly<Record<string, string>>): ChildProcess =>
  spawn(process.execPath, ['--conditions=react-server', 'lib/jobs/worker.ts'], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
