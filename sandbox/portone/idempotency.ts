import { createHash } from 'node:crypto'
import { HOUR_MS, type Instant } from '#lib/domain/kst.ts'
import { PortOneError } from './errors.ts'
import type { PortOneState, StoredResponse } from './state.ts'

const KEPT_MS = 3 * HOUR_MS
/** RFC 8941, section 3.3.3: printable ASCII in double quotes, where only `"` and `\` are escaped. */
const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/

/** PortOne REST V2 1.16, `Idempotency-Key: "<key>"`, 16-256 ASCII characters. */
export function readKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const key = quoted.exec(header.trim())?.[1]?.replace(/\\(["\\])/g, '$1')
  if (key === undefined) {
    throw new PortOneError('INVALID_REQUEST', 'Idempotency-Key: not a quoted string of RFC 8941')
  }
  if (key.length < 16 || key.length > 256) {
    throw new PortOneError('INVALID_REQUEST', 'Idempotency-Key: not 16 to 256 characters')
  }
  return key
}

export const fingerprint = (method: string, url: string, body: string): string =>
  createHash('sha256').update(`${method} ${url}\n${body}`).digest('hex')

/** What was answered to this key within the last three hours of sandbox time, be it a success or an error (U3). */
export function storedResponse(state: PortOneState, key: string, now: Instant): StoredResponse | undefined {
  const stored = state.response(key)
  return stored && now - stored.at < KEPT_MS ? stored : undefined
}

/** U2: what PortOne does with another request under a used key is not documented. Here it is refused, and never done. */
export const keyReused = (): PortOneError =>
  new PortOneError('SANDBOX_IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key belongs to another request')

export const outstanding = (): PortOneError =>
  new PortOneError('IDEMPOTENCY_OUTSTANDING_REQUEST', 'a request with this Idempotency-Key is still running')
