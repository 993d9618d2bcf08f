import { cancel, checkMethod, findPayment, type Named, type Part } from '../cancelling.ts'
import { KsnetError } from '../codes.ts'
import { cancelRequest, cardAnswer } from '../layouts.ts'
import type { Payment } from '../payment.ts'
import { readDay } from '../stamp.ts'
import { already, type Asked, type Family } from './family.ts'

type Fields = Asked['fields']

const refused = ({ code, messages }: KsnetError): Fields => ({
  authNo: code,
  message1: messages[0],
  message2: messages[1],
})

/** 1010, as a merchant's log of 2015 has it (ksnet.md 2.5): all of it, a part, and all the ways of being refused. */
export const cancelCard: Family = {
  operation: 'cancel',
  requests: [cancelRequest],
  answer: cardAnswer,
  refused,
  run(call, { fields }) {
    const payment = findPayment(call, namedIn(fields))
    checkMethod(payment, ['CARD', 'EASY_PAY'])
    const done = cancel(call, payment, partIn(fields))
    if (!done) return already(payment.trno)
    const { after, amount, isPart, events } = done
    const said = isPart ? partAnswer(after) : wholeAnswer(after)
    const values = { transactionNo: after.trno, status: 'O', ...money(after, amount), ...said }
    return { values, orderNo: after.orderNo, events, effect: 'executed', payment: after.trno, amount }
  },
}

/** By CancelType 0 and 3 the trno, by 1 the order number and its day. */
export function namedIn(fields: Fields): Named {
  const { cancelType, transactionNo = '', orderNumber = '', tradeDate = '' } = fields
  if (cancelType === '0' || cancelType === '3') return { by: 'trno', trno: transactionNo }
  if (cancelType === '1') return { by: 'order', orderNo: orderNumber, day: readDay(tradeDate) }
  throw new KsnetError('8038')
}

/** Nine digits of an amount, two of a number. */
function partIn({ cancelType, cancelData = '' }: Fields): Part | null {
  if (cancelType !== '3') return null
  const [, amount, sequence] = /^(\d{9})(\d{2})$/.exec(cancelData) ?? []
  if (amount === undefined || sequence === undefined) throw new KsnetError('8038')
  return { amount: Number(amount), sequence }
}

const MERCHANT_NO = '00951685684'

const money = (payment: Payment, amount: number): Fields => ({
  issCode: payment.institution,
  aquCode: payment.institution,
  authNo: payment.approvalNo,
  installment: payment.installment,
  amount: String(amount),
  merchantNo: MERCHANT_NO,
  approvalSendType: '1',
  point1: '0',
  point2: '0',
  point3: '0',
  point4: '0',
  vanTransactionNo: `${(payment.institution === '' ? '99' : payment.institution) + payment.trno.slice(1, 5)}${payment.trno.slice(6)}`,
  filler: '1',
})

const wholeAnswer = (payment: Payment): Fields => ({
  message1: (payment.approval['msg1'] ?? '').trim(),
  message2: `취소OK: ${payment.approvalNo}`,
  authSendType: '0',
})

const partAnswer = (payment: Payment): Fields => ({
  message1: '승인취소완료',
  message2: '매입취소요청',
  cardNo: payment.cardNo,
})

/** 1000, 1300, I000: card numbers have no business in a sandbox, so the store may not key them in. */
export const refuseApproval: Family = {
  operation: 'approve',
  requests: [],
  answer: cardAnswer,
  refused,
  run() {
    throw new KsnetError('8120')
  },
}
