import { z } from 'zod'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { Call, CancelInput, CancelReceipt, Credentials, Operation, Reply, Wire } from '../connector.ts'
import { notUnderstood, readCancel, type Answer } from './reply.ts'
import { DEADLINE_MS, isMid } from './socket.ts'
import { TRNO } from './trno.ts'

const AMOUNT_MAX = 999_999_999
const SEQUENCE_MAX = 9
const PREFIX = '/kspay/webfep/api/v1'

/**
 * `POST card/cancel` and `account/cancel` of KSNET's REST reference, by the payment's number. Paid and unpaid virtual accounts, mobile
 * and cash receipts are published nowhere for REST: never sent. Easy payments go as cards, which is a reading.
 */
export const cancelByRest: Operation<CancelInput, CancelReceipt> = {
  deadlineMs: DEADLINE_MS,
  resend: 'when_not_sent',
  request: wireOf,
  reply: readReply,
}

const isCard = ({ method }: CancelInput): boolean => method === 'CARD' || method === 'EASY_PAY'

function pathOf(input: CancelInput): string | null {
  if (input.kind !== 'CANCEL') return null
  if (isCard(input)) return '/card/cancel'
  return input.method === 'TRANSFER' ? '/account/cancel' : null
}

/** An address of nothing is an address that nothing is sent to. */
function wireOf(input: CancelInput, call: Call): Wire {
  const path = pathOf(input)
  const body = path === null ? null : bodyOf(input, call.credentials)
  return {
    via: 'http',
    method: 'POST',
    url: path === null || body === null ? '' : `${call.endpoint}${PREFIX}${path}`,
    headers: { Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' },
    body: body && JSON.stringify(body),
  }
}

/** Of a whole cancel the reference's sample sends the optional fields, and sends them empty. `payload` comes back as it went. */
function bodyOf(input: CancelInput, credentials: Credentials): Record<string, string> | null {
  const mid = credentials['mid'] ?? ''
  const part = input.whole ? nothing : partOf(input)
  if (!isMid(mid) || !TRNO.test(input.paymentId) || input.currency !== 'KRW' || part === null) return null
  const { taxFree, ...others } = part
  return {
    mid,
    payload: input.token,
    cancelType: input.whole ? 'FULL' : 'PARTIAL',
    orgTradeKeyType: 'TID',
    orgTradeKey: input.paymentId,
    orgTradeDate: '',
    ...others,
    ...(isCard(input) && { cancelTaxFreeAmount: taxFree }),
  }
}

const nothing = { cancelTotalAmount: '', cancelSeq: '', taxFree: '' } as const

function partOf(input: CancelInput) {
  const { amount, taxFree, mixedTax, sequence } = input
  if (amount <= 0 || amount > AMOUNT_MAX || taxFree > amount) return null
  if (sequence === null || sequence < 1 || sequence > SEQUENCE_MAX) return null
  const splits = mixedTax || taxFree > 0
  // The cancel of transfers has no field for it.
  if (splits && !isCard(input)) return null
  return { cancelTotalAmount: String(amount), cancelSeq: String(sequence), taxFree: splits ? String(taxFree) : '' }
}

/** The key, as it leaves. */
export const signRest = (wire: Wire, credentials: Credentials): Wire =>
  wire.via === 'http'
    ? { ...wire, headers: { ...wire.headers, Authorization: `pgapi ${credentials['apiKey'] ?? ''}` } }
    : wire

/** Digits come as text in the reference, as numbers from some. */
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? '' : String(value).trim()))
const answer = z.object({
  code: z.string(),
  message: text,
  data: z
    .object({
      payload: text,
      tid: text,
      tradeDateTime: text,
      cancelAmount: text,
      respCode: text,
      respMessage: text,
      approvalNumb: text,
    })
    .nullish(),
})
type Data = NonNullable<z.infer<typeof answer>['data']>

function readReply(raw: Reply, input: CancelInput): Outcome<CancelReceipt> {
  if (raw.via !== 'http' || pathOf(input) === null) return notUnderstood
  if (raw.status !== 200) return { kind: 'unknown', cause: `status ${raw.status}` }
  const read = parse(raw.body)
  if (read === null) return { kind: 'unknown', cause: 'status 200, not JSON' }
  const parsed = answer.safeParse(read.value)
  if (!parsed.success) return notUnderstood
  const { code, message, data } = parsed.data
  if (data && data.payload !== input.token) return { kind: 'unknown', cause: 'the answer tells of another cancel' }
  if (code === 'A0200' && data) return readCancel(inside(data, input, true), input)
  if (code === 'A0201' && data) return readCancel(inside(data, input, false), input)
  if (code === 'A0200' || code === 'A0201') return notUnderstood
  return readCancel({ ...silent, code, message }, input)
}

const silent = {
  by: 'rest',
  trno: '',
  success: false,
  fits: false,
  code: '',
  message: '',
  amount: '',
  approvalNumber: '',
  time: '',
} as const

/** A0200 is the envelope's success; the cancel's own code stands inside it: four zeros of a card, three of a transfer. */
const inside = (data: Data, input: CancelInput, success: boolean): Answer => ({
  by: 'rest',
  trno: data.tid,
  success,
  fits: data.respCode === (isCard(input) ? '0000' : '000'),
  code: data.respCode,
  message: data.respMessage,
  amount: data.cancelAmount,
  approvalNumber: data.approvalNumb,
  time: data.tradeDateTime,
})

function parse(body: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(body) }
  } catch {
    return null
  }
}
