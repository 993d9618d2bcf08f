import type { CancellationState } from '#lib/domain/cancellation.ts'
import { DAY_MS, HOUR_MS, plus, type Instant } from '#lib/domain/kst.ts'

export type ClosableFacts = {
  readonly state: CancellationState
  readonly sendingSince: Instant | null
  /** Until when an answer may still come. */
  readonly settleBy: Instant | null
  readonly canAsk: boolean
  readonly asked: number
  /** How long a replay under the same key is safe; null where there is none. */
  readonly replayWithinMs: number | null
}

const ASKED_MIN = 3

/** For one person alone, where a store allows it: so long after proposing. */
export const ALONE_AFTER_MS = DAY_MS

/**
 * From when people may say what became of it, with evidence; null while they may not. At once where nobody can be asked; where
 * the gateway can, when its answers stayed empty and the message can no longer be replayed; a day after it was accepted.
 */
export function closableAt(facts: ClosableFacts): Instant | null {
  const { state, sendingSince, settleBy } = facts
  if (sendingSince === null || settleBy === null) return null
  if (state === 'ACCEPTED') return plus(sendingSince, DAY_MS)
  if (state !== 'UNCONFIRMED') return null
  if (!facts.canAsk) return settleBy
  if (facts.asked < ASKED_MIN) return null
  const replayed = plus(sendingSince, facts.replayWithinMs ?? HOUR_MS)
  return replayed > settleBy ? replayed : settleBy
}
