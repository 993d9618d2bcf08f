import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BadEnvironment, readEnv } from './env.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jeonpyo-env-'))
})
afterEach(() => {
  rmSync(dataDir, { recursive: true })
})

const url = 'postgresql://a:b@db.example:5432/c'
const key = Buffer.alloc(32, 7).toString('base64')
const problemOf = (source: Record<string, string>) => {
  try {
    readEnv(source)
    return ''
  } catch (error) {
    if (error instanceof BadEnvironment) return error.message
    throw error
  }
}

describe('the environment', () => {
  it('takes addresses and networks as own proxies, and nothing else', () => {
    expect(readEnv({}).trustedProxies).toBe('')
    expect(readEnv({ JEONPYO_TRUSTED_PROXIES: '10.0.0.5, 10.1.0.0/16' }).trustedProxies).toBe('10.0.0.5, 10.1.0.0/16')
    expect(problemOf({ JEONPYO_TRUSTED_PROXIES: 'proxy.example.com' })).toContain('JEONPYO_TRUSTED_PROXIES must be')
  })

  it('listens for KSNET’s notices nowhere, or at one address and port', () => {
    expect(readEnv({}).ksnetNotices).toBeNull()
    expect(readEnv({ JEONPYO_KSNET_NOTICES: '10.0.0.5:29992' }).ksnetNotices).toEqual({ host: '10.0.0.5', port: 29992 })
    expect(readEnv({ JEONPYO_KSNET_NOTICES: '[::1]:29992' }).ksnetNotices).toEqual({ host: '::1', port: 29992 })
    for (const wrong of ['29992', '0.0.0.0', '0.0.0.0:0', '0.0.0.0:65536', 'notices.example.com:29992', '10.0.0:29992'])
      expect(problemOf({ JEONPYO_KSNET_NOTICES: wrong }), wrong).toContain('JEONPYO_KSNET_NOTICES must be')
  })

  it('is a demo on its own database when nothing is set', () => {
    const env = readEnv({})
    expect(env).toMatchObject({
      demo: true,
      embedded: true,
      port: 3000,
      publicUrl: 'http://localhost:3000',
      embeddedPort: undefined,
    })
    expect(env.sandbox).toEqual({
      controlPort: 4000,
      portonePort: 4010,
      ksnetHttpPort: 4020,
      ksnetTcpPort: 4021,
      kcpHttpPort: 4030,
      kcpModulePort: 4031,
    })
    expect(env.dataDir).toBe(join(process.cwd(), '.data'))
  })

  it.each([
    [{}, true],
    [{ JEONPYO_DEMO: '0' }, false],
    [{ DATABASE_URL: url }, false],
    [{ DATABASE_URL: url, JEONPYO_DEMO: '1' }, true],
  ])('knows whether %j is a demo', (source, demo) => {
    expect(readEnv(source).demo).toBe(demo)
  })

  it('takes an empty value for one that is not set', () => {
    expect(readEnv({ DATABASE_URL: '', PORT: '', JEONPYO_DEMO: '' })).toMatchObject({ demo: true, port: 3000 })
  })

  it('says one sentence for each variable that is wrong', () => {
    expect(
      problemOf({ PORT: '0', DATABASE_URL: 'mysql://x', JEONPYO_DEMO: 'yes', JEONPYO_SECRET_KEY: 'abcd' }).split('\n'),
    ).toEqual([
      'PORT must be a port, 1 to 65535.',
      'DATABASE_URL must be an address like postgresql://user:password@host:5432/database.',
      'JEONPYO_DEMO must be 0 or 1.',
      'JEONPYO_SECRET_KEY must be 32 bytes in base64 (openssl rand -base64 32).',
    ])
    expect(problemOf({ PORT: '70000' })).toBe('PORT must be a port, 1 to 65535.')
    expect(problemOf({ SANDBOX_KCP_HTTP_PORT: 'x' })).toBe('SANDBOX_KCP_HTTP_PORT must be a port, 1 to 65535.')
  })

  it('finds what the launcher keeps in the data directory, and prefers what is given', () => {
    writeFileSync(join(dataDir, 'postgres.url'), `${url}\n`)
    writeFileSync(join(dataDir, 'secret.key'), `${key}\n`)
    expect(readEnv({ JEONPYO_DATA_DIR: dataDir })).toMatchObject({ databaseUrl: url, secretKey: key })
    const given = { DATABASE_URL: `${url}x`, JEONPYO_SECRET_KEY: Buffer.alloc(32, 8).toString('base64') }
    expect(readEnv({ JEONPYO_DATA_DIR: dataDir, ...given })).toMatchObject({
      databaseUrl: given.DATABASE_URL,
      secretKey: given.JEONPYO_SECRET_KEY,
    })
  })

  it('has no database and no key where nobody made them', () => {
    const env = readEnv({ JEONPYO_DATA_DIR: dataDir })
    expect(() => env.databaseUrl).toThrow(BadEnvironment)
    expect(() => env.secretKey).toThrow(BadEnvironment)
  })

  it('lets a build pass without database and key', () => {
    const env = readEnv({ JEONPYO_DATA_DIR: dataDir, NEXT_PHASE: 'phase-production-build' })
    expect(env.databaseUrl).toContain('not-known-while-building')
    expect(env.secretKey).toHaveLength(44)
  })
})
