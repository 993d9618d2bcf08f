import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { toIso } from '#lib/domain/kst.ts'
import { realNow, type SandboxClock } from '../clock.ts'
import { strike, type Fault } from '../faults.ts'
import { BodyTooLarge, readBody, sendText } from '../http.ts'
import type { JournalEntry } from '../journal.ts'
import { parseJson } from '../json.ts'
import { report } from '../report.ts'
import { PortOneError } from './errors.ts'
import { fingerprint, keyReused, outstanding, readKey, storedResponse } from './idempotency.ts'
import { apiSecret } from './merchant.ts'
import type { Call, Done } from './operation.ts'
import { refusal } from './refusals.ts'
import { findRoute, type Route } from './routes.ts'
import { findSlip } from './slip.ts'
import type { PortOneEvent, PortOneState, StoredResponse } from './state.ts'

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly route: Route
  readonly query: URLSearchParams
  readonly text: string
}

interface Keyed {
  readonly key: string
  readonly request: string
}

interface Answer {
  readonly status: number
  readonly text: string
}

type Note = Pick<JournalEntry, 'effect' | 'status'> & Partial<JournalEntry>

const JSON_TYPE = 'application/json; charset=utf-8'
const BAD_GATEWAY = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'

/** PortOne REST V2 1.16 on plain HTTP: transport, authentication, idempotency, errors. What is done is in operations/. */
export class PortOneServer {
  readonly http: Server
  readonly #state: PortOneState
  readonly #clock: SandboxClock
  readonly #afterwards: () => void
  /** Keys whose request is still running. */
  readonly #running = new Map<string, string>()
  /** How many requests of each operation are being served. */
  readonly #inFlight = new Map<string, number>()
  /** Ends the delays of faults. */
  #patience = new AbortController()

  constructor(state: PortOneState, clock: SandboxClock, afterwards: () => void) {
    this.#state = state
    this.#clock = clock
    this.#afterwards = afterwards
    this.http = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => this.#giveUp(response, error))
    })
  }

  /** Requests that still wait for a fault's delay get no answer, and their keys are free. */
  letGo(): void {
    this.#patience.abort()
    this.#patience = new AbortController()
    this.#running.clear()
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', queryText = ''] = (request.url ?? '/').split(/\?(.*)/s)
    const slip = request.method === 'GET' ? findSlip(this.#state, path) : null
    if (slip !== null) return sendText(response, 200, 'text/html; charset=utf-8', slip)
    try {
      const route = findRoute(request.method ?? '', path)
      if (!route) throw new PortOneError('SANDBOX_NO_SUCH_OPERATION', `no ${request.method} ${path} here`)
      const text = await readBody(request)
      await this.#serve({ request, response, route, query: new URLSearchParams(queryText), text })
    } catch (error) {
      sendError(response, error instanceof BodyTooLarge ? new PortOneError('INVALID_REQUEST', error.message) : error)
    }
  }

  async #serve(exchange: Exchange): Promise<void> {
    const { name } = exchange.route.operation
    const count = (by: number) => this.#inFlight.set(name, (this.#inFlight.get(name) ?? 0) + by)
    count(1)
    try {
      await this.#serveCounted(exchange)
    } finally {
      count(-1)
    }
  }

  async #serveCounted(exchange: Exchange): Promise<void> {
    try {
      checkSecret(exchange)
    } catch (error) {
      throw this.#noteRefusal(exchange, error)
    }
    const fault = this.#takeFault(exchange)
    if (fault?.fault === 'request-lost') {
      this.#note(exchange, { effect: 'none', status: null, fault: fault.fault })
      exchange.request.socket.destroy()
    } else if (fault?.fault === 'html-502') {
      this.#note(exchange, { effect: 'none', status: 502, fault: fault.fault })
      sendText(exchange.response, 502, 'text/html', BAD_GATEWAY)
    } else {
      await this.#run(exchange, fault)
    }
  }

  async #run(exchange: Exchange, fault: Fault | null): Promise<void> {
    const { keyed, stored } = this.#passGate(exchange)
    if (keyed) this.#running.set(keyed.key, keyed.request)
    try {
      if (fault?.fault === 'late' && !stored) await this.#wait(fault.ms)
      const answer = stored ? this.#replay(exchange, stored) : this.#execute(exchange, keyed, fault)
      if (fault?.fault === 'slow') await this.#wait(fault.ms)
      send(exchange, answer, fault)
    } finally {
      if (keyed) this.#running.delete(keyed.key)
    }
  }

  /** The Idempotency-Key decides before anything is done; GET has none. */
  #passGate(exchange: Exchange): { keyed: Keyed | null; stored: StoredResponse | undefined } {
    const { request, text } = exchange
    if (request.method === 'GET') return { keyed: null, stored: undefined }
    try {
      const key = readKey(headerOf(request, 'idempotency-key'))
      if (key === undefined) return { keyed: null, stored: undefined }
      const keyed = { key, request: fingerprint(request.method ?? '', request.url ?? '', text) }
      const stored = storedResponse(this.#state, key, this.#clock.now())
      const former = this.#running.get(key) ?? stored?.request
      if (former !== undefined && former !== keyed.request) throw keyReused()
      if (this.#running.has(key)) throw outstanding()
      return { keyed, stored }
    } catch (error) {
      throw this.#noteRefusal(exchange, error)
    }
  }

  #replay(exchange: Exchange, stored: StoredResponse): Answer {
    this.#note(exchange, { effect: 'replayed', status: stored.status, idempotencyKey: stored.key })
    return { status: stored.status, text: stored.text }
  }

  /** Everything that follows from the request is on disk, in one line, before the answer is given back. */
  #execute(exchange: Exchange, keyed: Keyed | null, fault: Fault | null): Answer {
    const done = this.#attempt(exchange, fault)
    const events = done instanceof PortOneError ? [] : done.events
    const error =
      done instanceof PortOneError ? done : fault?.fault === 'error-though-done' ? refusal('SBX-UNKNOWN') : null
    const body = done instanceof PortOneError ? done.body : (error?.body ?? done.body)
    const answer = { status: error?.status ?? 200, text: JSON.stringify(body) }
    const entry = this.#entry(exchange, {
      effect: done instanceof PortOneError ? refusedEffect(exchange) : done.effect,
      status: answer.status,
      amount: done instanceof PortOneError ? undefined : done.amount,
      type: error?.type,
      code: error?.pgCode,
      fault: fault?.fault,
      idempotencyKey: keyed?.key,
    })
    const kept: PortOneEvent[] = keyed
      ? [{ kind: 'response-stored', response: { ...keyed, ...answer, at: this.#clock.now() } }]
      : []
    this.#state.record(...events, ...kept, { kind: 'journal', entry })
    this.#afterwards()
    return answer
  }

  #attempt(exchange: Exchange, fault: Fault | null): Done | PortOneError {
    try {
      return exchange.route.operation.run(this.#call(exchange, fault))
    } catch (error) {
      if (error instanceof PortOneError) return error
      throw error
    }
  }

  #call({ request, route, query, text }: Exchange, fault: Fault | null): Call {
    const asynchronous = fault?.fault === 'async' || fault?.fault === 'async-fail'
    return {
      state: this.#state,
      now: this.#clock.now(),
      realNow: realNow(),
      params: route.params,
      query,
      body: parseBody(request.method === 'GET' && text === '' ? (query.get('requestBody') ?? '') : text),
      origin: `http://${request.headers.host ?? 'localhost'}`,
      asynchronous: asynchronous ? { ms: fault.ms, succeeds: fault.fault === 'async' } : null,
    }
  }

  #takeFault(exchange: Exchange): Fault | null {
    const { fault, left } = strike(this.#state.faults, exchange.route.operation.name)
    if (fault) this.#state.record({ kind: 'faults', faults: [...left] })
    return fault
  }

  #noteRefusal(exchange: Exchange, error: unknown): unknown {
    if (error instanceof PortOneError) {
      this.#note(exchange, { effect: refusedEffect(exchange), status: error.status, type: error.type })
    }
    return error
  }

  #note(exchange: Exchange, note: Note): void {
    this.#state.record({ kind: 'journal', entry: this.#entry(exchange, note) })
  }

  #entry({ route }: Exchange, note: Note): JournalEntry {
    const atOnce = this.#inFlight.get(route.operation.name) ?? 0
    return {
      ...(atOnce > 1 && { atOnce }),
      at: toIso(realNow()),
      clock: toIso(this.#clock.now()),
      gateway: 'portone',
      operation: route.operation.name,
      payment: route.params.get('paymentId') ?? null,
      ...note,
    }
  }

  #wait(ms: number): Promise<void> {
    return wait(ms, undefined, { signal: this.#patience.signal })
  }

  #giveUp(response: ServerResponse, error: unknown): void {
    if (!(error instanceof Error && error.name === 'AbortError')) report(error)
    response.destroy()
  }
}

const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

function checkSecret({ request, route }: Exchange): void {
  if (route.operation.public || request.headers.authorization === `PortOne ${apiSecret}`) return
  throw new PortOneError('UNAUTHORIZED', 'Authorization: PortOne <API secret> is missing or wrong')
}

/** JSON whatever the content type says; the official SDK sends it as text/plain. */
function parseBody(text: string): unknown {
  if (text === '') return {}
  const body = parseJson(text)
  if (body === undefined) throw new PortOneError('INVALID_REQUEST', 'the body is not JSON')
  return body
}

const refusedEffect = ({ request }: Exchange): 'none' | 'declined' => (request.method === 'GET' ? 'none' : 'declined')

function send({ request, response }: Exchange, answer: Answer, fault: Fault | null): void {
  if (fault?.fault === 'reply-lost') request.socket.destroy()
  else sendText(response, answer.status, JSON_TYPE, fault?.fault === 'empty-body' ? '' : answer.text)
}

function sendError(response: ServerResponse, error: unknown): void {
  if (!(error instanceof PortOneError)) throw error
  sendText(response, error.status, JSON_TYPE, JSON.stringify(error.body))
}
