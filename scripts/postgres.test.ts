import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isPortFree } from './ports.ts'
import { endProcess, isAlive, markOf } from './processes.ts'
import { startPostgres, type RunningPostgres } from './postgres.ts'
import { Stop } from './stop.ts'

let dataDir = ''
let running: RunningPostgres | undefined
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'jeonpyo-postgres-')), 'data')
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  rmSync(join(dataDir, '..'), { recursive: true })
})

const start = async (options: { port?: number } = {}) =>
  (running = await startPostgres({ dataDir, durable: false, ...options }))
async function query(postgres: RunningPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('the embedded PostgreSQL', () => {
  it('keeps data, address and password over a restart, all private', async () => {
    const first = await start()
    await query(first, "create table note as select '취소' as text")
    await first.stop()
    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await query(second, 'select text from note')).toEqual([{ text: '취소' }])
    for (const name of ['', 'postgres', 'postgres.url', 'postgres.log'])
      expect(statSync(join(dataDir, name)).mode & 0o077).toBe(0)
  })

  it('ends the server that a killed launcher left behind, and starts anew', async () => {
    const left = await start()
    const next = await start()
    expect(isAlive(left.mark)).toBe(false)
    expect(next.url).toBe(left.url)
  })

  it('recovers from a server that was killed', async () => {
    const killed = await start()
    await query(killed, 'create table note (id int)')
    await endProcess(killed.mark, { signals: ['SIGKILL'] })
    expect(await query(await start(), 'select count(*)::int from note')).toEqual([{ count: 0 }])
  })

  it('does not touch a stranger whose number stands in an old lock file', async () => {
    await (await start()).stop()
    const stranger = markOf(process.pid)
    writeFileSync(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${dataDir}/postgres\n1790000000\n5432\n\n127.0.0.1\n\nready\n`,
    )
    await start()
    expect(stranger !== undefined && isAlive(stranger)).toBe(true)
  })

  it('throws away what a start cut short has left', async () => {
    await (await start()).stop()
    rmSync(join(dataDir, 'postgres'), { recursive: true })
    spawnSync('mkdir', ['-p', join(dataDir, 'postgres.new', 'base')])
    await start()
    expect(existsSync(join(dataDir, 'postgres.new'))).toBe(false)
  })

  it('takes another port when its own is taken, but insists on one that was asked for', async () => {
    const first = await start()
    const port = Number(new URL(first.url).port)
    await first.stop()
    const blocker = createServer().listen(port, '127.0.0.1')
    await new Promise((resolve) => blocker.once('listening', resolve))
    try {
      await expect(startPostgres({ dataDir, port, durable: false })).rejects.toThrow(
        new Stop(`Port ${port} (JEONPYO_PG_PORT) is taken by another program.`),
      )
      const moved = await start()
      expect(new URL(moved.url).port).not.toBe(String(port))
      expect(readFileSync(join(dataDir, 'postgres.url'), 'utf8').trim()).toBe(moved.url)
      expect(await isPortFree(port)).toBe(false)
    } finally {
      blocker.close()
    }
  })
})
