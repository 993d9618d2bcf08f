import type { JsonObject } from '../json.ts'

/** PortOne REST V2 1.16, error types and the status each has. Names beginning with SANDBOX_ are this stand-in's own. */
const statusOf = {
  INVALID_REQUEST: 400,
  PLATFORM_NOT_SUPPORTED_BANK: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  PLATFORM_NOT_ENABLED: 403,
  CASH_RECEIPT_NOT_FOUND: 404,
  CASH_RECEIPT_NOT_ISSUED: 404,
  CHANNEL_NOT_FOUND: 404,
  PAYMENT_NOT_FOUND: 404,
  SANDBOX_NO_SUCH_OPERATION: 404,
  CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN: 409,
  CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT: 409,
  CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT: 409,
  CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT: 409,
  CASH_RECEIPT_ALREADY_ISSUED: 409,
  IDEMPOTENCY_OUTSTANDING_REQUEST: 409,
  MAX_CANCEL_COUNT_REACHED: 409,
  PAYMENT_ALREADY_CANCELLED: 409,
  PAYMENT_NOT_PAID: 409,
  PAYMENT_NOT_WAITING_FOR_DEPOSIT: 409,
  SANDBOX_IDEMPOTENCY_KEY_REUSED: 409,
  SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT: 409,
  PG_PROVIDER: 502,
  PLATFORM_EXTERNAL_API_FAILED: 503,
  PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED: 503,
} as const

export type ErrorType = keyof typeof statusOf

export class PortOneError extends Error {
  readonly type: ErrorType
  readonly status: number
  readonly pgCode: string | undefined

  constructor(type: ErrorType, message: string, pgCode?: string) {
    super(message)
    this.type = type
    this.status = statusOf[type]
    this.pgCode = pgCode
  }

  /** `PG_PROVIDER` carries the PG's code and text as they are; both are required. */
  get body(): JsonObject {
    const { type, message, pgCode } = this
    return pgCode === undefined ? { type, message } : { type, message, pgCode, pgMessage: message }
  }
}
