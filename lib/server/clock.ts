import 'server-only'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { instant, parseIso, type Instant } from '#lib/domain/kst.ts'
import { env } from './env.ts'

const CLOCK_FILE = join(env.dataDir, 'clock.json')
const moved = z.object({ now: z.string(), setAt: z.string(), ticking: z.boolean() })

/** The time by which rules judge. Only in the demo can it be moved: by the sandbox's control, through a file. */
export function now(): Instant {
  const real = instant(Date.now())
  return env.demo ? (movedClock(real) ?? real) : real
}

function movedClock(real: Instant): Instant | null {
  let text: string
  try {
    text = readFileSync(CLOCK_FILE, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const clock = moved.parse(JSON.parse(text))
  const at = parseIso(clock.now)
  const setAt = parseIso(clock.setAt)
  if (at === null || setAt === null) return null
  return clock.ticking ? instant(at + (real - setAt)) : at
}
