import { toIso } from '#lib/domain/kst.ts'
import { realNow, type SandboxClock } from '../clock.ts'
import type { Effect, JournalEntry } from '../journal.ts'
import type { Payment } from './payment.ts'
import type { PortOneEvent } from './state.ts'

/** The journal's entry for what happens without a request of the merchant's. */
export function journalled(
  clock: SandboxClock,
  payment: Payment,
  what: { operation: string; effect: Effect; amount: number },
): PortOneEvent {
  const entry: JournalEntry = {
    at: toIso(realNow()),
    clock: toIso(clock.now()),
    gateway: 'portone',
    payment: payment.id,
    status: null,
    ...what,
  }
  return { kind: 'journal', entry }
}
