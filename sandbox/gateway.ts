import type { Fault } from './faults.ts'
import type { JournalEntry } from './journal.ts'
import type { Json, JsonObject } from './json.ts'
import type { NoticeMode } from './notice-mode.ts'

/** What the control API asks of every stand-in. A wish that cannot be met is a `ControlError` with one sentence. */
export interface Gateway {
  readonly name: string
  /** The names by which faults and the journal know its operations. */
  readonly operations: readonly string[]
  /** The faults that make sense at it. */
  readonly faultKinds: readonly Fault['fault'][]
  hasPayment(payment: string): boolean
  createPayment(input: unknown): JsonObject
  showPayment(payment: string): JsonObject
  /** What happens to a payment outside the merchant's API: `deposit`, `settle`, `escrow` ... */
  readonly changes: { readonly [name: string]: (payment: string, input: unknown) => JsonObject }
  outsideCancel(input: unknown): JsonObject
  notices(): readonly JsonObject[]
  setNoticeMode(payment: string, mode: NoticeMode): void
  sendNoticeAgain(payment: string): JsonObject
  faults(): readonly Fault[]
  setFaults(faults: readonly Fault[]): void
  journal(): readonly JournalEntry[]
  settings(): JsonObject
  changeSettings(input: unknown): JsonObject
  webhookTargets(): Json
  setWebhookTarget(input: unknown): void
  reset(): void
}
