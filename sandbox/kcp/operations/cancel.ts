import type { Call, Operation } from '../call.ts'
import { findPayment } from '../call.ts'
import { cancelPayment, closeAccount, partAnswer, wholeAnswer } from '../cancelling.ts'
import { KcpError } from '../codes.ts'
import { left, received, type Payment } from '../payment.ts'
import { alreadyCancelled, checkChange, checkMoney, checkPartials, partOf, wholeOf } from '../rules.ts'

/** STSC, all of it (kcp.md 3.2). */
export const cancelWhole: Operation = {
  name: 'cancel',
  run(call) {
    const payment = findCancellable(call)
    const { amount, taxFree } = wholeOf(payment)
    checkMoney(call, payment, amount)
    return cancelPayment(call, payment, { amount, taxFree, payee: null }, (after) => wholeAnswer(call, after))
  },
}

/** STPC, a part of it, or what an earlier part has left. */
export const cancelPart: Operation = {
  name: 'cancel',
  run(call) {
    const payment = findCancellable(call)
    checkPartials(call, payment)
    const { amount, taxFree } = partOf(call, payment)
    checkMoney(call, payment, amount)
    const wish = { amount, taxFree, payee: null }
    return cancelPayment(call, payment, wish, (after) => partAnswer(call, after, amount))
  },
}

/** STSC on a virtual account nobody paid into (GB5). */
export const closeByCancel: Operation = {
  name: 'close',
  run(call) {
    checkChange(call)
    return closeAccount(call, findPayment(call))
  },
}

/** Escrow has its own messages, and so has a virtual account that was paid; how STSC is refused there is inferred. */
function findCancellable(call: Call): Payment {
  checkChange(call)
  const payment = findPayment(call)
  if (payment.status === 'CLOSED') throw new KcpError('8023')
  if (received(payment) > 0 && left(payment) === 0) throw alreadyCancelled(payment)
  if (payment.escrow) throw new KcpError(call.state.settings.escrowStateCode, '에스크로 거래')
  if (payment.method === 'VIRTUAL_ACCOUNT') throw new KcpError('8024')
  return payment
}
