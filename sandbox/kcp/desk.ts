import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { toIso } from '#lib/domain/kst.ts'
import { realNow, type SandboxClock } from '../clock.ts'
import { strike, type Fault } from '../faults.ts'
import { BodyTooLarge, readBody } from '../http.ts'
import type { JournalEntry } from '../journal.ts'
import { report } from '../report.ts'
import type { Call, Done, Operation } from './call.ts'
import { KcpError } from './codes.ts'
import type { KcpState } from './state.ts'
import type { Fields } from './wire.ts'

/** How one of the two ways writes its answers. */
export interface Wire {
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  write(answer: Fields): Buffer
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly wire: Wire
}

type Note = Pick<JournalEntry, 'operation' | 'payment' | 'effect' | 'status'> & Partial<JournalEntry>

const BAD_GATEWAY = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'

/** Carries out what either way has read: faults, state and journal in one place. */
export class Desk {
  readonly #state: KcpState
  readonly #clock: SandboxClock
  readonly #afterwards: () => void
  /** How many requests of each operation are being served. */
  readonly #inFlight = new Map<string, number>()
  /** Ends the delays of faults. */
  #patience = new AbortController()

  constructor(state: KcpState, clock: SandboxClock, afterwards: () => void) {
    this.#state = state
    this.#clock = clock
    this.#afterwards = afterwards
  }

  /** Requests that still wait for a fault's delay get no answer. */
  letGo(): void {
    this.#patience.abort()
    this.#patience = new AbortController()
  }

  /** Serves what `read` makes of the request; a `KcpError` of it is an answer too, of something that never got in. */
  async serve(exchange: Exchange, read: () => Promise<{ call: Call; operation: Operation }>): Promise<void> {
    try {
      const { call, operation } = await read()
      await this.#serveCounted(exchange, call, operation)
    } catch (error) {
      if (error instanceof KcpError) this.#refuse(exchange, error)
      else this.#giveUp(exchange.response, error)
    }
  }

  async #serveCounted(exchange: Exchange, call: Call, operation: Operation): Promise<void> {
    const count = (by: number) => this.#inFlight.set(operation.name, (this.#inFlight.get(operation.name) ?? 0) + by)
    count(1)
    try {
      await this.#serve(exchange, call, operation, this.#takeFault(operation.name))
    } finally {
      count(-1)
    }
  }

  async #serve(exchange: Exchange, call: Call, operation: Operation, fault: Fault | null): Promise<void> {
    const { response, request } = exchange
    if (fault?.fault === 'request-lost' || fault?.fault === 'html-502') {
      const status = fault.fault === 'html-502' ? 502 : null
      this.#note({ operation: operation.name, payment: tnoOf(call), effect: 'none', status, fault: fault.fault })
      // A reset, as of a peer that closed before it had read: the module calls that a failed sending.
      if (status === null) request.socket.resetAndDestroy()
      else send(response, { status, contentType: 'text/html', bytes: Buffer.from(BAD_GATEWAY) })
      return
    }
    if (fault?.fault === 'late') await this.#wait(fault.ms)
    const answer = this.#execute(call, operation, fault)
    if (fault?.fault === 'slow') await this.#wait(fault.ms)
    if (fault?.fault === 'reply-lost') request.socket.destroy()
    else reply(exchange, fault?.fault === 'empty-body' ? null : answer)
  }

  /** Everything that follows from the request is on disk, in one line, before the answer is given back. */
  #execute(call: Call, operation: Operation, fault: Fault | null): Fields {
    const done = attempt(call, operation)
    const isRefused = done instanceof KcpError
    const error = isRefused ? done : fault?.fault === 'error-though-done' ? new KcpError('8041') : null
    const entry = this.#entry({
      operation: operation.name,
      payment: isRefused ? tnoOf(call) : done.payment,
      effect: isRefused ? refusedEffect(operation) : done.effect,
      status: fault?.fault === 'reply-lost' ? null : 200,
      amount: isRefused ? undefined : done.amount,
      type: call.fields['mod_type'],
      code: error?.code ?? (isRefused ? undefined : done.answer['res_cd']),
      fault: fault?.fault,
    })
    this.#state.record(...(isRefused ? [] : done.events), { kind: 'journal', entry })
    this.#afterwards()
    return error ? refusal(error) : isRefused ? {} : done.answer
  }

  #refuse(exchange: Exchange, error: KcpError): void {
    this.#note({ operation: 'unreadable', payment: null, effect: 'none', status: 200, code: error.code })
    reply(exchange, refusal(error))
  }

  #takeFault(operation: string): Fault | null {
    const { fault, left } = strike(this.#state.faults, operation)
    if (fault) this.#state.record({ kind: 'faults', faults: [...left] })
    return fault
  }

  #note(note: Note): void {
    this.#state.record({ kind: 'journal', entry: this.#entry(note) })
  }

  #entry(note: Note): JournalEntry {
    const atOnce = this.#inFlight.get(note.operation) ?? 0
    return {
      ...(atOnce > 1 && { atOnce }),
      at: toIso(realNow()),
      clock: toIso(this.#clock.now()),
      gateway: 'kcp',
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

function attempt(call: Call, operation: Operation): Done | KcpError {
  try {
    return operation.run(call)
  } catch (error) {
    if (error instanceof KcpError) return error
    throw error
  }
}

const refusal = ({ code, message }: KcpError): Fields => ({ res_cd: code, res_msg: message })
const tnoOf = (call: Call): string | null => call.fields['tno'] ?? null
const refusedEffect = ({ name }: Operation): 'none' | 'declined' =>
  name === 'inquire' || name === 'holder' ? 'none' : 'declined'

/** KCP answers 200 whatever it says. */
function reply({ response, wire }: Exchange, answer: Fields | null): void {
  const bytes = answer === null ? Buffer.alloc(0) : wire.write(answer)
  send(response, { status: 200, contentType: wire.contentType, bytes, ...(wire.headers && { headers: wire.headers }) })
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  try {
    return await readBody(request)
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new KcpError('8009', error.message)
    throw error
  }
}

interface Message {
  readonly status: number
  readonly contentType: string
  readonly bytes: Buffer
  readonly headers?: Readonly<Record<string, string>>
}

function send(response: ServerResponse, { status, contentType, bytes, headers }: Message): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length, ...headers })
  response.end(bytes)
}
