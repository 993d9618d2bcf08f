import { amountIn, type Call, type Operation } from '../call.ts'
import { cancelPayment, shortAnswer } from '../cancelling.ts'
import { KcpError } from '../codes.ts'
import { left, type Payment } from '../payment.ts'
import { changeAccount, checkAccount, checkMoney, checkPartials, partOf, wholeOf } from '../rules.ts'
import { findEscrow, wrongState } from './escrow.ts'

/** The forms of STE9 (kcp.md 3.5): which message inside the message, for which method. */
interface Form {
  readonly method: Payment['method']
  readonly subMod: 'STSC' | 'STPC' | 'STHD' | 'STPD'
  readonly subType: string
  readonly isPart: boolean
  readonly intoAccount: boolean
}

const forms: readonly Form[] = [
  { method: 'CARD', subMod: 'STSC', subType: 'MDSC03', isPart: false, intoAccount: false },
  { method: 'CARD', subMod: 'STPC', subType: 'MDSC03', isPart: true, intoAccount: false },
  { method: 'TRANSFER', subMod: 'STSC', subType: 'MDSC03', isPart: false, intoAccount: false },
  { method: 'TRANSFER', subMod: 'STPC', subType: 'MDSC04', isPart: true, intoAccount: false },
  { method: 'TRANSFER', subMod: 'STHD', subType: 'MDSC04', isPart: false, intoAccount: true },
  { method: 'VIRTUAL_ACCOUNT', subMod: 'STHD', subType: 'MDSC00', isPart: false, intoAccount: true },
  { method: 'VIRTUAL_ACCOUNT', subMod: 'STPD', subType: 'MDSC04', isPart: true, intoAccount: true },
]

/** STE9: a cancel after the buyer has confirmed. */
export const cancelConfirmed: Operation = {
  name: 'cancel',
  run(call) {
    const { payment, escrow } = findEscrow(call)
    if (left(payment) === 0) throw new KcpError('8E01')
    if (escrow.stage !== 'confirmed') throw wrongState(call, '구매확인 전 거래')
    if (call.fields['mod_desc_cd'] !== 'CA06') throw new KcpError('8009', 'mod_desc_cd')
    const form = formOf(call, payment)
    const { amount, taxFree } = form.isPart ? part(call, payment) : whole(call, payment, form)
    const payee = form.intoAccount ? checkAccount(call.fields, changeAccount) : null
    checkMoney(call, payment, amount)
    const wish = { amount, taxFree, payee }
    return cancelPayment(call, payment, wish, (after) => shortAnswer(call, after, amount))
  },
}

function formOf({ fields }: Call, payment: Payment): Form {
  const form = forms.find((one) => one.method === payment.method && one.subMod === fields['sub_mod_type'])
  if (!form) throw new KcpError('8009', 'sub_mod_type')
  if (form.subType !== fields['mod_sub_type']) throw new KcpError('8009', 'mod_sub_type')
  return form
}

/** `amount` is in the samples beside mod_mny and rem_mny; what it means is not said, so it only has to be an amount. */
function part(call: Call, payment: Payment) {
  if (call.fields['part_canc_yn'] !== 'Y') throw new KcpError('8009', 'part_canc_yn')
  if (payment.method !== 'VIRTUAL_ACCOUNT') amountIn(call.fields, 'amount', '8082')
  checkPartials(call, payment)
  return partOf(call, payment)
}

function whole({ fields }: Call, payment: Payment, { intoAccount }: Form) {
  const all = wholeOf(payment)
  if (intoAccount && fields['mod_mny'] !== String(all.amount)) throw new KcpError('8344')
  return all
}
