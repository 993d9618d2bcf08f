import { findPayment, type Call, type Operation } from '../call.ts'
import { cancelPayment, shortAnswer } from '../cancelling.ts'
import { KcpError } from '../codes.ts'
import { left, type Payment } from '../payment.ts'
import { changeAccount, checkAccount, checkChange, checkMoney, partOf, wholeOf } from '../rules.ts'

/** A paid virtual account goes back into an account the bank knows by that name; paid out on a later day (kcp.md 3.4). */
function refund(take: (call: Call, payment: Payment) => { amount: number; taxFree: number }): Operation {
  return {
    name: 'cancel',
    run(call) {
      checkChange(call)
      const payment = findPayment(call)
      checkState(call, payment)
      checkForm(call)
      const { amount, taxFree } = take(call, payment)
      const payee = checkAccount(call.fields, changeAccount)
      checkMoney(call, payment, amount)
      const wish = { amount, taxFree, payee }
      return cancelPayment(call, payment, wish, (after) => shortAnswer(call, after, amount))
    },
  }
}

/** STHD. */
export const refundWhole = refund((call, payment) => {
  const { fields, state } = call
  if (!state.settings.vaRefund) throw new KcpError('8327')
  if (fields['mod_sub_type'] !== 'MDSC00') throw new KcpError('8009', 'mod_sub_type')
  const all = wholeOf(payment)
  if (fields['mod_mny'] !== undefined && fields['mod_mny'] !== String(all.amount)) throw new KcpError('8344')
  return all
})

/** STPD; MDSC04 where it says how the amount is made up. */
export const refundPart = refund((call, payment) => {
  const { fields, state } = call
  if (!state.settings.vaPartialRefund) throw new KcpError('8328')
  const subType = fields['tax_flag'] === undefined ? 'MDSC03' : 'MDSC04'
  if (fields['mod_sub_type'] !== subType) throw new KcpError('8009', 'mod_sub_type')
  return partOf(call, payment)
})

function checkState({ state }: Call, payment: Payment): void {
  if (payment.escrow) throw new KcpError(state.settings.escrowStateCode, '에스크로 거래')
  if (payment.method !== 'VIRTUAL_ACCOUNT') throw new KcpError('8024')
  if (payment.status !== 'PAID') throw new KcpError('8329')
  if (left(payment) > 0) return
  throw new KcpError(payment.cancels.some((one) => one.payout === 'ordered') ? '8340' : '8337')
}

/** MDCP01 checks the account; MDCP02 wants the holder's number too. */
function checkForm({ fields }: Call): void {
  const kind = fields['mod_comp_type']
  if (kind !== 'MDCP01' && kind !== 'MDCP02') throw new KcpError('8009', 'mod_comp_type')
  if (kind === 'MDCP02' && !(fields['mod_socno'] && fields['mod_socname'])) throw new KcpError('8009', 'mod_socno')
}
