import { z } from 'zod'
import type { Instant } from '#lib/domain/kst.ts'
import { ControlError, readInput } from '../control-error.ts'
import { isoInstant } from '../iso-instant.ts'
import { newNotice, type NoticeKind } from './notice.ts'
import { received, type Deposit, type Escrow, type Payment } from './payment.ts'
import { stamp } from './stamp.ts'
import type { KcpEvent } from './state.ts'

/** What happens to a payment outside the merchant's messages, each with the notice KCP sends of it (kcp.md 4). */
type Change = (payment: Payment, input: unknown, now: Instant) => readonly KcpEvent[]

const depositSchema = z.strictObject({
  amount: z.number().int().positive().optional(),
  depositor: z.string().optional(),
  paidAt: isoInstant.optional(),
  /** The money comes although the account was closed. */
  late: z.boolean().default(false),
  /** Once more into an account that was paid already. */
  again: z.boolean().default(false),
})

/** The buyer pays in; KCP takes any amount. */
const deposit: Change = (payment, input, now) => {
  const {
    amount = payment.amount,
    depositor = payment.buyer,
    paidAt: at = now,
    late,
    again,
  } = readInput(depositSchema, input)
  const isOpen =
    payment.status === 'ISSUED' || (late && payment.status === 'CLOSED') || (again && payment.status === 'PAID')
  if (payment.method !== 'VIRTUAL_ACCOUNT' || !isOpen) throw new ControlError(`the payment is ${payment.status}`)
  return deposited(payment, { amount, depositor, at })
}

/** A virtual account with this in it, and its TX00. */
export function deposited(payment: Payment, money: Omit<Deposit, 'reversed'>): readonly KcpEvent[] {
  const made: Deposit = { ...money, reversed: false }
  const paid: Payment = { ...payment, status: 'PAID', deposits: [...payment.deposits, made] }
  return told(paid, 'TX00', money.at, depositFields(paid, made, ''))
}

/** The bank takes the last deposit back: a second TX00, `op_cd` 13. */
const reverseDeposit: Change = (payment, input, now) => {
  readInput(z.strictObject({}), input)
  const last = payment.deposits.findLast((one) => !one.reversed)
  if (!last) throw new ControlError('there is no deposit to take back')
  const deposits = payment.deposits.map((one) => (one === last ? { ...one, reversed: true } : one))
  const after: Payment = { ...payment, deposits }
  const status = received(after) > 0 || payment.cancels.length > 0 ? 'PAID' : 'ISSUED'
  return told({ ...after, status }, 'TX00', now, depositFields(after, last, '13'))
}

const depositFields = (payment: Payment, { amount, depositor, at }: Deposit, opCd: string): Record<string, string> => ({
  ipgm_name: payment.buyer,
  remitter: depositor,
  ipgm_mnyx: String(amount),
  totl_mnyx: String(received(payment)),
  ipgm_time: stamp(at),
  bank_code: (payment.approval['bankcode'] ?? '').replace('BK', ''),
  account: payment.approval['account'] ?? '',
  op_cd: opCd,
})

/** What the buyer, or time, decides of an escrow payment that was shipped. */
const escrowChange =
  (stage: 'confirmed' | 'refused', stCd: 'Y' | 'N' | 'S'): Change =>
  (payment, input, now) => {
    const { reason } = readInput(z.strictObject({ reason: z.string().default('단순 변심') }), input)
    const { escrow } = payment
    const isOpen = escrow?.stage === 'shipped' || (escrow?.stage === 'refused' && stage === 'confirmed')
    if (!escrow || !isOpen) throw new ControlError(`the escrow is ${escrow?.stage ?? 'none'}`)
    const after: Escrow = { ...escrow, stage }
    const more = { st_cd: stCd, ...(stCd === 'N' && { can_msg: reason }) }
    return told({ ...payment, escrow: after }, 'TX02', now, more)
  }

/** The money of the oldest refund into an account that was only ordered is there. */
const payOut: Change = (payment, input, now) => {
  readInput(z.strictObject({}), input)
  const ordered = payment.cancels.find((one) => one.payout === 'ordered')
  if (!ordered) throw new ControlError('no refund into an account waits')
  const cancels = payment.cancels.map((one) => (one === ordered ? { ...one, payout: 'done' as const } : one))
  const { name = '', bank = '' } = ordered.payee ?? {}
  const more = { refund_nm: name, refund_mny: String(ordered.amount), bank_code: bank }
  return told({ ...payment, cancels }, 'TX01', now, more)
}

/** In KCP's admin, or because its time is over. */
const close: Change = (payment, input, now) => {
  readInput(z.strictObject({}), input)
  if (payment.status !== 'ISSUED') throw new ControlError(`the payment is ${payment.status}`)
  return told({ ...payment, status: 'CLOSED' }, 'TX07', now, {})
}

const noticeSchema = z.strictObject({
  txCd: z.string().regex(/^\w{4}$/),
  fields: z.record(z.string(), z.string()).default({}),
})

/** A notice of anything whatever, true or not; nothing else changes. */
const notice: Change = (payment, input, now) => {
  const { txCd, fields } = readInput(noticeSchema, input)
  const made = newNotice(payment, 'TX00', now)
  const all = { ...made.fields, tx_cd: txCd, ...fields }
  return [{ kind: 'notice', notice: { ...made, type: txCd, fields: all } }]
}

const told = (payment: Payment, kind: NoticeKind, at: Instant, more: Record<string, string>): readonly KcpEvent[] => [
  { kind: 'payment', payment },
  { kind: 'notice', notice: newNotice(payment, kind, at, more) },
]

export const changes: Readonly<Record<string, Change>> = {
  deposit,
  'reverse-deposit': reverseDeposit,
  confirm: escrowChange('confirmed', 'Y'),
  'auto-confirm': escrowChange('confirmed', 'S'),
  refuse: escrowChange('refused', 'N'),
  'pay-out': payOut,
  close,
  notice,
}
