import { z } from 'zod'
import type { Instant } from '#lib/domain/kst.ts'
import { ControlError, readInput } from '../control-error.ts'
import { isoInstant } from '../iso-instant.ts'
import { bytesOfNotice, newNotice } from './deposit-record.ts'
import { received, type Deposit, type Payment } from './payment.ts'
import type { KsnetEvent, KsnetState } from './state.ts'

/** What happens to a payment outside the merchant's messages. Only deposits and their reversals are told. */
type Change = (state: KsnetState, payment: Payment, input: unknown, now: Instant) => readonly KsnetEvent[]

const depositSchema = z.strictObject({
  amount: z.number().int().positive().optional(),
  depositor: z.string().optional(),
  paidAt: isoInstant.optional(),
  /** The money comes although the account was closed. */
  late: z.boolean().default(false),
  /** Once more into an account that was paid already. */
  again: z.boolean().default(false),
})

/** The buyer pays in; the issued amount only where the contract says so. */
const deposit: Change = (state, payment, input, now) => {
  const wish = readInput(depositSchema, input)
  const { amount = payment.amount, depositor = payment.buyer, paidAt: at = now, late, again } = wish
  const isOpen =
    payment.status === 'ISSUED' || (late && payment.status === 'CLOSED') || (again && payment.status === 'PAID')
  if (payment.method !== 'VIRTUAL_ACCOUNT' || !isOpen) throw new ControlError(`the payment is ${payment.status}`)
  if (state.settings.amountComparison && amount !== payment.amount) {
    throw new ControlError(`amount: the bank takes ${payment.amount} only (amountComparison)`)
  }
  return deposited(state, payment, { amount, depositor, at })
}

/** A virtual account with this in it, and its notice (20). */
export function deposited(
  state: KsnetState,
  payment: Payment,
  money: Omit<Deposit, 'reversed'>,
): readonly KsnetEvent[] {
  const made: Deposit = { ...money, reversed: false }
  const paid: Payment = { ...payment, status: 'PAID', deposits: [...payment.deposits, made] }
  return told(state, paid, '20', made)
}

/** The bank takes the last deposit back: a notice of its own (51). */
const reverseDeposit: Change = (state, payment, input, now) => {
  readInput(z.strictObject({}), input)
  const last = payment.deposits.findLast((one) => !one.reversed)
  if (!last) throw new ControlError('there is no deposit to take back')
  const deposits = payment.deposits.map((one) => (one === last ? { ...one, reversed: true } : one))
  const after: Payment = { ...payment, deposits }
  const status = received(after) > 0 || payment.cancels.length > 0 ? 'PAID' : 'ISSUED'
  return told(state, { ...after, status }, '51', { ...last, at: now })
}

/** In KSNET's admin, or because its time is over. */
const close: Change = (_, payment, input) => {
  readInput(z.strictObject({}), input)
  if (payment.status !== 'ISSUED') throw new ControlError(`the payment is ${payment.status}`)
  return [{ kind: 'payment', payment: { ...payment, status: 'CLOSED' } }]
}

const noticeSchema = z.strictObject({
  type: z.enum(['20', '51']).default('20'),
  amount: z.number().int().nonnegative().optional(),
  fields: z.record(z.string(), z.string()).default({}),
})

/** A notice of anything whatever, true or not; nothing else changes. */
const notice: Change = (state, payment, input, at) => {
  const { type, amount = payment.amount, fields } = readInput(noticeSchema, input)
  const money = { amount, depositor: payment.buyer, at, reversed: type === '51' }
  const usual = newNotice(state, payment, type, money)
  const made = { ...usual, fields: { ...usual.fields, ...fields } }
  if (bytesOfNotice(made) === null) throw new ControlError('fields: the record cannot hold them')
  return [{ kind: 'notice', notice: made }]
}

function told(state: KsnetState, payment: Payment, type: '20' | '51', money: Deposit): readonly KsnetEvent[] {
  const made = newNotice(state, payment, type, money)
  if (bytesOfNotice(made) === null) throw new ControlError('the record of the notice cannot hold it')
  return [
    { kind: 'payment', payment },
    { kind: 'notice', notice: made },
  ]
}

export const changes: Readonly<Record<string, Change>> = { deposit, 'reverse-deposit': reverseDeposit, close, notice }
