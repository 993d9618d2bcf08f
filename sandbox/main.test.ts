import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'

const dataDir = mkdtempSync(join(tmpdir(), 'jeonpyo-sandbox-main-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

function start(environment: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      NODE_ENV: 'test',
      SANDBOX_CONTROL_PORT: '0',
      SANDBOX_PORTONE_PORT: '0',
      SANDBOX_KSNET_HTTP_PORT: '0',
      SANDBOX_KSNET_TCP_PORT: '0',
      SANDBOX_KCP_HTTP_PORT: '0',
      SANDBOX_KCP_MODULE_PORT: '0',
      JEONPYO_DATA_DIR: dataDir,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

const collect = (child: ChildProcess) => {
  const said = { out: '', err: '' }
  child.stdout?.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  return said
}

/** The ready line's control address. */
async function controlOf(child: ChildProcess, said: { out: string }): Promise<string> {
  while (!said.out.includes('\n')) await once(child.stdout ?? child, 'data')
  return /control (http:\S+),/.exec(said.out)?.[1] ?? ''
}

test('one line when ready; killed without warning it keeps what was answered; SIGTERM ends it cleanly', async () => {
  const first = start({})
  const control = await controlOf(first, collect(first))
  const created = await fetch(`${control}/payments`, {
    method: 'POST',
    body: '{"gateway":"portone","method":"CARD","amount":1000}',
  })
  const { paymentId } = z.object({ paymentId: z.string() }).parse(await created.json())
  first.kill('SIGKILL')
  await once(first, 'exit')

  const second = start({})
  const said = collect(second)
  const again = await fetch(`${await controlOf(second, said)}/payments/${paymentId}`)
  expect(again.status).toBe(200)
  second.kill('SIGTERM')
  expect(await once(second, 'exit')).toEqual([0, null])
  expect(said.out.trim().split('\n')).toHaveLength(1)
  expect(said.err).toBe('')
}, 60_000)

test('a port that is taken, and a setting that is none, is one sentence', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const address = holder.address()
  const port = String(typeof address === 'object' ? address?.port : address)
  for (const [environment, sentence] of [
    [{ SANDBOX_PORTONE_PORT: port }, `port ${port} is taken`],
    [{ SANDBOX_KCP_MODULE_PORT: port }, `port ${port} is taken`],
    [{ SANDBOX_KSNET_TCP_PORT: port }, `port ${port} is taken`],
    [{ SANDBOX_CONTROL_PORT: 'many' }, 'SANDBOX_CONTROL_PORT'],
  ] as const) {
    const child = start(environment)
    const said = collect(child)
    expect(await once(child, 'close')).toEqual([1, null])
    expect(said.err.trim().split('\n')).toHaveLength(1)
    expect(said.err).toContain(sentence)
  }
  holder.close()
}, 60_000)
