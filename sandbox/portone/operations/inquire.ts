import { findPayment, readOnly, surroundings, type Operation } from '../operation.ts'
import { paymentView } from '../payment-view.ts'

export const inquire: Operation = {
  name: 'inquire',
  method: 'GET',
  path: '/payments/:paymentId',
  run(call) {
    const payment = findPayment(call, call.query.get('storeId'))
    return readOnly(paymentView(payment, surroundings(call, payment)))
  },
}
