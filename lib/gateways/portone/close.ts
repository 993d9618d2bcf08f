import { z } from 'zod'
import { parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { CancelInput, CancelReceipt, Operation } from '../connector.ts'
import { closeRefusals } from './codes.ts'
import { readJson, readRefused } from './reply.ts'
import { paymentUrl } from './request.ts'

/** Strict, as the answer to a cancel is: an answer with anything unknown in it is no proof. */
const closed = z.strictObject({ closedAt: z.string().refine((text) => parseIso(text) !== null) })

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
    const read = readJson(raw)
    if (read.kind === 'unknown') return read
    return read.status === 200
      ? readClosed(read.body, input)
      : readRefused(read, { types: closeRefusals, pgCodes: {} }, input.earlierUnresolved)
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
