import { setTimeout as wait } from 'node:timers/promises'
import { toIso } from '#lib/domain/kst.ts'
import { realNow, type SandboxClock } from '../clock.ts'
import { strike, type Fault } from '../faults.ts'
import type { Effect, JournalEntry } from '../journal.ts'
import { report } from '../report.ts'
import { KsnetError } from './codes.ts'
import type { KsnetEvent, KsnetState } from './state.ts'

/** The names by which faults and the journal know what is done here. */
export const operationNames = [
  'approve',
  'cancel',
  'close',
  'va-issue',
  'cash-receipt-issue',
  'cash-receipt-cancel',
  'unreadable',
] as const
export type OperationName = (typeof operationNames)[number]

/** How one of the ways answers, and how it fails to. */
export interface Line {
  reply(answer: Buffer): void
  /** Half of it, and then the end. */
  cut(answer: Buffer): void
  /** What a proxy says in KSNET's place. */
  badGateway(): void
  /** The end, without a byte of an answer. */
  empty(): void
  reset(): void
}

/** What an operation did: what must be written before the answer may leave. */
export interface Done {
  readonly answer: Buffer
  readonly events: readonly KsnetEvent[]
  readonly effect: Effect
  readonly payment: string | null
  readonly amount?: number
  readonly code?: string
}

/** One request that was understood. */
export interface Work {
  readonly operation: OperationName
  /** The approval type, or the address. */
  readonly type: string
  /** The trno it names. */
  readonly asked: string | null
  /** Throws a `KsnetError`. */
  run(): Done
  refuse(error: KsnetError): Buffer
}

type Note = Pick<JournalEntry, 'operation' | 'payment' | 'effect' | 'status'> & Partial<JournalEntry>

/** There is no status by socket; the journal says this where an answer was to leave. */
const ANSWERED = 200

/** Carries out what any of the ways has read: faults, state and journal in one place. */
export class Desk {
  readonly #state: KsnetState
  readonly #clock: SandboxClock
  readonly #afterwards: () => void
  /** How many requests of each operation are being served. */
  readonly #inFlight = new Map<string, number>()
  /** Ends the delays of faults. */
  #patience = new AbortController()

  constructor(state: KsnetState, clock: SandboxClock, afterwards: () => void) {
    this.#state = state
    this.#clock = clock
    this.#afterwards = afterwards
  }

  /** Requests that still wait for a fault's delay get no answer. */
  letGo(): void {
    this.#patience.abort()
    this.#patience = new AbortController()
  }

  async serve(line: Line, work: Work): Promise<void> {
    const count = (by: number) => this.#inFlight.set(work.operation, (this.#inFlight.get(work.operation) ?? 0) + by)
    count(1)
    try {
      await this.#serve(line, work, this.#takeFault(work.operation))
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) report(error)
      line.reset()
    } finally {
      count(-1)
    }
  }

  /** Something that never got in: who asks, or what for, is not known. */
  unreadable(type: string, code: string, status: number | null): void {
    this.#note({ operation: 'unreadable', payment: null, effect: 'none', status, type, code })
  }

  async #serve(line: Line, work: Work, fault: Fault | null): Promise<void> {
    const kind = fault?.fault
    if (kind === 'request-lost' || kind === 'html-502') {
      const { operation, asked: payment, type } = work
      const status = kind === 'html-502' ? 502 : null
      this.#note({ operation, payment, effect: 'none', status, type, fault: kind })
      return status === null ? line.reset() : line.badGateway()
    }
    if (kind === 'late') await this.#wait(fault?.ms ?? 0)
    const answer = this.#execute(work, kind)
    if (kind === 'slow') await this.#wait(fault?.ms ?? 0)
    leave(line, answer, kind)
  }

  /** Everything that follows from the request is on disk, in one line, before the answer is given back. */
  #execute(work: Work, fault: Fault['fault'] | undefined): Buffer {
    const { operation, type, asked } = work
    const done = attempt(work)
    const isRefused = done instanceof KsnetError
    const said = fault === 'error-though-done' ? new KsnetError(this.#state.settings.errorThoughDone) : null
    const error = isRefused ? done : said
    const outcome = isRefused ? { payment: asked, effect: 'declined' as const } : done
    const entry = this.#entry({
      operation,
      type,
      payment: outcome.payment,
      effect: outcome.effect,
      status: fault === 'reply-lost' ? null : ANSWERED,
      ...(!isRefused && done.amount !== undefined && { amount: done.amount }),
      ...codeOf(error, isRefused ? undefined : done.code),
      ...(fault !== undefined && { fault }),
    })
    this.#state.record(...(isRefused ? [] : done.events), { kind: 'journal', entry })
    this.#afterwards()
    return error ? work.refuse(error) : isRefused ? Buffer.alloc(0) : done.answer
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
    const at = { at: toIso(realNow()), clock: toIso(this.#clock.now()) }
    return { ...(atOnce > 1 && { atOnce }), ...at, gateway: 'ksnet', ...note }
  }

  #wait(ms: number): Promise<void> {
    return wait(ms, undefined, { signal: this.#patience.signal })
  }
}

function leave(line: Line, answer: Buffer, fault: Fault['fault'] | undefined): void {
  if (fault === 'reply-lost') return line.reset()
  if (fault === 'empty-body') return line.empty()
  if (fault === 'half-answer') return line.cut(answer)
  line.reply(fault === 'doubled-answer' ? Buffer.concat([answer, answer]) : answer)
}

const codeOf = (error: KsnetError | null, code: string | undefined): { code?: string } =>
  error ? { code: error.code } : code === undefined ? {} : { code }

function attempt(work: Work): Done | KsnetError {
  try {
    return work.run()
  } catch (error) {
    if (error instanceof KsnetError) return error
    throw error
  }
}
