// The one place that reads the environment. Not `server-only`: next.config.js, the launcher and the scripts read it too.
import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { isAddressList } from './addresses.ts'

/** Says for each variable that is wrong what is wrong with it, one sentence a line. */
export class BadEnvironment extends Error {
  override name = 'BadEnvironment'
}

export type Env = ReturnType<typeof readEnv>
type Source = Readonly<Record<string, string | undefined>>

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number >= 1 && number <= 65_535)
const portOr = (usual: number) => port.default(usual)
/** `10.0.0.5:29992`, `[::]:29992`. */
const listenAt = (text: string) => {
  const at = text.lastIndexOf(':')
  return Object.freeze({ host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) })
}
const is32Bytes = (key: string) => Buffer.from(key, 'base64').length === 32

const variables = z.object({
  PORT: portOr(3000),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  JEONPYO_DEMO: z.enum(['0', '1']).optional(),
  JEONPYO_DATA_DIR: z.string().default('.data'),
  JEONPYO_SECRET_KEY: z.base64().refine(is32Bytes).optional(),
  JEONPYO_URL: z.url({ protocol: /^https?$/ }).optional(),
  JEONPYO_PG_PORT: port.optional(),
  JEONPYO_KCP_MODULE: z
    .string()
    .regex(/^\/[^\0]+$/)
    .optional(),
  JEONPYO_TRUSTED_PROXIES: z.string().refine(isAddressList).optional(),
  JEONPYO_KSNET_NOTICES: z
    .string()
    .regex(/^[^\s:]+:\d{1,5}$|^\[[\da-fA-F:]+\]:\d{1,5}$/)
    .transform(listenAt)
    .refine(({ host, port }) => isIP(host) !== 0 && port >= 1 && port <= 65_535)
    .optional(),
  SANDBOX_CONTROL_PORT: portOr(4000),
  SANDBOX_PORTONE_PORT: portOr(4010),
  SANDBOX_KSNET_HTTP_PORT: portOr(4020),
  SANDBOX_KSNET_TCP_PORT: portOr(4021),
  SANDBOX_KCP_HTTP_PORT: portOr(4030),
  SANDBOX_KCP_MODULE_PORT: portOr(4031),
})

const wanted: Partial<Record<string, string>> = {
  DATABASE_URL: 'an address like postgresql://user:password@host:5432/database',
  JEONPYO_DEMO: '0 or 1',
  JEONPYO_SECRET_KEY: '32 bytes in base64 (openssl rand -base64 32)',
  JEONPYO_URL: 'an address like https://console.example.com',
  JEONPYO_TRUSTED_PROXIES: 'addresses or networks of your own proxies, like 10.0.0.5, 10.1.0.0/16',
  JEONPYO_KSNET_NOTICES: 'an address and a port to listen at, like 10.0.0.5:29992 or 0.0.0.0:29992',
  JEONPYO_KCP_MODULE: 'the absolute path of KCP’s pp_cli, like /opt/kcp/bin/pp_cli',
}

export function readEnv(source: Source) {
  const values = parse(source)
  const dataDir = resolve(values.JEONPYO_DATA_DIR)
  // The type check and the prerendering of a build load the modules, but use neither database nor secrets.
  const building = source['NEXT_PHASE'] === 'phase-production-build' || process.argv.includes('build')
  return Object.freeze({
    port: values.PORT,
    demo: values.JEONPYO_DEMO === undefined ? values.DATABASE_URL === undefined : values.JEONPYO_DEMO === '1',
    dataDir,
    publicUrl: values.JEONPYO_URL ?? `http://localhost:${values.PORT}`,
    sandbox: Object.freeze({
      controlPort: values.SANDBOX_CONTROL_PORT,
      portonePort: values.SANDBOX_PORTONE_PORT,
      ksnetHttpPort: values.SANDBOX_KSNET_HTTP_PORT,
      ksnetTcpPort: values.SANDBOX_KSNET_TCP_PORT,
      kcpHttpPort: values.SANDBOX_KCP_HTTP_PORT,
      kcpModulePort: values.SANDBOX_KCP_MODULE_PORT,
    }),
    /** KCP's program; the demo has a stand-in. Null: channels by module cannot be used here. */
    kcpModule: values.JEONPYO_KCP_MODULE ?? null,
    /** Where KSNET's notices arrive by bare TCP; null: nowhere. */
    ksnetNotices: values.JEONPYO_KSNET_NOTICES ?? null,
    /** Own proxies that stand in front of the nearest one. */
    trustedProxies: values.JEONPYO_TRUSTED_PROXIES ?? '',
    /** Without DATABASE_URL the launcher brings a PostgreSQL of its own. */
    embedded: values.DATABASE_URL === undefined,
    embeddedPort: values.JEONPYO_PG_PORT,
    get databaseUrl(): string {
      const url = values.DATABASE_URL ?? kept(dataDir, 'postgres.url')
      if (url !== undefined) return url
      if (building) return 'postgresql://not-known-while-building.invalid/none'
      throw new BadEnvironment('DATABASE_URL is not set, and npm start has not made a database here yet.')
    },
    secretKeyGiven: values.JEONPYO_SECRET_KEY !== undefined,
    /** Base64. */
    get secretKey(): string {
      const key = values.JEONPYO_SECRET_KEY ?? kept(dataDir, 'secret.key')
      if (key !== undefined && is32Bytes(key)) return key
      if (building) return Buffer.alloc(32).toString('base64')
      throw new BadEnvironment(`JEONPYO_SECRET_KEY is not set, and npm start has not made one in ${dataDir} yet.`)
    },
  })
}

function parse(source: Source) {
  // Set to nothing is what a compose file or a shell makes of a variable that is not set.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = variables.safeParse(given)
  if (parsed.success) return parsed.data
  const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))]
  throw new BadEnvironment(names.map((name) => `${name} must be ${wanted[name] ?? 'a port, 1 to 65535'}.`).join('\n'))
}

/** What the launcher made and keeps in the data directory. */
function kept(dataDir: string, name: string): string | undefined {
  const file = join(dataDir, name)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

export const env = readEnv(process.env)

// next-auth reads its own variable; it has no other way to learn the public address.
process.env['NEXTAUTH_URL'] ??= env.publicUrl
