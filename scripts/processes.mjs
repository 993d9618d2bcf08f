// Processes by number and start time: a number alone may belong to somebody else after a crash or a reboot.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** @typedef {{ pid: number, startedAt: string }} ProcessMark */

/**
 * When the process with this number began, in the words of the operating system; undefined if there is none.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function startedAt(pid) {
  return process.platform === 'linux' ? startedAtOnLinux(pid) : startedAtByPs(pid)
}

function startedAtOnLinux(/** @type {number} */ pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name stands in brackets and may hold anything, so count from the last bracket: state is 3, start time is 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return undefined
    throw error
  }
}

function startedAtByPs(/** @type {number} */ pid) {
  try {
    const line = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return line.trim() || undefined
  } catch {
    // ps ends with 1 when there is no such process.
    return undefined
  }
}

/**
 * @param {number} pid
 * @returns {ProcessMark | undefined}
 */
export function markOf(pid) {
  const started = startedAt(pid)
  return started === undefined ? undefined : { pid, startedAt: started }
}

/** @param {ProcessMark} mark */
export function isAlive(mark) {
  return startedAt(mark.pid) === mark.startedAt
}

/**
 * Asks a process to end, insists when it does not, and waits until it is gone.
 * @param {ProcessMark} mark
 * @param {{ signal?: NodeJS.Signals, insistWith?: NodeJS.Signals, patienceMs?: number }} [how]
 */
export async function endProcess(mark, { signal = 'SIGTERM', insistWith = 'SIGKILL', patienceMs = 10_000 } = {}) {
  for (const next of [signal, insistWith]) {
    if (!isAlive(mark)) return
    send(mark.pid, next)
    if (await isGoneWithin(mark, patienceMs)) return
  }
  throw new Error(`Process ${mark.pid} does not end.`)
}

function send(/** @type {number} */ pid, /** @type {NodeJS.Signals} */ signal) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!isCode(error, 'ESRCH')) throw error
  }
}

async function isGoneWithin(/** @type {ProcessMark} */ mark, /** @type {number} */ ms) {
  const until = Date.now() + ms
  while (isAlive(mark)) {
    if (Date.now() > until) return false
    await sleep(30)
  }
  return true
}

/**
 * @param {unknown} error
 * @param {string} code
 */
export function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}
