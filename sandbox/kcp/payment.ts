import { z } from 'zod'
import { storedInstant } from '../iso-instant.ts'

export const methods = ['CARD', 'EASY_PAY', 'TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE', 'POINT', 'GIFT'] as const
export type Method = (typeof methods)[number]

/** kcp.md 5.8. */
export const payTypes: Readonly<Record<Method, string>> = {
  CARD: 'PACA',
  EASY_PAY: 'PACA',
  TRANSFER: 'PABK',
  VIRTUAL_ACCOUNT: 'PAVC',
  MOBILE: 'PAMC',
  POINT: 'PAPT',
  GIFT: 'PATK',
}

const cancelSchema = z.object({
  amount: z.number(),
  taxFree: z.number(),
  at: storedInstant,
  modType: z.string(),
  by: z.enum(['merchant', 'kcp-admin']),
  /** Into an account: ordered now, paid out on a later day. */
  payout: z.enum(['none', 'ordered', 'done']),
  /** Whose account, and the bank's two digits. */
  payee: z.object({ name: z.string(), bank: z.string() }).optional(),
})

const depositSchema = z.object({
  amount: z.number(),
  depositor: z.string(),
  at: storedInstant,
  reversed: z.boolean(),
})
export type Deposit = z.infer<typeof depositSchema>

const escrowSchema = z.object({
  stage: z.enum(['paid', 'shipped', 'refused', 'confirmed']),
  held: z.boolean(),
  deliNumb: z.string().optional(),
  deliCorp: z.string().optional(),
})
export type Escrow = z.infer<typeof escrowSchema>

export const paymentSchema = z.object({
  tno: z.string(),
  siteCd: z.string(),
  orderNo: z.string(),
  method: z.enum(methods),
  /** ISSUED and CLOSED are a virtual account's before, and instead of, being paid. */
  status: z.enum(['ISSUED', 'PAID', 'CLOSED']),
  amount: z.number(),
  taxFree: z.number(),
  buyer: z.string(),
  orderName: z.string(),
  approvedAt: storedInstant,
  /** What the shop was answered, in KCP's names. */
  approval: z.record(z.string(), z.string()),
  deposits: z.array(depositSchema),
  escrow: escrowSchema.optional(),
  cancels: z.array(cancelSchema),
})
export type Payment = z.infer<typeof paymentSchema>
export type Cancel = z.infer<typeof cancelSchema>

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

export const isCard = ({ method }: Pick<Payment, 'method'>): boolean => method === 'CARD' || method === 'EASY_PAY'

/** What was received: all of it, but for a virtual account, where it is what was paid in and not taken back. */
export const received = (payment: Payment): number =>
  payment.method === 'VIRTUAL_ACCOUNT'
    ? sum(payment.deposits.filter((one) => !one.reversed).map((one) => one.amount))
    : payment.amount
export const cancelled = (payment: Payment): number => sum(payment.cancels.map((one) => one.amount))
/** A deposit that the bank takes back after a refund leaves nothing, not less. */
export const left = (payment: Payment): number => Math.max(0, received(payment) - cancelled(payment))
export const taxFreeLeft = (payment: Payment): number =>
  payment.taxFree - sum(payment.cancels.map((one) => one.taxFree))
/** Only part of it is tax-free, so that a part of it has to say how much of it is. */
export const isMixed = (payment: Payment): boolean => payment.taxFree > 0 && payment.taxFree < payment.amount
