import { z } from 'zod'
import type { DeclineReason } from '#lib/domain/outcome.ts'
import type { HolderAnswer, HolderInput, Operation } from '../connector.ts'
import { portoneBank } from './bank.ts'
import { get } from './request.ts'

const found = z.object({ holderName: z.string().min(1) })
const failure = z.object({ type: z.string() })

/** What the look-up answers instead of a name, with the status fixed for it (2.2, operation 36). All else proves nothing. */
const refusals: Readonly<Record<string, { readonly status: number; readonly reason: DeclineReason }>> = {
  INVALID_REQUEST: { status: 400, reason: 'bad_request' },
  PLATFORM_NOT_SUPPORTED_BANK: { status: 400, reason: 'not_allowed' },
  UNAUTHORIZED: { status: 401, reason: 'credentials' },
  FORBIDDEN: { status: 403, reason: 'credentials' },
  // The partner-settlement product is not contracted: no holder can be asked for at all.
  PLATFORM_NOT_ENABLED: { status: 403, reason: 'not_contracted' },
  PLATFORM_EXTERNAL_API_FAILED: { status: 503, reason: 'not_found' },
}

/** `GET /platform/bank-accounts/{bank}/{accountNumber}/holder` (PortOne REST V2 1.16, operation 36). Reads only. */
export const holder: Operation<HolderInput, HolderAnswer> = {
  deadlineMs: 20_000,
  resend: 'when_not_sent',
  request: ({ bank, number }, call) =>
    get(`${call.endpoint}/platform/bank-accounts/${portoneBank(bank)}/${encodeURIComponent(number)}/holder`),
  reply(raw) {
    if (raw.via !== 'http') return { kind: 'unknown', cause: 'not an HTTP answer' }
    let body: unknown
    try {
      body = JSON.parse(raw.body)
    } catch {
      return { kind: 'unknown', cause: `status ${raw.status}, not JSON` }
    }
    if (raw.status === 200) {
      const read = found.safeParse(body)
      return read.success
        ? { kind: 'done', reference: '', value: { holder: read.data.holderName } }
        : { kind: 'unknown', cause: 'answer not understood' }
    }
    const type = failure.safeParse(body).data?.type ?? ''
    const refusal = Object.hasOwn(refusals, type) ? refusals[type] : undefined
    return refusal?.status === raw.status
      ? { kind: 'declined', code: type, reason: refusal.reason }
      : { kind: 'unknown', cause: `status ${raw.status} ${type}` }
  },
}
