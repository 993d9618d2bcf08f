// A real Chromium: one that is named or already there, else Playwright's own.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type LaunchOptions } from '@playwright/test'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

export function chromiumOptions(): LaunchOptions {
  const executablePath = [process.env['PLAYWRIGHT_CHROMIUM'] ?? '', ...usualPlaces].find(
    (path) => path !== '' && existsSync(path),
  )
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--no-first-run',
    // Debian's has it draw by a graphics card; without one that is slow.
    '--disable-gpu',
  ]
  // Chromium's own sandbox refuses to run as root.
  const args = process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet
  return executablePath === undefined ? { args } : { args, executablePath }
}

export function ensureChromium(): void {
  if (chromiumOptions().executablePath !== undefined || existsSync(chromium.executablePath())) return
  const playwright = join('node_modules', '@playwright', 'test', 'cli.js')
  const { status } = spawnSync(process.execPath, [playwright, 'install', 'chromium'], { stdio: 'inherit' })
  if (status === 0) return
  throw new Error(
    'There is no Chromium, and Playwright could not download one: install the Debian package chromium, or name one in PLAYWRIGHT_CHROMIUM.',
  )
}
