// The programs that the launcher starts: each in a process group of its own, recorded, and ended in the reverse order.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Instance } from './instance.ts'
import { endProcess, markOf, type ProcessMark } from './processes.ts'
import { Stop } from './stop.ts'

export interface Command {
  name: string
  args: string[]
  env?: Record<string, string>
}

interface Child {
  name: string
  mark: ProcessMark
  stop: () => Promise<void>
}

export interface Children {
  /** Runs Node with these arguments until it ends, and expects it to end well. */
  finish: (command: Command) => Promise<void>
  /** Starts Node with these arguments; it should not end. */
  keep: (command: Command) => void
  /** Looks after something that was started elsewhere. */
  adopt: (child: Child, ended: Promise<void>) => void
  /** Tells of the first one that ended without being asked to. */
  firstEnd: Promise<never>
  /** From here on nothing may be started any more. */
  stopping: AbortSignal
  stopAll: () => Promise<void>
}

/** `logTo`: the folder for what the programs print; without it they print here. */
export function lookAfterChildren(instance: Instance, logTo: string | undefined): Children {
  const children: Child[] = []
  const stop = new AbortController()
  const { promise: firstEnd, reject: tellOfEnd } = Promise.withResolvers<never>()
  // It may happen while nobody listens yet.
  firstEnd.catch(() => {})
  const record = () => instance.record(children.map(({ name, mark }) => ({ name, mark })))
  const start = (command: Command) => {
    stop.signal.throwIfAborted()
    const { mark, ended } = startNode(command, logTo)
    children.push({
      name: command.name,
      mark,
      stop: () => endProcess(mark, { signals: ['SIGTERM', 'SIGKILL'], group: true }),
    })
    record()
    return ended
  }
  const unexpected = (name: string, how: string) =>
    new Stop(`The ${name} ended unexpectedly (${how}).${lastWords(name, logTo)}`)
  return {
    finish: async (command) => {
      const how = await start(command)
      if (how !== 'code 0') throw unexpected(command.name, how)
    },
    keep: (command) => void start(command).then((how) => tellOfEnd(unexpected(command.name, how))),
    adopt: (child, ended) => {
      children.push(child)
      record()
      void ended.then(() => tellOfEnd(unexpected(child.name, 'it is gone')))
    },
    firstEnd,
    stopping: stop.signal,
    stopAll: async () => {
      stop.abort()
      for (const child of children.toReversed()) await child.stop()
    },
  }
}

function startNode(
  { name, args, env }: Command,
  logTo: string | undefined,
): { mark: ProcessMark; ended: Promise<string> } {
  const output = logTo === undefined ? ('inherit' as const) : openLog(logFileOf(name, logTo))
  // Away from the terminal's process group, so that Ctrl-C reaches the launcher alone and the order of stopping is kept.
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', output, output],
  })
  if (typeof output === 'number') closeSync(output)
  const mark = markOf(child.pid ?? 0)
  if (mark === undefined) throw new Stop(`The ${name} could not be started.`)
  const ended = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)),
  )
  return { mark, ended }
}

/** The log of the start before is kept, those before that one are not. */
function openLog(file: string): number {
  if (existsSync(file)) renameSync(file, `${file}.1`)
  return openSync(file, 'w', 0o600)
}

function logFileOf(name: string, logTo: string): string {
  return join(logTo, `${name.toLowerCase().replaceAll(' ', '-')}.log`)
}

function lastWords(name: string, logTo: string | undefined): string {
  if (logTo === undefined || !existsSync(logFileOf(name, logTo))) return ''
  const lines = readFileSync(logFileOf(name, logTo), 'utf8').trim().split('\n').slice(-15)
  return ` Its last words (${logFileOf(name, logTo)}):\n${lines.join('\n')}`
}
