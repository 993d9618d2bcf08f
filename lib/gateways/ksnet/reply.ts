import { parseKst, type Instant } from '#lib/domain/kst.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { CancelInput, CancelReceipt } from '../connector.ts'
import { refusalReason, saysBefore, saysNo } from './codes.ts'

/** An answer to a cancel, whichever way it came. */
export type Answer = {
  readonly by: 'socket' | 'rest'
  readonly trno: string
  readonly success: boolean
  /** The code beside a status of success allows it to be one. */
  readonly fits: boolean
  readonly code: string
  readonly message: string
  /** Null where this kind of answer has no such field; empty where it has one and says nothing. */
  readonly amount: string | null
  readonly approvalNumber: string | null
  /** `YYYYMMDDhhmmss` */
  readonly time: string
}

const another = { kind: 'unknown', cause: 'the answer tells of another cancel' } as const
export const notUnderstood = { kind: 'unknown', cause: 'answer not understood' } as const

/** Above four places, which an error's code has that stands where the approval's number would. */
const APPROVAL = /^[0-9A-Za-z]{5,30}$/

/** Never done by a status alone: what was cancelled before is answered with a status of success too. */
export function readCancel(answer: Answer, input: CancelInput): Outcome<CancelReceipt> {
  const { code, message } = answer
  if (saysBefore(code, message)) return { kind: 'unknown', cause: 'already cancelled' }
  return answer.success ? readDone(answer, input) : readRefused(answer, input)
}

function readDone(answer: Answer, input: CancelInput): Outcome<CancelReceipt> {
  if (answer.trno !== input.paymentId) return another
  if (!answer.fits) return { kind: 'unknown', cause: plain(answer.code) || notUnderstood.cause }
  if (saysNo(answer.message)) return notUnderstood
  const at = ksnetTime(answer.time)
  if (answer.time !== '' && at === null) return notUnderstood
  if (input.kind === 'CLOSE') return closed(input, at)
  if (answer.amount !== null && ksnetMoney(answer.amount) !== input.amount) return another
  if (answer.approvalNumber !== null && !APPROVAL.test(answer.approvalNumber)) return notUnderstood
  const reference = referenceOf(input)
  const { amount, taxFree } = input
  const { approvalNumber } = answer
  const value = { cancellationId: reference, amount, taxFree, approvalNumber, cancelledAt: at }
  return { kind: 'done', reference, value }
}

function closed({ paymentId }: CancelInput, cancelledAt: Instant | null): Outcome<CancelReceipt> {
  const reference = `close:${paymentId}`
  const nothing = { amount: minor(0), taxFree: minor(0), approvalNumber: null, cancelledAt }
  return { kind: 'done', reference, value: { cancellationId: reference, ...nothing } }
}

/**
 * KSNET numbers no cancel. A payment's parts are told apart by the sequence we sent, and the whole can only be cancelled once: so
 * the same cancel, told twice or by either way, has one name.
 */
export const referenceOf = ({ paymentId, whole, sequence }: CancelInput): string =>
  `${paymentId}/${whole ? '00' : String(sequence ?? 0).padStart(2, '0')}`

/** Declined by the table and by nothing else; never where an earlier sending of the same has no known end. */
function readRefused(answer: Answer, input: CancelInput): Outcome<CancelReceipt> {
  const { by, code } = answer
  const message = plain(answer.message)
  const reason =
    input.kind === 'CLOSE' ? null : refusalReason({ by, method: input.method, whole: input.whole, code, message })
  if (reason === null || input.earlierUnresolved) return { kind: 'unknown', cause: plain(code) || notUnderstood.cause }
  return { kind: 'declined', code, reason, ...(message !== '' && { message }) }
}

// oxlint-disable-next-line no-control-regex
const plain = (text: string): string => text.replace(/[\x00-\x1f\x7f]/g, ' ').trim()

/** Whole won, up to thirteen digits; null for anything else. */
export const ksnetMoney = (text: string): Minor | null => (/^\d{1,13}$/.test(text) ? minor(Number(text)) : null)

/** `YYYYMMDDhhmmss` on a clock in Seoul; null for anything else. */
export function ksnetTime(text: string): Instant | null {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  return parseKst(`${year}-${month}-${day} ${hour}:${minute}:${second}`)
}
