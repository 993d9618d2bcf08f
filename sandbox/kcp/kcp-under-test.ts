import { spawn } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { decodeCp949, encodeCp949 } from '#lib/gateways/wire/cp949.ts'
import { z } from 'zod'
import { useSandbox, type SandboxUnderTest } from '../sandbox-under-test.ts'
import { modulePath } from './kcp.ts'
import { escrowSite, findSite, plainSite } from './merchant.ts'

/** A shop at the KCP stand-in: its program as a real child, its REST calls, and the payments it has taken. */

type Fields = Readonly<Record<string, string>>

export interface Run {
  readonly stdout: Buffer
  readonly stderr: string
  readonly exit: number | null
}

const madeSchema = z.object({
  tno: z.string(),
  orderNo: z.string(),
  siteCd: z.string(),
  status: z.string(),
  received: z.number(),
  left: z.number(),
  approval: z.record(z.string(), z.string()),
  escrow: z.object({ stage: z.string(), held: z.boolean() }).nullable(),
})
const noticeSchema = z.object({
  id: z.string(),
  type: z.string(),
  state: z.string(),
  fields: z.record(z.string(), z.string()),
  attempts: z.array(z.object({ status: z.number().nullable() })),
})

export const US = '\x1f'
export const common: Fields = { mod_ip: '127.0.0.1', mod_desc: '단순 변심' }
export const account: Fields = { mod_bankcode: 'BK88', mod_account: '110123456789', mod_depositor: '홍길동' }
export const escrowAccount: Fields = { bank_code: '88', refund_account: '110123456789', refund_nm: '홍길동' }

/** The program itself, with arguments that are ASCII. */
export async function runProgram(...args: string[]): Promise<Run> {
  const child = spawn(modulePath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  return outcome(child)
}

/** The program through xargs, which hands on any bytes; its exit status is then xargs' own. */
export async function runBytes(data: string): Promise<Run> {
  const child = spawn('xargs', ['-0', '-x', '-n', '2', modulePath], { stdio: ['pipe', 'pipe', 'pipe'] })
  const bytes = encodeCp949(`-h\0${data}\0`)
  if (!bytes) throw new Error('no EUC-KR')
  child.stdin.end(bytes)
  return outcome(child)
}

async function outcome(child: ReturnType<typeof spawn>): Promise<Run> {
  if (!child.stdout || !child.stderr) throw new Error('no pipes')
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([buffer(child.stdout), buffer(child.stderr)])
  await closed
  return { stdout, stderr: stderr.toString('utf8'), exit: child.exitCode }
}

export const textOf = (bytes: Buffer): string => decodeCp949(bytes) ?? `not EUC-KR: ${bytes.toString('latin1')}`

export const parseAnswer = (bytes: Buffer): Fields =>
  Object.fromEntries(
    textOf(bytes)
      .trimEnd()
      .split(US)
      .filter((part) => part !== '')
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )

export const setOf = (name: string, fields: Fields): string =>
  `${name}=${Object.entries(fields)
    .map(([key, value]) => `${key}=${value}${US}`)
    .join('')}`

export class KcpUnderTest {
  readonly sandbox: SandboxUnderTest

  constructor(sandbox: SandboxUnderTest) {
    this.sandbox = sandbox
  }

  get modulePort(): number {
    return this.sandbox.running.kcpModulePort
  }

  get restUrl(): string {
    return `http://127.0.0.1:${this.sandbox.running.kcpHttpPort}`
  }

  /** What a shop hands to the program, in KCP's order. */
  data(txCd: string, more: Fields, siteCd = plainSite.siteCd): string {
    const siteKey = findSite(siteCd)?.siteKey ?? ''
    const merchant = { home: '/nowhere', site_cd: siteCd, site_key: siteKey, tx_cd: txCd }
    const peer = { pa_url: '127.0.0.1', pa_port: String(this.modulePort) }
    const all: Fields = { ...merchant, ...peer, ...more }
    return Object.entries(all)
      .map(([key, value]) => `${key}=${value}`)
      .join(',')
  }

  /** One change by the program; what it printed, as fields. */
  async change(fields: Fields, siteCd = plainSite.siteCd, txCd = '00200000'): Promise<Fields> {
    const set = setOf('mod_data', { ...common, ...fields })
    return parseAnswer((await runBytes(this.data(txCd, { modx_data: set }, siteCd))).stdout)
  }

  escrow(fields: Fields): Promise<Fields> {
    return this.change(fields, escrowSite.siteCd, fields['mod_type'] === 'STE9' ? '70200200' : '00200000')
  }

  async rest(path: string, body: Fields, siteCd = plainSite.siteCd, signs?: string): Promise<Record<string, unknown>> {
    const text = signs ?? `${siteCd}^${body['tno']}^${path === '/std/inquery' ? body['pay_type'] : body['mod_type']}`
    const signature = signed(siteCd, text)
    const certificate = findSite(siteCd)?.certificate.replaceAll('\n', '') ?? ''
    const all = { site_cd: siteCd, kcp_cert_info: certificate, kcp_sign_data: signature, ...body }
    return this.post(path, JSON.stringify(all))
  }

  async post(path: string, text: string): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.restUrl}${path}`, { method: 'POST', body: text })
    return z.record(z.string(), z.unknown()).parse(await response.json())
  }

  async pay(input: object = {}) {
    const body = { gateway: 'kcp', method: 'CARD', amount: 10_000, ...input }
    return madeSchema.parse(await this.sandbox.control('POST', '/payments', body))
  }

  async show(tno: string) {
    return madeSchema.parse(await this.sandbox.control('GET', `/payments/${tno}`))
  }

  happen(tno: string, change: string, input: object = {}): Promise<unknown> {
    return this.sandbox.control('POST', `/payments/${tno}/${change}`, input)
  }

  settings(change: object): Promise<unknown> {
    return this.sandbox.control('POST', '/settings', { gateway: 'kcp', ...change })
  }

  fault(fault: string, operation = 'cancel', more: object = {}): Promise<unknown> {
    return this.sandbox.control('POST', '/faults', { gateway: 'kcp', operation, fault, ...more })
  }

  async notices(tno: string) {
    return z.array(noticeSchema).parse(await this.sandbox.control('GET', `/notices?payment=${tno}`))
  }

  /** The codes of a payment's refused cancels, and how often money moved. */
  async journal(tno: string) {
    const cancels = (await this.sandbox.journal(tno)).filter((entry) => entry.operation === 'cancel')
    return { executed: cancels.filter((one) => one.effect === 'executed').length, asked: cancels.length }
  }
}

export function signed(siteCd: string, text: string): string {
  const site = findSite(siteCd)
  if (!site) throw new Error(`no site ${siteCd}`)
  const key = createPrivateKey({ key: site.privateKey, passphrase: site.privateKeyPassword })
  return sign('RSA-SHA256', Buffer.from(text, 'utf8'), key).toString('base64')
}

/** One sandbox for a test file, as `useSandbox`. */
export const useKcp = (): KcpUnderTest => new KcpUnderTest(useSandbox())
