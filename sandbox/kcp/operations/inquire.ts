import { findPayment, succeeded, type Call, type Operation } from '../call.ts'
import { KcpError } from '../codes.ts'
import { cancelled, isCard, left, payTypes, received, type Payment } from '../payment.ts'
import { stamp } from '../stamp.ts'
import { pick, type Fields } from '../wire.ts'

/** STSQ by module (kcp.md 3.6) and `/std/inquery` by REST (5.5). */
export const inquire: Operation = {
  name: 'inquire',
  run(call) {
    const payment = findAsked(call)
    const payType = call.fields['pay_type']
    if (payType !== undefined && payType !== payTypes[payment.method]) throw new KcpError('8061', '결제수단 불일치')
    return { answer: answerOf(call, payment), events: [], effect: 'none', payment: payment.tno }
  },
}

/** By the day, six zeros and the order number, where the tno is not known (QRY). */
function findAsked(call: Call): Payment {
  const { tno = '', mod_ordr_idxx: order = '' } = call.fields
  if (!/^\d{8}000000$/.test(tno)) return findPayment(call)
  const payment = call.state.paymentOfOrder(call.site.siteCd, order)
  if (!payment) throw new KcpError('8061')
  return payment
}

function answerOf(call: Call, payment: Payment): Fields {
  const { approval } = payment
  const tellsBalance = call.way === 'rest' || call.state.settings.statusTellsBalance
  const names = namesOf(payment)
  const status = statusOf(call, payment)
  const last = payment.cancels.at(-1)
  return {
    ...succeeded,
    tno: payment.tno,
    order_no: payment.orderNo,
    pay_method: payTypes[payment.method],
    ...(tellsBalance && { amount: String(payment.amount), [names.left]: String(left(payment)) }),
    [names.status]: status,
    ...(names.status !== 'shop_status' && { shop_status: status }),
    [names.time]: approval['app_time'] ?? stamp(payment.approvedAt),
    ...(last && { can_time: stamp(last.at) }),
    ...(names.cancelled !== null && { [names.cancelled]: cancelled(payment) > 0 ? 'Y' : 'N' }),
    ...pick(approval, ['card_no', 'card_name', 'quota', 'noinf', 'app_no', 'pg_txid']),
  }
}

/** STSR approved, STPC partly cancelled, STSC cancelled (DEV). A closed account is given as cancelled (inferred). */
function statusOf(call: Call, payment: Payment): string {
  if (payment.status === 'ISSUED') return call.state.settings.vaWaitingStatus
  if (payment.status === 'CLOSED') return 'STSC'
  if (cancelled(payment) === 0 && received(payment) > 0) return 'STSR'
  return left(payment) > 0 ? 'STPC' : 'STSC'
}

interface Names {
  readonly status: string
  readonly left: string
  readonly time: string
  readonly cancelled: string | null
}

function namesOf(payment: Payment): Names {
  if (isCard(payment)) return { status: 'stat_ca_cd', left: 'rem_mny', time: 'app_time', cancelled: 'canc_card_yn' }
  if (payment.method === 'TRANSFER')
    return { status: 'stat_bk_cd', left: 'bk_rem_mny', time: 'app_time', cancelled: 'canc_bk_yn' }
  if (payment.method === 'MOBILE')
    return { status: 'stat_hp_cd', left: 'hp_rem_mny', time: 'hp_app_time', cancelled: null }
  return { status: 'shop_status', left: 'rem_mny', time: 'app_time', cancelled: null }
}
