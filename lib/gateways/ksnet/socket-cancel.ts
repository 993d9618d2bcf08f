import type { Outcome } from '#lib/domain/outcome.ts'
import type { Method } from '#lib/domain/payment.ts'
import type { Call, CancelInput, CancelReceipt, Operation, Reply } from '../connector.ts'
import { readRecord, type Layout, type Values } from '../wire/fixed-length.ts'
import { accountReply, cardReply, mobileReply, transferReply } from './layouts.ts'
import { notUnderstood, readCancel, type Answer } from './reply.ts'
import { cancelFrame, DEADLINE_MS, isCutShort, placeOf } from './socket.ts'

const AMOUNT_MAX = 999_999_999
const SEQUENCE_MAX = 9

/** How one kind of payment is cancelled. */
type Form = {
  readonly type: string
  readonly version: string
  /** Null where only the whole can be said. */
  readonly part: '3' | null
  /** Null where the record is another, or not whole. */
  readonly read: (record: Uint8Array) => Read | null
}
type Read = Omit<Answer, 'by' | 'success'> & {
  readonly status: string
  readonly type: string
  readonly storeId: string
}

const form = <Name extends string>(
  { part, ...how }: { readonly type: string; readonly version: string; readonly part?: '3' },
  table: Layout<Name | Common>,
  more: (values: Values<Name | Common>) => Pick<Read, 'code' | 'message' | 'amount' | 'approvalNumber' | 'fits'>,
): Form => ({
  ...how,
  part: part ?? null,
  read: (record) => {
    const values = readRecord(table, record)
    return values && Number(values.length) === record.length - 4 ? { ...common(values), ...more(values) } : null
  },
})

type Common = 'length' | 'storeId' | 'approvalType' | 'transactionNo' | 'status' | 'tradeDate' | 'tradeTime'
const common = (values: Values<Common>) => ({
  type: values.approvalType,
  trno: values.transactionNo,
  status: values.status,
  storeId: values.storeId,
  time: `${values.tradeDate}${values.tradeTime}`,
})

/** 1010. Of a refusal the code stands where the approval's number would. */
const card = form({ type: '1010', version: '0210', part: '3' }, cardReply, (values) => ({
  code: values.status === 'X' ? values.approvalNo : '',
  message: `${values.message1} ${values.message2}`,
  amount: values.amount,
  approvalNumber: values.approvalNo,
  fits: true,
}))

/** 2010: no amount is named. Known from KSNET's beans, never seen on a wire; so the bank's number must be there. */
const transfer = form({ type: '2010', version: '0603' }, transferReply, (values) => ({
  code: values.responseCode,
  message: `${values.message1} ${values.message2}`,
  amount: values.amount,
  approvalNumber: values.bankTransactionNo,
  fits: /^0*$/.test(values.responseCode),
}))

/** What success is called where no number and no amount is told is written nowhere: zeros, as for an account that was issued. */
const ZEROS = '0000'

/** M110. The answer has neither an amount nor a number: only status, code and words. */
const mobile = form({ type: 'M110', version: '0210' }, mobileReply, (values) => ({
  code: values.responseCode,
  message: values.message,
  amount: null,
  approvalNumber: null,
  fits: values.responseCode === ZEROS,
}))

/** 6010: an account that nobody paid into. */
const account = form({ type: '6010', version: '0603' }, accountReply, (values) => ({
  code: values.responseCode,
  message: `${values.message1} ${values.message2}`,
  amount: null,
  approvalNumber: null,
  fits: values.responseCode === ZEROS,
}))

/** Easy payments are a card's (their numbers begin as a card's do): a reading. A paid account has no message (CANCEL-VA-DIRECT). */
const cancels: Readonly<Record<Method, Form | null>> = {
  CARD: card,
  EASY_PAY: card,
  TRANSFER: transfer,
  MOBILE: mobile,
  VIRTUAL_ACCOUNT: null,
  OTHER: null,
}
const formOf = ({ kind, method }: CancelInput): Form | null =>
  kind === 'CANCEL' ? cancels[method] : method === 'VIRTUAL_ACCOUNT' ? account : null

/**
 * A cancel through the merchant's own ipgClient, in plain bytes. What cannot be said becomes a message that is never sent: policy
 * refuses it before. The sequence of a part is no key against doing it twice (a log shows one that was wrong and accepted), so
 * only what provably never left is sent again.
 */
export const cancelBySocket: Operation<CancelInput, CancelReceipt> = {
  deadlineMs: DEADLINE_MS,
  resend: 'when_not_sent',
  request: (input, call) => ({ via: 'tcp', ...placeOf(call), frame: frameOf(input, call)?.toString('base64') ?? '' }),
  reply: readReply,
}

function frameOf(input: CancelInput, call: Call): Buffer | null {
  const how = formOf(input)
  if (how === null || input.currency !== 'KRW') return null
  const cancelType = input.kind === 'CLOSE' || input.whole ? '0' : how.part
  const part = cancelType === '3' ? partOf(input) : {}
  if (cancelType === null || part === null) return null
  const { type: approvalType, version } = how
  return cancelFrame({ version, approvalType, cancelType, transactionNo: input.paymentId, ...part }, input.at, call)
}

/** Null where KSNET has no place for it, or where it is split by tax, which no field can say. */
function partOf({ amount, taxFree, mixedTax, sequence }: CancelInput) {
  if (amount <= 0 || amount > AMOUNT_MAX || mixedTax || taxFree > 0) return null
  if (sequence === null || sequence < 1 || sequence > SEQUENCE_MAX) return null
  return { cancelAmount: String(amount), cancelSequence: String(sequence) }
}

function readReply(raw: Reply, input: CancelInput): Outcome<CancelReceipt> {
  const how = formOf(input)
  if (raw.via !== 'tcp' || how === null) return notUnderstood
  if (isCutShort(raw.bytes)) return { kind: 'unknown', cause: 'written: the answer was cut short' }
  const read = how.read(raw.bytes)
  if (read === null || read.type !== how.type.replace(/0$/, '1')) return notUnderstood
  if (read.trno !== input.paymentId || read.storeId !== input.channelKey)
    return { kind: 'unknown', cause: 'the answer tells of another cancel' }
  if (read.status !== 'O' && read.status !== 'X') return notUnderstood
  return readCancel({ ...read, by: 'socket', success: read.status === 'O' }, input)
}
