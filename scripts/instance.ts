// One data directory, one running Jeonpyo: who runs, and what it has started, kept in a file that outlives a kill.
import { linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { writePrivately } from './files.ts'
import { endProcess, isAlive, markOf, type ProcessMark } from './processes.ts'
import { hasCode, Stop } from './stop.ts'

const processMark = z.object({ pid: z.number(), startedAt: z.string() })
const recorded = z.object({
  launcher: processMark,
  stopping: z.boolean(),
  /** In the order in which they were started. */
  children: z.array(z.object({ name: z.string(), mark: processMark })),
})
type Recorded = z.infer<typeof recorded>

export interface Instance {
  record: (children: Recorded['children']) => void
  stopping: () => void
  release: () => void
}

/** Waits for one that is about to stop, ends what a killed one has left, refuses beside one that runs. */
export async function takeInstance(dataDir: string): Promise<Instance> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'running.json')
  const former = await waitForFormer(file)
  if (former !== undefined) {
    for (const child of former.children.toReversed()) await endLeftChild(child)
    rmSync(file, { force: true })
  }
  const launcher = markOf(process.pid)
  if (launcher === undefined) throw new Error('this process has no mark')
  let state: Recorded = { launcher, stopping: false, children: [] }
  await claim(file, state)
  const change = (changes: Partial<Recorded>) => {
    state = { ...state, ...changes }
    writePrivately(file, JSON.stringify(state))
  }
  return {
    record: (children) => change({ children }),
    stopping: () => change({ stopping: true }),
    release: () => rmSync(file, { force: true }),
  }
}

async function waitForFormer(file: string): Promise<Recorded | undefined> {
  const begun = Date.now()
  for (;;) {
    const former = read(file)
    if (former === undefined || !isAlive(former.launcher)) return former
    // One whose npm was killed needs a moment to notice.
    if (Date.now() - begun > (former.stopping ? 60_000 : 3_000)) throw alreadyRuns(former.launcher)
    await sleep(100)
  }
}

function read(file: string): Recorded | undefined {
  try {
    return recorded.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** PostgreSQL is asked to end at once and cleanly by SIGINT; SIGTERM would let it wait for its clients. */
async function endLeftChild({ name, mark }: { name: string; mark: ProcessMark }) {
  if (name === 'PostgreSQL') await endProcess(mark, { signals: ['SIGINT', 'SIGQUIT'] })
  else await endProcess(mark, { signals: ['SIGTERM', 'SIGKILL'], group: true })
}

/** Of two launchers at the same moment one gets the name; a second look catches the one that cleared it away as old. */
async function claim(file: string, state: Recorded) {
  const own = `${file}.${process.pid}`
  writePrivately(own, JSON.stringify(state))
  try {
    linkSync(own, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(own)
  }
  await sleep(100)
  const holder = read(file)?.launcher
  if (holder?.pid !== state.launcher.pid || holder.startedAt !== state.launcher.startedAt) throw alreadyRuns(holder)
}

function alreadyRuns(launcher: ProcessMark | undefined): Stop {
  return new Stop(
    `Jeonpyo already runs on this data directory (process ${launcher?.pid ?? 'unknown'}): stop that one first, or name another one in JEONPYO_DATA_DIR.`,
  )
}
