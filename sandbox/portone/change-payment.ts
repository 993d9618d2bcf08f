import { z } from 'zod'
import { type Instant } from '#lib/domain/kst.ts'
import { ControlError, readInput } from '../control-error.ts'
import { isoInstant } from '../iso-instant.ts'
import { vatOf } from './amounts.ts'
import { newNotice } from './notice.ts'
import { newReceipt } from './operations/cash-receipts.ts'
import type { Payment } from './payment.ts'
import type { PortOneEvent } from './state.ts'

/** K19: asked for with anything but digits, KSNET silently issues none. */
const digits = /^\d+$/

/** What the buyer asked for in the window is issued once the payment is paid. */
export function windowReceipt(payment: Payment): readonly PortOneEvent[] {
  const { receiptWish, paidAt, storeId, id, channelKey, orderName, currency, paid, taxFree } = payment
  if (!receiptWish || paidAt === undefined || !digits.test(receiptWish.number)) return []
  const amounts = { amount: paid, taxFreeAmount: taxFree, vatAmount: vatOf(paid - taxFree) }
  const sale = {
    storeId,
    paymentId: id,
    channelKey,
    type: receiptWish.type,
    orderName,
    currency,
    isManual: false,
    ...amounts,
  }
  return [{ kind: 'cash-receipt', receipt: newReceipt(sale, paidAt) }]
}

const depositSchema = z.strictObject({
  amount: z.number().int().positive().optional(),
  paidAt: isoInstant.optional(),
  /** The money comes although the account was closed. */
  late: z.boolean().default(false),
})

/** The buyer pays into the virtual account; without the option "amount comparison" any amount counts (inferred). */
export function deposit(payment: Payment, input: unknown, now: Instant): readonly PortOneEvent[] {
  const { amount, paidAt = now, late } = readInput(depositSchema, input)
  const { method } = payment
  const isOpen = payment.status === 'VIRTUAL_ACCOUNT_ISSUED' || (late && payment.paidAt === undefined)
  if (method.type !== 'VIRTUAL_ACCOUNT' || !isOpen) throw new ControlError(`the payment is ${payment.status}`)
  const paid: Payment = {
    ...payment,
    status: 'PAID',
    method: { ...method, remitterName: payment.customer.name },
    paid: amount ?? payment.total,
    paidAt,
    failedAt: undefined,
    failure: undefined,
    cancellations: [],
    updatedAt: paidAt,
    statusChangedAt: paidAt,
  }
  const notice = newNotice(paid, { at: paidAt, trigger: 'VIRTUAL_ACCOUNT_DEPOSIT' })
  return [{ kind: 'payment', payment: paid }, ...windowReceipt(paid), { kind: 'notice', notice }]
}

const escrowSchema = z.strictObject({
  status: z.enum(['DELIVERED', 'CONFIRMED', 'REJECTED', 'REJECT_CONFIRMED']),
})

/** What the carrier and the buyer do after the registration. */
export function moveEscrow(payment: Payment, input: unknown, now: Instant): readonly PortOneEvent[] {
  const { status } = readInput(escrowSchema, input)
  const { escrow } = payment
  if (!escrow || escrow.status === 'BEFORE_REGISTERED')
    throw new ControlError('no delivery is registered for this payment')
  return [{ kind: 'payment', payment: { ...payment, escrow: { ...escrow, status }, updatedAt: now } }]
}
