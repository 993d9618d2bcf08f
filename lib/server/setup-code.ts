import 'server-only'
import { createHash, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { env } from './env.ts'

/** Made and printed by the launcher, so that only who can read its screen or this directory becomes the first owner. */
const FILE = join(env.dataDir, 'setup.code')

/** As people read and type it: neither case nor hyphens count. */
const hashOf = (code: string) => createHash('sha256').update(code.toUpperCase().replaceAll(/[\s-]/g, '')).digest()

export const setupCodeFits = (typed: string): boolean =>
  existsSync(FILE) && timingSafeEqual(hashOf(typed), hashOf(readFileSync(FILE, 'utf8')))

export const forgetSetupCode = (): void => rmSync(FILE, { force: true })
