import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { Wire } from '../connector.ts'
import type { Transmission } from './http.ts'

/** The module prints 8,191 bytes at most. */
const STDOUT_BYTES_MAX = 64 * 1024
/** Below what xargs takes in all by itself (128 KiB), so that it never refuses or splits a message. */
const ARGUMENTS_BYTES_MAX = 120_000
/** xargs' own words for a program that could not be run, and for one that is not there (GNU findutils, EXIT STATUS). */
const NOT_RUN = 126
const NOT_FOUND = 127

const notStarted = (cause: string): Transmission => ({ kind: 'broken', sent: false, cause: `program: ${cause}` })

/**
 * One child process, without a shell. Node can only pass arguments that are UTF-8, so they go to `xargs` on standard input,
 * NUL-separated, and come to the program as the bytes they are. The program gets a process group of its own, which is killed
 * whole at the deadline; what it did by then is not known. Never throws.
 */
export function sendCli(wire: Extract<Wire, { via: 'cli' }>, deadlineMs: number): Promise<Transmission> {
  const args = wire.args.map((argument) => Buffer.from(argument, 'base64'))
  const refused = refusal(wire.program, args)
  if (refused !== null) return Promise.resolve(notStarted(refused))
  return new Promise((resolve) => {
    let child: ChildProcessByStdio<Writable, Readable, Readable>
    try {
      child = spawn('xargs', ['-0', '-r', '-x', '-n', String(args.length), wire.program], {
        cwd: '/',
        detached: true,
        env: surroundings(),
        stdio: ['pipe', 'pipe', 'pipe'],
      })
    } catch {
      return resolve(notStarted('could not be started'))
    }
    const broken = (cause: string) => resolve({ kind: 'broken', sent: true, cause: `written: ${cause}` })
    const killAll = (cause: string) => {
      broken(cause)
      killGroup(child.pid)
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const timer = setTimeout(() => killAll(`no answer within ${deadlineMs} ms`), deadlineMs)
    const chunks: Buffer[] = []
    let size = 0
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > STDOUT_BYTES_MAX) killAll('answer too large')
      else chunks.push(chunk)
    })
    // Banner, usage and log lines: read so that the program never waits for us, and kept nowhere.
    child.stderr.resume()
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', ignoreHere)
    child.on('error', () => {
      clearTimeout(timer)
      resolve(child.pid === undefined ? notStarted('xargs could not be started') : unknownEnd)
    })
    child.on('close', (exitCode) => {
      clearTimeout(timer)
      if (size === 0 && exitCode === NOT_FOUND) return resolve(notStarted('not found'))
      if (size === 0 && exitCode === NOT_RUN) return resolve(notStarted('not executable'))
      resolve({ kind: 'answered', reply: { via: 'cli', stdout: Buffer.concat(chunks), exitCode } })
    })
    child.stdin.end(Buffer.concat(args.flatMap((argument) => [argument, Buffer.of(0)])))
  })
}

const unknownEnd: Transmission = { kind: 'broken', sent: true, cause: 'written: the process could not be watched' }

/** A pipe that breaks tells less than the process's end, which comes after it. */
const ignoreHere = () => undefined

/** What would never reach the program as it is: found before anything starts. */
function refusal(program: string, args: readonly Buffer[]): string | null {
  if (program === '') return 'none is installed'
  if (!program.startsWith('/') || program.includes('\0')) return 'not an absolute path'
  if (args.length === 0) return 'there is no such message'
  if (args.some((argument) => argument.includes(0))) return 'an argument holds NUL'
  if (args.reduce((sum, argument) => sum + argument.length + 1, program.length) > ARGUMENTS_BYTES_MAX)
    return 'the arguments are too long'
  return fileProblem(program)
}

function fileProblem(program: string): string | null {
  try {
    if (!statSync(program).isFile()) return 'not a file'
  } catch {
    return 'not found'
  }
  try {
    accessSync(program, constants.X_OK)
    return null
  } catch {
    return 'not executable'
  }
}

/** Nothing of our own environment, which holds secrets. Our own Node comes first, for a program that is a script. */
const surroundings = () => ({
  PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
  LANG: 'C',
  HOME: homedir(),
  // Next's types want it to be said.
  NODE_ENV: 'production' as const,
})

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // All of them have ended already.
  }
}
