import { findPayment, succeeded, type Call, type Done, type Operation } from '../call.ts'
import { cancelPayment, closeAccount, shortAnswer } from '../cancelling.ts'
import { KcpError } from '../codes.ts'
import { newNotice, type NoticeKind } from '../notice.ts'
import { left, type Escrow, type Payment } from '../payment.ts'
import { checkAccount, checkChange, checkMoney, escrowAccount } from '../rules.ts'
import { bytesOf } from '../wire.ts'

/** The steps of an escrow payment before the buyer confirms (kcp.md 3.5). */

export interface EscrowPayment {
  readonly payment: Payment
  readonly escrow: Escrow
}

export const wrongState = ({ state }: Call, message: string): KcpError =>
  new KcpError(state.settings.escrowStateCode, message)

export function findEscrow(call: Call): EscrowPayment {
  checkChange(call)
  const payment = findPayment(call)
  const { escrow } = payment
  if (!escrow) throw wrongState(call, '에스크로 거래 아님')
  return { payment, escrow }
}

function findOpen(call: Call): EscrowPayment {
  const found = findEscrow(call)
  if (found.payment.status !== 'PAID') throw wrongState(call, '미입금 거래')
  if (left(found.payment) === 0 || found.payment.cancels.length > 0) throw new KcpError('8E01')
  return found
}

function moved({ payment, escrow }: EscrowPayment, call: Call, change: Partial<Escrow>, notice: NoticeKind): Done {
  const after: Payment = { ...payment, escrow: { ...escrow, ...change } }
  const [corp, numb] = [change.deliCorp, change.deliNumb]
  const more = corp === undefined || numb === undefined ? {} : { waybill_no: numb, waybill_corp: corp }
  return {
    answer: { ...succeeded, tno: payment.tno },
    events: [
      { kind: 'payment', payment: after },
      { kind: 'notice', notice: newNotice(after, notice, call.now, more) },
    ],
    effect: 'executed',
    payment: payment.tno,
  }
}

/** STE1: shipping has started. */
export const ship: Operation = {
  name: 'escrow',
  run(call) {
    const found = findOpen(call)
    const { deli_numb: deliNumb = '', deli_corp: deliCorp = '' } = call.fields
    if (deliNumb === '' || bytesOf(deliNumb) > 25) throw new KcpError('8009', 'deli_numb')
    if (deliCorp === '' || bytesOf(deliCorp) > 25) throw new KcpError('8009', 'deli_corp')
    if (found.escrow.stage !== 'paid') throw wrongState(call, '배송 등록된 거래')
    return moved(found, call, { stage: 'shipped', deliNumb, deliCorp }, 'TX03')
  },
}

/** STE3: the settlement is held back; saying so again changes nothing (inferred). */
export const hold: Operation = {
  name: 'hold',
  run(call) {
    const found = findOpen(call)
    if (found.escrow.stage === 'confirmed') throw wrongState(call, '구매확인 거래')
    return moved(found, call, { held: true }, 'TX04')
  },
}

/** Whole, and for a virtual account into an account; whether a transfer needs one is a contract's matter. */
function cancelAt(stages: readonly Escrow['stage'][], notice: NoticeKind): Operation {
  return {
    name: 'cancel',
    run(call) {
      const { payment, escrow } = findOpen(call)
      if (escrow.stage === 'confirmed') throw new KcpError('8E02')
      if (!stages.includes(escrow.stage)) throw wrongState(call, '배송 상태 오류')
      const amount = left(payment)
      const isAccount = payment.method === 'VIRTUAL_ACCOUNT'
      const intoAccount = isAccount || (payment.method === 'TRANSFER' && call.fields['refund_account'] !== undefined)
      const payee = intoAccount ? checkAccount(call.fields, escrowAccount) : null
      checkMoney(call, payment, amount)
      const wish = { amount, taxFree: payment.taxFree, payee, notice }
      return cancelPayment(call, payment, wish, (after) => shortAnswer(call, after, amount))
    },
  }
}

/** STE2: at once, before anything was shipped. */
export const cancelBeforeShipping = cancelAt(['paid'], 'TX05')
/** STE4: after that, until the buyer confirms. */
export const cancelAfterShipping = cancelAt(['shipped', 'refused'], 'TX06')

/** STE5: an issued account nobody paid into. */
export const closeEscrowAccount: Operation = {
  name: 'close',
  run: (call) => closeAccount(call, findEscrow(call).payment),
}
