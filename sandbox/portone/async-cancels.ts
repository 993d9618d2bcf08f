import { realNow, type SandboxClock } from '../clock.ts'
import { fail, succeed } from './cancelling.ts'
import { journalled } from './journalled.ts'
import type { Cancellation, Payment } from './payment.ts'
import type { PortOneState } from './state.ts'

/** Ends asynchronous cancels when their time has come, also those left open by a restart. */
export class AsyncCancels {
  readonly #state: PortOneState
  readonly #clock: SandboxClock
  readonly #afterwards: () => void
  readonly #timers = new Map<string, NodeJS.Timeout>()

  constructor(state: PortOneState, clock: SandboxClock, afterwards: () => void) {
    this.#state = state
    this.#clock = clock
    this.#afterwards = afterwards
  }

  schedule(): void {
    for (const payment of this.#state.settling) {
      for (const cancellation of openCancellations(payment)) this.#scheduleOne(payment, cancellation)
    }
  }

  /** Ends those of one payment now; `succeeds` overrules what the fault had said. */
  settle(payment: Payment, succeeds?: boolean): number {
    const open = openCancellations(payment)
    for (const { id, settles } of open)
      this.#end(payment.storeId, payment.id, id, succeeds ?? settles?.succeeds ?? true)
    return open.length
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  #scheduleOne({ storeId, id: paymentId }: Payment, { id, settles }: Cancellation): void {
    if (!settles || this.#timers.has(id)) return
    const end = () => this.#end(storeId, paymentId, id, settles.succeeds)
    this.#timers.set(id, setTimeout(end, Math.max(0, settles.at - realNow())).unref())
  }

  #end(storeId: string, paymentId: string, id: string, succeeds: boolean): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    const payment = this.#state.payment(storeId, paymentId)
    const cancellation = payment?.cancellations.find((one) => one.id === id && one.status === 'REQUESTED')
    if (!payment || !cancellation) return
    const now = this.#clock.now()
    const turn = succeeds
      ? succeed(payment, cancellation, now, 'ASYNC_CANCEL_APPROVED')
      : fail(payment, cancellation, now)
    const effect = succeeds ? 'executed' : 'declined'
    const entry = journalled(this.#clock, payment, { operation: 'cancel', effect, amount: cancellation.totalAmount })
    this.#state.record(...turn.events, entry)
    this.#afterwards()
  }
}

const openCancellations = (payment: Payment): readonly Cancellation[] =>
  payment.cancellations.filter((one) => one.status === 'REQUESTED')
