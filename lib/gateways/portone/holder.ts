import { z } from 'zod'
import type { HolderAnswer, HolderInput, Operation } from '../connector.ts'
import { portoneBank } from './bank.ts'
import { readJson, readRefused, type Refusals } from './reply.ts'
import { get } from './request.ts'

const found = z.object({ holderName: z.string().min(1) })

/** What the look-up answers instead of a name, with the status fixed for it (2.2, operation 36). All else proves nothing. */
const refusals: Refusals = {
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
    const read = readJson(raw)
    if (read.kind === 'unknown') return read
    if (read.status !== 200) return readRefused(read, { types: refusals, pgCodes: {} }, false)
    const { data } = found.safeParse(read.body)
    return data
      ? { kind: 'done', reference: '', value: { kind: 'named', holder: data.holderName } }
      : { kind: 'unknown', cause: 'answer not understood' }
  },
}
