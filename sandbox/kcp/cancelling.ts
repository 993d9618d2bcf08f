import { KcpError } from './codes.ts'
import { succeeded, type Call, type Done } from './call.ts'
import { newNotice, type NoticeKind } from './notice.ts'
import { isCard, left, payTypes, type Cancel, type Payment } from './payment.ts'
import { digits, stamp } from './stamp.ts'
import { pick, type Fields } from './wire.ts'

export interface Cancelling {
  readonly amount: number
  readonly taxFree: number
  /** Into an account, on a later day. */
  readonly payee: Cancel['payee'] | null
  readonly notice?: NoticeKind
}

/** The payment as it is once the money is on its way back. */
export function withCancel(payment: Payment, cancel: Cancel): Payment {
  return { ...payment, cancels: [...payment.cancels, cancel] }
}

/** The money goes back. `answer` is given the payment as it is afterwards. */
export function cancelPayment(
  call: Call,
  payment: Payment,
  wish: Cancelling,
  answer: (after: Payment) => Fields,
): Done {
  const after = withCancel(payment, {
    amount: wish.amount,
    taxFree: wish.taxFree,
    at: call.now,
    modType: call.fields['mod_type'] ?? '',
    by: 'merchant',
    payout: wish.payee ? 'ordered' : 'none',
    ...(wish.payee && { payee: wish.payee }),
  })
  const notices = wish.notice ? [newNotice(after, wish.notice, call.now)] : []
  return {
    answer: answer(after),
    events: [
      { kind: 'payment', payment: after },
      ...notices.map((notice) => ({ kind: 'notice' as const, notice })),
      ...settled(call, wish.amount),
    ],
    effect: 'executed',
    payment: payment.tno,
    amount: wish.amount,
  }
}

/** What goes back is taken from what KCP would have settled. */
function settled({ state }: Call, amount: number): Done['events'] {
  const { settings } = state
  if (settings.settlementBalance === null) return []
  return [{ kind: 'settings', settings: { ...settings, settlementBalance: settings.settlementBalance - amount } }]
}

/** An issued account is closed before anybody paid: no money moves. */
export function closeAccount(call: Call, payment: Payment): Done {
  if (payment.status === 'CLOSED') throw new KcpError('8023')
  if (payment.status !== 'ISSUED') throw new KcpError('8329')
  const closed: Payment = { ...payment, status: 'CLOSED' }
  return {
    answer: {
      ...succeeded,
      tno: payment.tno,
      pay_method: 'PAVC',
      order_no: payment.orderNo,
      canc_time: stamp(call.now),
    },
    events: [
      { kind: 'payment', payment: closed },
      { kind: 'notice', notice: newNotice(closed, 'TX07', call.now) },
    ],
    effect: 'executed',
    payment: payment.tno,
  }
}

const cardFields = ['card_cd', 'card_name', 'acqu_cd', 'acqu_name', 'mcht_taxno', 'mall_taxno', 'ca_order_id']
const originalFields = ['escw_yn', 'van_cd', 'app_time', 'van_apptime']
const lastFields = ['app_no', 'bizx_numb', 'quota', 'noinf', 'pg_txid']

/** The answer to a whole cancel (kcp.md 3.2: EUM's log for a card, a capture for a transfer; others by analogy). */
export function wholeAnswer(call: Call, payment: Payment): Fields {
  const { approval } = payment
  const head = { ...succeeded, trace_no: call.way === 'module' ? payment.tno.padEnd(16) : '' }
  const common = { pay_method: payTypes[payment.method], order_no: payment.orderNo }
  const money = { tno: payment.tno, amount: String(payment.amount) }
  if (payment.method === 'TRANSFER') {
    const bank = pick(approval, ['bank_code', 'bank_name', 'bank_com_type', 'bank_com_code'])
    const ids = { ...pick(approval, ['bk_tid', 'bk_mny', 'coupon_mny', 'app_time']), mod_seq_no: digits(14) }
    const time = call.way === 'rest' ? { canc_time: stamp(call.now) } : { mod_time: stamp(call.now) }
    return { ...head, trace_no: '', ...common, ...bank, ...money, ...ids, ...time }
  }
  return {
    ...head,
    ...common,
    ...pick(approval, cardFields),
    ...money,
    ...pick(approval, ['card_mny', 'coupon_mny']),
    ...pick(approval, originalFields),
    ...(isCard(payment) && { canc_gubn: 'B' }),
    canc_time: stamp(call.now),
    ...pick(approval, lastFields),
  }
}

/** The answer to a partial cancel: what is left AFTER it is `panc_rem_mny` by module (PANC) and `rem_mny` by REST (GNU). */
export function partAnswer(call: Call, after: Payment, amount: number): Fields {
  const { approval } = after
  const [part, rest] = [String(amount), String(left(after))]
  const balance: Fields =
    call.way === 'rest'
      ? { mod_mny: part, rem_mny: rest, card_mod_mny: part, coupon_mod_mny: '0' }
      : {
          panc_mod_mny: part,
          panc_card_mod_mny: part,
          panc_coupon_mod_mny: '0',
          panc_rem_mny: rest,
          mod_seq_no: digits(15),
        }
  return {
    ...succeeded,
    tno: after.tno,
    amount: String(after.amount),
    ...pick(approval, ['card_mny', 'coupon_mny']),
    ...balance,
    mod_pcan_seq_no: digits(14),
    ...pick(approval, originalFields),
    canc_time: stamp(call.now),
    ...pick(approval, [...lastFields, ...cardFields]),
    ...(call.way === 'rest' && { trace_no: '' }),
  }
}

/** The answer to a refund into an account and to an escrow cancel: the samples read no more (ESC). */
export const shortAnswer = (call: Call, after: Payment, amount: number): Fields => ({
  ...succeeded,
  tno: after.tno,
  ...(call.state.settings.refundTellsBalance && { panc_mod_mny: String(amount), panc_rem_mny: String(left(after)) }),
})
