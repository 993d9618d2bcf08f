import { z } from 'zod'
import { parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { CancelInput, CancelReceipt, Operation } from '../connector.ts'
import { closeRefusals } from './codes.ts'
import { paymentUrl } from './request.ts'

/** Strict, as the answer to a cancel is: an answer with anything unknown in it is no proof. */
const closed = z.strictObject({ closedAt: z.string().refine((text) => parseIso(text) !== null) })
const refused = z.strictObject({ type: z.string(), message: z.string().optional() })

/** `POST /payments/{paymentId}/virtual-account/close` (PortOne REST V2 1.16, operation 16). Has no body; no money moves. */
export const close: Operation<CancelInput, CancelReceipt> = {
  deadlineMs: 60_000,
  resend: 'when_not_sent',
  request: (input, call) => ({
    via: 'http',
    method: 'POST',
    url: `${paymentUrl(call.endpoint, input.paymentId)}/virtual-account/close?storeId=${encodeURIComponent(call.credentials['storeId'] ?? '')}`,
    headers: { Accept: 'application/json', 'Idempotency-Key': `"${input.intentId}"` },
    body: null,
  }),
  reply(raw, input) {
    if (raw.via !== 'http') return { kind: 'unknown', cause: 'not an HTTP answer' }
    let body: unknown
    try {
      body = JSON.parse(raw.body)
    } catch {
      return { kind: 'unknown', cause: `status ${raw.status}` }
    }
    return raw.status === 200 ? readClosed(body, input) : readRefused(raw.status, body, input)
  },
}

function readClosed(body: unknown, input: CancelInput): Outcome<CancelReceipt> {
  const parsed = closed.safeParse(body)
  if (!parsed.success) return { kind: 'unknown', cause: 'answer not understood' }
  const reference = `close:${input.paymentId}`
  const cancelledAt = parseIso(parsed.data.closedAt)
  const nothing = { amount: minor(0), taxFree: minor(0), approvalNumber: null }
  return { kind: 'done', reference, value: { cancellationId: reference, ...nothing, cancelledAt } }
}

function readRefused(status: number, body: unknown, input: CancelInput): Outcome<CancelReceipt> {
  const parsed = refused.safeParse(body)
  if (!parsed.success) return { kind: 'unknown', cause: `status ${status}` }
  const { type, message } = parsed.data
  const refusal = Object.hasOwn(closeRefusals, type) ? closeRefusals[type] : undefined
  if (!refusal || refusal.status !== status || input.earlierUnresolved)
    return { kind: 'unknown', cause: status === 409 ? type : `status ${status} ${type}` }
  return { kind: 'declined', code: type, reason: refusal.reason, ...(message !== undefined && { message }) }
}
