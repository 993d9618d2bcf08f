import { cancel, checkMethod, findPayment } from '../cancelling.ts'
import { alreadyCancelled, KsnetError } from '../codes.ts'
import { cancelRequest, mobileAnswer } from '../layouts.ts'
import { namedIn } from './card.ts'
import { alreadyElse, type Family } from './family.ts'

/** M110: whole, and in the month of the payment. Its record has no place for an amount or an approval number. */
export const cancelMobile: Family = {
  operation: 'cancel',
  requests: [cancelRequest],
  answer: mobileAnswer,
  refused: ({ code, messages }) => ({ respCode: code, respMsg: messages.join(' ') }),
  run(call, { fields }) {
    if (fields['cancelType'] === '3') throw new KsnetError('P10G')
    const payment = findPayment(call, namedIn(fields))
    checkMethod(payment, ['MOBILE'])
    const { trno } = payment
    const done = cancel(call, payment, null)
    if (!done) return alreadyElse(call, trno, trno, { respMsg: alreadyCancelled.join(' ') })
    const { amount, events } = done
    const values = { transactionNo: trno, status: 'O', balance: '0', respCode: '0000', respMsg: '취소완료' }
    return { values, orderNo: payment.orderNo, events, effect: 'executed', payment: trno, amount }
  },
}
