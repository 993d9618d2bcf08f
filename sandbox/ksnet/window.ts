import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Instant } from '#lib/domain/kst.ts'
import { storedInstant } from '../iso-instant.ts'
import { methods } from './payment.ts'
import { day } from './stamp.ts'

/** What a shop ordered. */
export const orderSchema = z.object({
  mid: z.string(),
  orderNo: z.string(),
  method: z.enum(methods),
  amount: z.number(),
  taxFree: z.number(),
  orderName: z.string(),
  buyer: z.string(),
  escrow: z.boolean(),
  easyPay: z.enum(['NAVERPAY', 'KAKAOPAY', 'PAYCO']),
  card: z.string(),
  bank: z.string(),
  installmentMonths: z.number(),
  dueAt: storedInstant.optional(),
  cashReceipt: z.boolean(),
})
export type Order = z.infer<typeof orderSchema>

/** A payment window the buyer has gone through: no money has moved before the shop asks `recv_post.jsp` (ksnet.md 1.1). */
export const windowSchema = z.object({
  key: z.string(),
  order: orderSchema,
  openedAt: storedInstant,
  /** The trno, once it was approved. */
  approved: z.string().nullable(),
  /** What the shop was answered, where it was not. */
  declined: z.record(z.string(), z.string()).nullable(),
  /** By action 3: nothing is answered any more. */
  finished: z.boolean(),
})
export type Window = z.infer<typeof windowSchema>

/** Twenty characters like KSNET's; what they are made of is inferred there and means nothing here (1.5). */
export const newKey = (at: Instant): string =>
  `w1${at.toString(16).padStart(11, '0').slice(-11)}${randomBytes(2).toString('hex').slice(0, 3)}${day(at).slice(4)}`
