import { formatTime, kstDate, type Instant } from '#lib/domain/kst.ts'
import type { Call, Wire } from '../connector.ts'
import { writeRecord } from '../wire/fixed-length.ts'
import { cancelRequest } from './layouts.ts'
import { TRNO } from './trno.ts'

/** As long as KSNET's own clients wait for an answer (PHP: 60 s). */
export const DEADLINE_MS = 60_000

export const isMid = (mid: string): boolean => /^\d{10}$/.test(mid)

export function placeOf({ endpoint }: Call): Pick<Extract<Wire, { via: 'tcp' }>, 'host' | 'port'> {
  const url = URL.parse(endpoint)
  return { host: url?.hostname ?? '', port: Number(url?.port ?? 0) }
}

export type CancelFields = {
  readonly version: string
  readonly approvalType: string
  readonly cancelType: string
  readonly transactionNo: string
  readonly cancelAmount?: string
  readonly cancelSequence?: string
  readonly refundCheck?: string
}

/** Nobody's name, e-mail or telephone: KSNET finds what it is about by its number. Null where that is none. */
export function cancelFrame(fields: CancelFields, at: Instant, { credentials }: Call): Buffer | null {
  const mid = credentials['mid'] ?? ''
  if (!isMid(mid) || !TRNO.test(fields.transactionNo)) return null
  return writeRecord(cancelRequest, {
    length: '0446',
    encType: '0',
    type: '00',
    resend: '0',
    requestDate: `${kstDate(at)}${formatTime(at)}`.replace(/\D/g, ''),
    storeId: mid,
    goodType: '0',
    keyInType: 'K',
    lineType: '1',
    approvalCount: '1',
    ...fields,
  })
}

/** The first four digits tell how many bytes follow. */
export function isCutShort(bytes: Uint8Array): boolean {
  const length = Buffer.from(bytes.subarray(0, 4)).toString('latin1')
  return bytes.length < 4 || (/^\d{4}$/.test(length) && bytes.length < 4 + Number(length))
}
