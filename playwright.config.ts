import { defineConfig, devices } from '@playwright/test'
import { chromiumOptions } from './e2e/chromium.ts'

const serialSpecs = /\.serial\.spec\.ts$/
const lastSpec = /secrets\.spec\.ts$/

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/product.ts',
  fullyParallel: true,
  forbidOnly: process.env['CI'] !== undefined,
  workers: 2,
  // Only what hangs meets these, also on a machine many times slower.
  timeout: 300_000,
  expect: { timeout: 60_000, toPass: { timeout: 60_000 } },
  use: {
    ...devices['Desktop Chrome'],
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
    launchOptions: chromiumOptions(),
    screenshot: 'only-on-failure',
    // Colours that are still changing are no fault of contrast.
    contextOptions: { reducedMotion: 'reduce' },
  },
  projects: [
    { name: 'sign-in', testMatch: /\.setup\.ts$/ },
    { name: 'parallel', testMatch: /\.spec\.ts$/, testIgnore: [serialSpecs, lastSpec], dependencies: ['sign-in'] },
    // They move the one clock, or set the one gateway at fault, that all share.
    { name: 'serial', testMatch: serialSpecs, fullyParallel: false, workers: 1, dependencies: ['parallel'] },
    // After everything else it searches what was left behind.
    { name: 'secrets', testMatch: lastSpec, dependencies: ['serial'] },
  ],
})
