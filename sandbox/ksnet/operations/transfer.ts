import { cancel, checkMethod, findPayment } from '../cancelling.ts'
import { KsnetError } from '../codes.ts'
import { cancelRequest, transferAnswer } from '../layouts.ts'
import { fitCp949 } from '#lib/gateways/wire/cp949.ts'
import { namedIn } from './card.ts'
import { alreadyElse, type Family } from './family.ts'

/** 2010, on the day itself; never seen on a wire, so all but the places of the fields is inferred. */
export const cancelTransfer: Family = {
  operation: 'cancel',
  requests: [cancelRequest],
  answer: transferAnswer,
  refused: ({ code, messages }) => ({ bankRespCode: code, message1: messages[0], message2: messages[1] }),
  run(call, { fields }) {
    if (fields['cancelType'] === '3') throw new KsnetError('P10G')
    const payment = findPayment(call, namedIn(fields))
    checkMethod(payment, ['TRANSFER'])
    const { trno } = payment
    const done = cancel(call, payment, null)
    if (!done) return alreadyElse(call, trno)
    const { amount, events } = done
    const values = {
      transactionNo: trno,
      status: 'O',
      acctSele: '5',
      feeSele: '1',
      injaName: fitCp949(call.merchant.name, 16),
      custBankCode: payment.institution,
      amount: String(amount),
      bankTransactionNo: payment.approvalNo,
      ipgumNm: fitCp949(payment.buyer, 20),
      bankFee: '0',
      bankAmount: String(amount),
      bankRespCode: '0000',
      message1: '취소완료',
      cavvSele: '0',
    }
    return { values, orderNo: payment.orderNo, events, effect: 'executed', payment: trno, amount }
  },
}
