// Before the modules of each test file: an environment of its own. The database it names is made by lib/testing/database.ts.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, inject } from 'vitest'
import { freePort } from '../../scripts/ports.ts'

const databaseUrl = new URL(inject('templateUrl'))
databaseUrl.pathname = `/test_${randomUUID().replaceAll('-', '')}`
const dataDir = mkdtempSync(join(tmpdir(), 'jeonpyo-test-'))

process.env['DATABASE_URL'] = databaseUrl.href
process.env['JEONPYO_DEMO'] = '1'
process.env['JEONPYO_DATA_DIR'] = dataDir
// For the sandbox that a test may start (world.ts): the product reads the ports when it loads.
const ports = new Set<number>()
while (ports.size < 5) ports.add(await freePort())
const [portone, kcpHttp, kcpModule, ksnetHttp, ksnetTcp] = [...ports].map(String)
process.env['SANDBOX_PORTONE_PORT'] = portone
process.env['SANDBOX_KSNET_HTTP_PORT'] = ksnetHttp
process.env['SANDBOX_KSNET_TCP_PORT'] = ksnetTcp
process.env['SANDBOX_KCP_HTTP_PORT'] = kcpHttp
process.env['SANDBOX_KCP_MODULE_PORT'] = kcpModule
process.env['JEONPYO_KCP_MODULE'] = join(import.meta.dirname, '..', '..', 'sandbox', 'kcp', 'pp_cli')
process.env['JEONPYO_SECRET_KEY'] = Buffer.alloc(32, 'test').toString('base64')

afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true })
})
