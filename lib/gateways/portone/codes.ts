import type { PgRefusals, Refusals } from './reply.ts'

/**
 * Refusals that say by themselves that nothing was cancelled: type and the status fixed for it
 * (PortOne REST V2 1.16, error types of `POST /payments/{paymentId}/cancel`). Anything else is not a refusal.
 */
export const refusals: Refusals = {
  INVALID_REQUEST: { status: 400, reason: 'bad_request' },
  NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT: { status: 400, reason: 'not_allowed' },
  PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED: { status: 400, reason: 'not_allowed' },
  UNAUTHORIZED: { status: 401, reason: 'credentials' },
  FORBIDDEN: { status: 403, reason: 'credentials' },
  PAYMENT_NOT_FOUND: { status: 404, reason: 'not_found' },
  CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT: { status: 409, reason: 'amount_exceeds' },
  CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT: { status: 409, reason: 'amount_exceeds' },
  CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT: { status: 409, reason: 'amount_exceeds' },
  MAX_CANCEL_COUNT_REACHED: { status: 409, reason: 'count_exceeded' },
  PAYMENT_NOT_PAID: { status: 409, reason: 'not_paid' },
  SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT: { status: 409, reason: 'amount_exceeds' },
}

/** Refusals of closing a virtual account that say by themselves that nothing happened (operation 16). */
export const closeRefusals: Refusals = {
  INVALID_REQUEST: { status: 400, reason: 'bad_request' },
  UNAUTHORIZED: { status: 401, reason: 'credentials' },
  FORBIDDEN: { status: 403, reason: 'credentials' },
  PAYMENT_NOT_FOUND: { status: 404, reason: 'not_found' },
}

/** Refusals that may speak of a cancel made before, perhaps by us: read the payment, then decide. */
export const refusedUnlessFound: ReadonlySet<string> = new Set([
  'PAYMENT_ALREADY_CANCELLED',
  'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN',
  'PAYMENT_NOT_WAITING_FOR_DEPOSIT',
])

/**
 * 502 PG_PROVIDER carries the payment gateway's own code. KSNET's values as PortOne passes them on are published nowhere,
 * so only the sandbox's artificial codes stand here; every other code leaves the outcome unknown.
 */
export const pgRefusals: PgRefusals = {
  'SBX-VA-HOURS': 'outside_hours',
  'SBX-VA-ACCOUNT': 'account_required',
  'SBX-VA-CONTRACT': 'not_allowed',
  'SBX-COUNT': 'count_exceeded',
  'SBX-WINDOW': 'outside_window',
  'SBX-MOBILE-PARTIAL': 'not_allowed',
  'SBX-MOBILE-MONTH': 'outside_window',
}

/** Refusals of delivery data that say by themselves that nothing was registered (operations 13 and 14). */
export const escrowRefusals: Refusals = {
  INVALID_REQUEST: { status: 400, reason: 'bad_request' },
  UNAUTHORIZED: { status: 401, reason: 'credentials' },
  FORBIDDEN: { status: 403, reason: 'credentials' },
  PAYMENT_NOT_FOUND: { status: 404, reason: 'not_found' },
  PAYMENT_NOT_PAID: { status: 409, reason: 'not_paid' },
}

/** As with cancels, KSNET's own codes are published nowhere: only the sandbox's stand here. */
export const escrowPgRefusals: PgRefusals = {
  'SBX-ESCROW-EARLY': 'too_early',
  'SBX-ESCROW-NONE': 'not_allowed',
  'SBX-ESCROW-REGISTERED': 'not_allowed',
  'SBX-ESCROW-UNREGISTERED': 'not_allowed',
}
