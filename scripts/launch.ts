// What npm start does once Node 24 is there: everything from the database to the address on the screen, and back on Ctrl-C.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Env } from '../lib/server/env.ts'
import { lookAfterChildren, type Children } from './children.ts'
import { writePrivately } from './files.ts'
import { takeInstance } from './instance.ts'
import { isPortFree } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { buildProduct, generateClient, next } from './product.ts'
import { keepSetupCode } from './setup-code.ts'
import { Stop } from './stop.ts'

const development = process.argv.includes('--dev')

async function launch(env: Env, stopWanted: Promise<never>): Promise<void> {
  const instance = await takeInstance(env.dataDir)
  const children = lookAfterChildren(instance, env.demo && !development ? env.dataDir : undefined)
  const end = Promise.race([stopWanted, children.firstEnd])
  const up = bringUp(env, children)
  try {
    const setupCode = await Promise.race([up, end])
    console.log(env.demo ? demoBanner(env) : banner(env, setupCode))
    await end
  } finally {
    instance.stopping()
    await children.stopAll()
    // What was being started at that moment comes to its end too.
    await Promise.allSettled([up])
    await children.stopAll()
    instance.release()
  }
}

/** Answers the code for a first owner, where one is missing. */
async function bringUp(env: Env, children: Children): Promise<string | null> {
  await assertPortsFree(env)
  keepSecret(env)
  if (env.embedded) await step('starting PostgreSQL', () => bringUpPostgres(env, children))
  await step('preparing the database', async () => {
    const { prepareDatabase } = await import('../prisma/installation.ts')
    await prepareDatabase(env)
    await generateClient(children.finish)
  })
  if (env.demo) await step('starting the sandbox', () => bringUpSandbox(env, children))
  if (env.demo)
    await step('seeding the demo merchant', () =>
      children.finish({ name: 'seed', args: asServer('prisma/seed.ts'), env: demoPrograms(env) }),
    )
  if (!development) await step('building (a minute, the first time)', () => buildProduct(children.finish))
  const setupCode = env.demo ? null : await keepSetupCode(env)
  await step('starting the console', () => bringUpConsole(env, children))
  return setupCode
}

async function assertPortsFree(env: Env) {
  const ports = Object.entries({ PORT: env.port, ...(env.demo ? sandboxPorts(env) : {}) })
  for (const [name, port] of ports) {
    const twin = ports.find(([other, otherPort]) => other !== name && otherPort === port)
    if (twin) throw new Stop(`${name} and ${twin[0]} are both ${port}: give each a port of its own.`)
    if (!(await isPortFree(port)))
      throw new Stop(`Port ${port} is taken by another program: end that one, or set ${name} to a free port.`)
  }
}

function sandboxPorts({ sandbox }: Env) {
  return {
    SANDBOX_CONTROL_PORT: sandbox.controlPort,
    SANDBOX_PORTONE_PORT: sandbox.portonePort,
    SANDBOX_KSNET_HTTP_PORT: sandbox.ksnetHttpPort,
    SANDBOX_KSNET_TCP_PORT: sandbox.ksnetTcpPort,
    SANDBOX_KCP_HTTP_PORT: sandbox.kcpHttpPort,
    SANDBOX_KCP_MODULE_PORT: sandbox.kcpModulePort,
  }
}

function keepSecret({ dataDir, secretKeyGiven }: Env) {
  const file = join(dataDir, 'secret.key')
  if (!secretKeyGiven && !existsSync(file)) writePrivately(file, `${randomBytes(32).toString('base64')}\n`)
}

async function bringUpPostgres(env: Env, children: Children) {
  const { mark, ended, stop } = await startPostgres({ dataDir: env.dataDir, port: env.embeddedPort })
  children.adopt({ name: 'PostgreSQL', mark, stop }, ended)
}

async function bringUpSandbox(env: Env, children: Children) {
  children.keep({ name: 'sandbox', args: ['sandbox/main.ts'] })
  await untilAnswers(`http://127.0.0.1:${env.sandbox.controlPort}/health`, children.stopping)
}

async function bringUpConsole(env: Env, children: Children) {
  const NODE_ENV = development ? 'development' : 'production'
  const shared = { NODE_ENV, NEXTAUTH_URL: env.publicUrl, NEXT_TELEMETRY_DISABLED: '1', ...demoPrograms(env) }
  // Longer than proxies keep theirs: one that writes on a connection just closed here would answer 502.
  const serving = development ? ['dev'] : ['start', '--keepAliveTimeout', '75000']
  children.keep({
    name: 'web server',
    args: [next, ...serving, '-p', String(env.port), '-H', '127.0.0.1'],
    env: shared,
  })
  children.keep({ name: 'worker', args: asServer('lib/jobs/worker.ts'), env: shared })
  await untilAnswers(`http://127.0.0.1:${env.port}/api/health`, children.stopping)
}

/** In the demo the sandbox's program stands in for KCP's. */
function demoPrograms({ demo, kcpModule }: Env): Record<string, string> {
  const standIn = join(import.meta.dirname, '..', 'sandbox', 'kcp', 'pp_cli')
  return demo ? { JEONPYO_KCP_MODULE: kcpModule ?? standIn } : {}
}

/** Modules marked `server-only` load under this condition alone. */
function asServer(script: string): string[] {
  return ['--conditions=react-server', script]
}

async function untilAnswers(url: string, stopping: AbortSignal) {
  for (const until = Date.now() + 90_000; Date.now() < until; await sleep(50)) {
    stopping.throwIfAborted()
    try {
      const { status } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
      if (status < 500) return
    } catch {
      // Not listening yet. Should it have ended, its owner says so.
    }
  }
  throw new Stop(`Nothing answers at ${url}.`)
}

async function step(what: string, run: () => Promise<void>) {
  const begun = Date.now()
  process.stdout.write(`· ${what} ...`)
  try {
    await run()
  } finally {
    process.stdout.write(` ${((Date.now() - begun) / 1000).toFixed(1)} s\n`)
  }
}

function demoBanner(env: Env): string {
  return `
전표 Jeonpyo (demo)   ${env.publicUrl}

  owner@example.com      소유자
  manager@example.com    매니저
  operator@example.com   담당자
  viewer@example.com     조회자
  password               jeonpyo-demo

  sandbox control        http://127.0.0.1:${env.sandbox.controlPort}
  data and logs          ${env.dataDir}

Ctrl-C stops everything.`
}

function banner(env: Env, setupCode: string | null): string {
  const first = `A new installation asks for its first owner there.
  code                   ${setupCode ?? ''}

`
  return `
전표 Jeonpyo   ${env.publicUrl}

${setupCode === null ? '' : first}Ctrl-C stops everything.`
}

/** Ctrl-C, a service manager, or the end of the process that started this one. */
function whenStopWanted(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new StopWanted())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  process.once('disconnect', stop)
  // It may come while nobody listens yet.
  promise.catch(() => {})
  return promise
}

class StopWanted extends Error {}

// The reader of our lines may be gone before we are; stopping in order matters more than saying so.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

try {
  const { env } = await import('../lib/server/env.ts')
  await launch(env, whenStopWanted())
} catch (error) {
  if (error instanceof StopWanted) console.log('\nStopped.')
  else {
    const isSentence = error instanceof Stop || (error instanceof Error && error.name === 'BadEnvironment')
    console.error(isSentence ? `\n${error.message}` : error)
    process.exitCode = 1
  }
}
process.exit()
