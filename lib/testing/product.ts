// The whole product as npm start brings it up, on ports and a data directory of its own.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../scripts/ports.ts'

export type Variables = Record<string, string>

export interface Product {
  url: string
  controlUrl: string
  pid: number
  output: () => string
  /** Waits until it has said its address, or has ended. */
  up: () => Promise<'up' | 'ended'>
  ended: Promise<number | string>
  stop: (signal?: NodeJS.Signals) => Promise<number | string>
}

const root = join(import.meta.dirname, '..', '..')
const ports = [
  'PORT',
  'SANDBOX_CONTROL_PORT',
  'SANDBOX_PORTONE_PORT',
  'SANDBOX_KSNET_HTTP_PORT',
  'SANDBOX_KSNET_TCP_PORT',
  'SANDBOX_KCP_HTTP_PORT',
  'SANDBOX_KCP_MODULE_PORT',
]

export async function freePorts(): Promise<Variables> {
  const taken = new Set<number>()
  while (taken.size < ports.length) taken.add(await freePort())
  return Object.fromEntries([...taken].map((port, index) => [ports[index] ?? '', String(port)]))
}

/** Nothing of the surrounding environment that Jeonpyo would read comes along. */
export function startProduct(variables: Variables): Product {
  const foreign = Object.entries(process.env).filter(
    ([name]) => !/^(JEONPYO_|SANDBOX_|NEXT|DATABASE_URL$|PORT$|NODE_ENV$|NODE_OPTIONS$|VITEST)/.test(name),
  )
  const child = spawn(process.execPath, [join('scripts', 'start.mjs')], {
    cwd: root,
    env: { ...Object.fromEntries(foreign), NODE_ENV: 'production', ...variables },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'gone'))
  })
  const saidAddress = async () => {
    while (!output.includes('Ctrl-C stops everything.')) await sleep(50, undefined, { ref: false })
    return 'up' as const
  }
  const up = () => Promise.race([saidAddress(), ended.then(() => 'ended' as const)])
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  const at = (host: string, name: string) => `http://${host}:${variables[name] ?? ''}`
  return {
    url: at('localhost', 'PORT'),
    controlUrl: at('127.0.0.1', 'SANDBOX_CONTROL_PORT'),
    pid: child.pid ?? 0,
    output: () => output,
    up,
    ended,
    stop,
  }
}
