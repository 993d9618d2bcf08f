import type { Outcome } from '#lib/domain/outcome.ts'
import type { Method } from '#lib/domain/payment.ts'
import type { Instant } from '#lib/domain/kst.ts'
import type { CancelReceiptInput, Operation, Reply } from '../connector.ts'
import { readRecord } from '../wire/fixed-length.ts'
import { saysBefore, saysNo } from './codes.ts'
import { cashReceiptReply } from './layouts.ts'
import { ksnetTime, notUnderstood } from './reply.ts'
import { cancelFrame, DEADLINE_MS, isCutShort, placeOf } from './socket.ts'

/** By what the receipt was issued for: a transfer, an account, anything else. */
const typeOf = (method: Method): string =>
  method === 'TRANSFER' ? 'H210' : method === 'VIRTUAL_ACCOUNT' ? 'H610' : 'H010'

/** 1: a trade was cancelled; 3: another reason. What was issued by mistake (2), nobody here says. */
const reasonOf = ({ refunded }: CancelReceiptInput): string => (refunded ? '1' : '3')

/**
 * H010, H210, H610 (KSNET's beans), by the receipt's own number; that it is this number is a reading. No money moves, and what is
 * cancelled stays so: the same order may be given again, and "cancelled before" is what was asked for. A refusal has no field for a
 * code, and no words of one are published, so none is ever believed.
 */
export const cancelCashReceipt: Operation<CancelReceiptInput, { readonly cancelledAt: Instant }> = {
  deadlineMs: DEADLINE_MS,
  resend: 'when_not_sent',
  request: (input, call) => {
    const fields = {
      version: '0210',
      approvalType: typeOf(input.method),
      cancelType: '0',
      transactionNo: input.reference ?? '',
      refundCheck: reasonOf(input),
    }
    return { via: 'tcp', ...placeOf(call), frame: cancelFrame(fields, input.at, call)?.toString('base64') ?? '' }
  },
  reply: readReply,
}

function readReply(raw: Reply, input: CancelReceiptInput): Outcome<{ readonly cancelledAt: Instant }> {
  if (raw.via !== 'tcp') return notUnderstood
  if (isCutShort(raw.bytes)) return { kind: 'unknown', cause: 'written: the answer was cut short' }
  const values = readRecord(cashReceiptReply, raw.bytes)
  if (values === null || values.length !== LENGTH || values.approvalType !== typeOf(input.method).replace(/0$/, '1'))
    return notUnderstood
  if (values.transactionNo !== input.reference || values.storeId !== input.channelKey)
    return { kind: 'unknown', cause: 'the answer tells of another cancel' }
  const message = [values.message1, values.message2, values.cashMessage1, values.cashMessage2].join(' ')
  const cancelledAt = ksnetTime(`${values.tradeDate}${values.tradeTime}`)
  const isDone = saysBefore('', message) || (values.status === 'O' && !saysNo(message))
  if (!isDone || cancelledAt === null) return notUnderstood
  return { kind: 'done', reference: values.transactionNo, value: { cancelledAt } }
}

/** Of the record, its own four digits not counted. */
const LENGTH = '0562'
