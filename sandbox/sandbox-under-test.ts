import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PortOneClient } from '@portone/server-sdk'
import { afterAll, beforeAll, beforeEach, vi } from 'vitest'
import { z } from 'zod'
import { listen, readBody, stop } from './http.ts'
import { journalEntrySchema } from './journal.ts'
import { apiSecret } from './portone/merchant.ts'
import { startSandbox, type Sandbox } from './sandbox.ts'

/** What tests need around a sandbox: it runs in this process on free ports, with data of its own. */

export const firstStore = 'store-00000000-0000-4000-8000-000000000001'
export const secondStore = 'store-00000000-0000-4000-8000-000000000002'
export const noon = '2026-11-21T12:00:00+09:00'

const created = z.object({
  paymentId: z.string(),
  transactionId: z.string(),
  pgTxId: z.string().nullable(),
  storeId: z.string(),
  approvalNumber: z.string().optional(),
  status: z.string(),
  taxFree: z.number(),
  cancellable: z.number(),
  leftAtPg: z.number(),
})
const noticeSchema = z.object({
  id: z.string(),
  type: z.string(),
  state: z.string(),
  trigger: z.string().optional(),
  attempts: z.array(z.object({ status: z.number().nullable() })),
})

export interface RawAnswer {
  readonly status: number
  readonly text: string
  readonly body: unknown
}

export class SandboxUnderTest {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'jeonpyo-sandbox-'))
  #sandbox: Sandbox | null = null

  get running(): Sandbox {
    if (!this.#sandbox) throw new Error('the sandbox is not running')
    return this.#sandbox
  }

  async start(): Promise<void> {
    this.#sandbox = await startSandbox({ controlPort: 0, portonePort: 0, dataDir: this.dataDir })
  }

  async stop(): Promise<void> {
    await this.running.close()
    this.#sandbox = null
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  get stateFile(): string {
    return join(this.dataDir, 'sandbox', 'portone.jsonl')
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.running.portonePort}`
  }

  sdk(storeId?: string) {
    return PortOneClient({ secret: apiSecret, baseUrl: this.baseUrl, ...(storeId === undefined ? {} : { storeId }) })
  }

  /** The wire itself, where the SDK hides the status or cannot send what is needed. */
  async raw(
    method: string,
    path: string,
    options: { body?: string; headers?: Record<string, string>; signal?: AbortSignal } = {},
  ) {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { authorization: `PortOne ${apiSecret}`, ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    return readAnswer(response)
  }

  cancel(paymentId: string, body: object, key?: string, signal?: AbortSignal): Promise<RawAnswer> {
    return this.raw('POST', `/payments/${encodeURIComponent(paymentId)}/cancel`, {
      body: JSON.stringify({ reason: '단순 변심', ...body }),
      ...(key === undefined ? {} : { headers: { 'idempotency-key': `"${key}"` } }),
      ...(signal === undefined ? {} : { signal }),
    })
  }

  async ask(method: string, path: string, body?: unknown): Promise<RawAnswer> {
    const response = await fetch(`http://127.0.0.1:${this.running.controlPort}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return readAnswer(response)
  }

  /** A wish to the control API that must be met. */
  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.ask(method, path, body)
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body
  }

  async pay(input: object = {}) {
    const body = { gateway: 'portone', method: 'CARD', amount: 10_000, ...input }
    return created.parse(await this.control('POST', '/payments', body))
  }

  async show(paymentId: string) {
    return created.parse(await this.control('GET', `/payments/${encodeURIComponent(paymentId)}`))
  }

  async clock(now: string | null): Promise<void> {
    await this.control('POST', '/clock', { now })
  }

  async fault(fault: string, operation = 'cancel', more: object = {}): Promise<void> {
    await this.control('POST', '/faults', { gateway: 'portone', operation, fault, ...more })
  }

  async journal(paymentId?: string) {
    const query = paymentId === undefined ? '' : `?payment=${encodeURIComponent(paymentId)}`
    return z.array(journalEntrySchema).parse(await this.control('GET', `/journal${query}`))
  }

  /** How often money moved. */
  async executedCancels(paymentId: string): Promise<number> {
    const entries = await this.journal(paymentId)
    return entries.filter((entry) => entry.operation === 'cancel' && entry.effect === 'executed').length
  }

  async notices(paymentId: string) {
    return z.array(noticeSchema).parse(await this.control('GET', `/notices?payment=${encodeURIComponent(paymentId)}`))
  }

  discard(): void {
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}

async function readAnswer(response: Response): Promise<RawAnswer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== ''
  return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined }
}

/** One sandbox for a test file; before each test it is empty, and it is noon in Seoul. */
export function useSandbox(): SandboxUnderTest {
  const sandbox = new SandboxUnderTest()
  beforeAll(() => sandbox.start())
  beforeEach(async () => {
    await sandbox.control('POST', '/reset')
    await sandbox.clock(noon)
  })
  afterAll(async () => {
    await sandbox.stop()
    sandbox.discard()
  })
  return sandbox
}

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Where webhooks arrive; `answers` are given in turn, then 200, each with the next of `pages`, then `page`. */
export class Receiver {
  readonly received: Received[] = []
  answers: number[] = []
  pages: string[] = []
  page = ''
  #url = ''
  readonly #server = createServer((request, response) => {
    readBody(request).then(
      (body) => this.#take({ headers: request.headers, body }, response),
      () => response.destroy(),
    )
  })

  async start(): Promise<void> {
    this.#url = `http://127.0.0.1:${await listen(this.#server, 0)}/webhook`
  }

  get url(): string {
    return this.#url
  }

  stop(): Promise<void> {
    return stop(this.#server)
  }

  clear(): void {
    this.received.length = 0
    this.answers = []
    this.pages = []
  }

  get types(): readonly string[] {
    return this.received.map(({ body }) => z.object({ type: z.string() }).parse(JSON.parse(body)).type)
  }

  /** However slow the machine is. */
  async until(count: number): Promise<void> {
    await vi.waitFor(() => {
      if (this.received.length < count) throw new Error(`${this.received.length} of ${count} webhooks arrived`)
    }, 20_000)
  }

  #take(message: Received, response: ServerResponse): void {
    this.received.push(message)
    response.writeHead(this.answers.shift() ?? 200, { connection: 'close' }).end(this.pages.shift() ?? this.page)
  }
}
