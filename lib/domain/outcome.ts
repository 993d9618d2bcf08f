import type { Instant } from './kst.ts'

/** Why a gateway refused. Only a connector's table may say so. */
export type DeclineReason =
  | 'amount_exceeds'
  | 'count_exceeded'
  | 'not_paid'
  | 'not_found'
  | 'not_allowed'
  | 'not_contracted'
  | 'outside_hours'
  | 'outside_window'
  /** Not yet: the same may be taken later. */
  | 'too_early'
  | 'account_required'
  | 'bad_request'
  | 'credentials'
  | 'other'

/** The five answers to "did it happen". What is not understood is `unknown`. */
export type Outcome<Value> =
  | { readonly kind: 'done'; readonly value: Value; readonly reference: string }
  | { readonly kind: 'declined'; readonly code: string; readonly reason: DeclineReason; readonly message?: string }
  | { readonly kind: 'pending'; readonly reference?: string; readonly askAgainAt?: Instant }
  /** Provably nothing left this machine: said by the runner, by phase, never by message text. */
  | { readonly kind: 'not_sent'; readonly cause: string }
  /** It may have happened: ask, never send again. */
  | { readonly kind: 'unknown'; readonly cause: string }
