import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

// What only a server may import throws without this condition: in modules that Vite serves, and (by Node's own option) in the others.
const asServer = { ssr: { resolve: { conditions: ['react-server', ...defaultServerConditions] } } }
const launcherTest = 'scripts/start.test.ts'

export default defineConfig({
  test: {
    projects: [
      {
        ...asServer,
        test: {
          name: 'product',
          include: ['{lib,sandbox,prisma,scripts}/**/*.test.ts'],
          exclude: [launcherTest],
          execArgv: ['--conditions=react-server'],
          globalSetup: 'lib/testing/server.ts',
          setupFiles: 'lib/testing/environment.ts',
          // Only what hangs meets these, also on a machine many times slower.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Starts the whole product again and again, so it waits until the machine is free.
        test: {
          name: 'launcher',
          include: [launcherTest],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
