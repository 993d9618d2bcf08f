import { z } from 'zod'
import { storedInstant } from '../iso-instant.ts'

export const methods = ['CARD', 'EASY_PAY', 'TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE'] as const
export type Method = (typeof methods)[number]

const cancelSchema = z.object({
  amount: z.number(),
  at: storedInstant,
  /** The number of a partial cancel as it came. */
  sequence: z.string().optional(),
  by: z.enum(['socket', 'rest', 'ksnet-admin']),
})
export type Cancel = z.infer<typeof cancelSchema>

const depositSchema = z.object({
  amount: z.number(),
  depositor: z.string(),
  at: storedInstant,
  reversed: z.boolean(),
})
export type Deposit = z.infer<typeof depositSchema>

export const paymentSchema = z.object({
  trno: z.string(),
  mid: z.string(),
  orderNo: z.string(),
  method: z.enum(methods),
  /** ISSUED and CLOSED are a virtual account's before, and instead of, being paid. */
  status: z.enum(['ISSUED', 'PAID', 'CLOSED']),
  amount: z.number(),
  /** Told by the control API; KSNET's answers do not say it. */
  taxFree: z.number(),
  buyer: z.string(),
  orderName: z.string(),
  approvedAt: storedInstant,
  dueAt: storedInstant.optional(),
  /** Card company or bank, two digits; empty where a wallet tells none. */
  institution: z.string(),
  /** Of a card 8 digits, of a transfer the bank's number. */
  approvalNo: z.string(),
  cardNo: z.string(),
  accountNo: z.string(),
  installment: z.string(),
  escrow: z.boolean(),
  /** Under which `recv_post.jsp` answers it again; empty where no window was. */
  commConId: z.string(),
  /** What the shop was answered (`kspay_wh_result`), with the spaces in it. */
  approval: z.record(z.string(), z.string()),
  deposits: z.array(depositSchema),
  cancels: z.array(cancelSchema),
})
export type Payment = z.infer<typeof paymentSchema>

/** A cash receipt, issued beside a payment or by itself. */
export const receiptSchema = z.object({
  trno: z.string(),
  mid: z.string(),
  orderNo: z.string(),
  payment: z.string().nullable(),
  amount: z.number(),
  issuedAt: storedInstant,
  /** The tax office's number. */
  approvalNo: z.string(),
  cancelledAt: storedInstant.nullable(),
})
export type Receipt = z.infer<typeof receiptSchema>

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
