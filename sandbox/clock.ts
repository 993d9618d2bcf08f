import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { fromDate, parseIso, plus, toIso, type Instant } from '#lib/domain/kst.ts'
import { parseJson } from './json.ts'

const fileSchema = z.object({ now: z.string(), setAt: z.string(), ticking: z.boolean() })

interface Setting {
  readonly now: Instant
  readonly setAt: Instant
  readonly ticking: boolean
}

export const realNow = (): Instant => fromDate(new Date())

/**
 * The sandbox's time. It is the real time until it is set; then it stands, or goes on from there.
 * The file is the setting itself: the console of the demo reads it to live in the same time.
 */
export class SandboxClock {
  readonly #path: string
  #setting: Setting | null

  constructor(path: string) {
    this.#path = path
    this.#setting = readSetting(path)
  }

  now(): Instant {
    if (!this.#setting) return realNow()
    const { now, setAt, ticking } = this.#setting
    return ticking ? plus(now, realNow() - setAt) : now
  }

  get moved(): boolean {
    return this.#setting !== null
  }

  get ticking(): boolean {
    return this.#setting?.ticking ?? true
  }

  /** Without `now` the present sandbox time is kept; null is the real time again. */
  set(change: { now?: Instant | null; ticking?: boolean }): void {
    if (change.now === null) return this.#toRealTime()
    const setting = { now: change.now ?? this.now(), setAt: realNow(), ticking: change.ticking ?? false }
    writeWhole(this.#path, { now: toIso(setting.now), setAt: toIso(setting.setAt), ticking: setting.ticking })
    this.#setting = setting
  }

  #toRealTime(): void {
    rmSync(this.#path, { force: true })
    this.#setting = null
  }
}

function readSetting(path: string): Setting | null {
  const text = readIfThere(path)
  if (text === null) return null
  const file = fileSchema.safeParse(parseJson(text))
  const now = file.success ? parseIso(file.data.now) : null
  const setAt = file.success ? parseIso(file.data.setAt) : null
  if (!file.success || now === null || setAt === null) throw new Error(`${path} is not a clock file; remove it`)
  return { now, setAt, ticking: file.data.ticking }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Readers see the old file or the new one, never half of one. */
function writeWhole(path: string, content: object): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, `${JSON.stringify(content)}\n`)
  renameSync(draft, path)
}
