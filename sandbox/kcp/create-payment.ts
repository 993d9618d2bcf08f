import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { DAY_MS, plus, type Instant } from '#lib/domain/kst.ts'
import { ControlError, readInput } from '../control-error.ts'
import { isoInstant } from '../iso-instant.ts'
import { approvalOf } from './approval.ts'
import { deposited } from './change-payment.ts'
import { findSite, plainSite, type Site } from './merchant.ts'
import { isCard, methods, type Payment } from './payment.ts'
import { stamp, tnoFor } from './stamp.ts'
import type { KcpEvent, KcpState } from './state.ts'
import { bytesOf } from './wire.ts'

/** kcp.md 7.2: bytes of EUC-KR. */
const textOf = (most: number) =>
  z
    .string()
    .min(1)
    .refine((text) => bytesOf(text) <= most, `not EUC-KR, or more than ${most} bytes of it`)

const inputSchema = z.strictObject({
  gateway: z.literal('kcp'),
  siteCd: z.string().optional(),
  orderNo: textOf(40).optional(),
  method: z.enum(methods),
  status: z.enum(['PAID', 'VIRTUAL_ACCOUNT_ISSUED']).optional(),
  amount: z.number().int().positive().max(999_999_999_999),
  taxFree: z.number().int().nonnegative().default(0),
  paidAt: isoInstant.optional(),
  /** Until when a virtual account can be paid into. */
  dueAt: isoInstant.optional(),
  orderName: textOf(100).default('데일리 후드티 외 1건'),
  buyer: textOf(30).default('홍길동'),
  escrow: z.boolean().default(false),
  /** What `card_other_pay_type` names (kcp.md 5.8). */
  easyPay: z.enum(['OT01', 'OT03', 'OT11', 'OT12', 'OT13', 'OT16', 'OT21', 'OT23']).default('OT13'),
  bank: z
    .string()
    .regex(/^\d{2}$/)
    .default('88'),
  instalmentMonths: z.number().int().nonnegative().max(36).default(0),
})
export type PaymentWish = z.infer<typeof inputSchema>

const DAYS_TO_PAY = 3

/** A payment as the shop's page left it, with what the shop's server was answered. */
export function newPayment(state: KcpState, input: unknown, now: Instant): readonly KcpEvent[] {
  const wish = readInput(inputSchema, input)
  const site = siteOf(wish)
  const isAccount = wish.method === 'VIRTUAL_ACCOUNT'
  refuseNonsense(wish, site)
  const at = wish.paidAt ?? now
  const orderNo = wish.orderNo ?? `order-${stamp(at).slice(0, 8)}-${randomUUID().slice(0, 8)}`
  if (state.paymentOfOrder(site.siteCd, orderNo)) throw new ControlError(`orderNo: ${orderNo} exists already (8338)`)
  const tno = freeTno(state, wish, at)
  const facts = { tno, orderNo, at, dueAt: wish.dueAt ?? plus(at, DAYS_TO_PAY * DAY_MS), settings: state.settings }
  const payment: Payment = {
    tno,
    siteCd: site.siteCd,
    orderNo,
    method: wish.method,
    status: isAccount ? 'ISSUED' : 'PAID',
    amount: wish.amount,
    taxFree: wish.taxFree,
    buyer: wish.buyer,
    orderName: wish.orderName,
    approvedAt: at,
    approval: approvalOf(wish, site, facts),
    deposits: [],
    ...(wish.escrow && { escrow: { stage: 'paid', held: false } }),
    cancels: [],
  }
  if (!isAccount || wish.status !== 'PAID') return [{ kind: 'payment', payment }]
  return deposited(payment, { amount: wish.amount, depositor: wish.buyer, at })
}

function siteOf({ siteCd, escrow }: PaymentWish): Site {
  const site = siteCd === undefined && !escrow ? plainSite : findSite(siteCd ?? 'J1002')
  if (!site) throw new ControlError(`siteCd: no site ${siteCd}`)
  return site
}

function refuseNonsense({ method, status, amount, taxFree, escrow }: PaymentWish, site: Site): void {
  const objections: readonly (readonly [boolean, string])[] = [
    [taxFree > amount, 'taxFree: more than amount'],
    [status === 'VIRTUAL_ACCOUNT_ISSUED' && method !== 'VIRTUAL_ACCOUNT', `status: ${method} issues no account`],
    [escrow && !site.escrow, `escrow: ${site.siteCd} has no escrow contract`],
    [escrow && !['CARD', 'TRANSFER', 'VIRTUAL_ACCOUNT'].includes(method), `escrow: not with ${method}`],
  ]
  const objection = objections.find(([holds]) => holds)
  if (objection) throw new ControlError(objection[1])
}

function freeTno(state: KcpState, wish: PaymentWish, at: Instant): string {
  const tno = tnoFor(isCard(wish), at)
  return state.payment(tno) ? freeTno(state, wish, at) : tno
}
