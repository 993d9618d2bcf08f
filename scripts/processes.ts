// Processes by number and start time: after a crash or a restart the number alone may belong to somebody else.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from './stop.ts'

export interface ProcessMark {
  pid: number
  /** In the words of the operating system, and only compared. */
  startedAt: string
}

export function markOf(pid: number): ProcessMark | undefined {
  const startedAt = process.platform === 'linux' ? linuxStart(pid) : otherStart(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.startedAt === mark.startedAt
}

/** Ends a process, and with `group` all it started in its process group; insists when it does not, and waits until it is gone. */
export async function endProcess(
  mark: ProcessMark,
  { signals, group = false }: { signals: NodeJS.Signals[]; group?: boolean },
): Promise<void> {
  for (const signal of signals) {
    if (!isAlive(mark)) return
    send(group ? -mark.pid : mark.pid, signal)
    if (await isGoneWithin(mark, 15_000)) return
  }
  throw new Error(`process ${mark.pid} does not end`)
}

function send(target: number, signal: NodeJS.Signals) {
  try {
    process.kill(target, signal)
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

async function isGoneWithin(mark: ProcessMark, ms: number): Promise<boolean> {
  for (const until = Date.now() + ms; isAlive(mark); await sleep(30)) {
    if (Date.now() > until) return false
  }
  return true
}

function linuxStart(pid: number): string | undefined {
  const fields = linuxStat(pid)
  if (fields === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined
  // The start time counts from the boot, so it needs the boot's name.
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`
}

/** State, parent, ... from the third field on: the second is the command's name in brackets and may hold anything. */
export function linuxStat(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined
    throw error
  }
}

function otherStart(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() || undefined
}
