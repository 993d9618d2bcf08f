import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Instant } from '#lib/domain/kst.ts'
import { ControlError, readInput } from '../control-error.ts'
import { isoInstant } from '../iso-instant.ts'
import { approve, bytesOf, cards } from './approval.ts'
import { deposited } from './change-payment.ts'
import { findMerchant, plainMerchant, escrowMerchant } from './merchant.ts'
import { methods } from './payment.ts'
import { day } from './stamp.ts'
import type { KsnetEvent, KsnetState } from './state.ts'
import { newKey, type Order } from './window.ts'

/** ksnet.md 1.3: bytes of EUC-KR. */
const textOf = (most: number) =>
  z
    .string()
    .min(1)
    .refine((text) => bytesOf(text) <= most, `not EUC-KR, or more than ${most} bytes of it`)
    .refine((text) => !/[`~'"]/.test(text), '` ~ \' and " have no place in it')

const inputSchema = z.strictObject({
  gateway: z.literal('ksnet'),
  mid: z.string().optional(),
  /** A transaction that is known elsewhere under this number, as through PortOne. */
  trno: z
    .string()
    .regex(/^[0-9A-Z]{12}$/)
    .optional(),
  /** Its approval number, where it has to be a certain one. */
  approvalNo: z
    .string()
    .regex(/^\d{8}$/)
    .optional(),
  orderNo: textOf(50).optional(),
  method: z.enum(methods),
  /** AUTHENTICATED: the buyer is through the window, and the shop has not asked yet. */
  status: z.enum(['PAID', 'VIRTUAL_ACCOUNT_ISSUED', 'AUTHENTICATED']).optional(),
  amount: z.number().int().positive().max(999_999_999),
  taxFree: z.number().int().nonnegative().default(0),
  paidAt: isoInstant.optional(),
  /** Until when a virtual account can be paid into. */
  dueAt: isoInstant.optional(),
  orderName: textOf(50).default('데일리 후드티 외 1건'),
  buyer: textOf(20).default('홍길동'),
  escrow: z.boolean().default(false),
  easyPay: z.enum(['NAVERPAY', 'KAKAOPAY', 'PAYCO']).default('NAVERPAY'),
  card: z
    .string()
    .refine((code) => cards[code] !== undefined, `one of ${Object.keys(cards).join(', ')}`)
    .default('05'),
  bank: z
    .string()
    .regex(/^\d{2}$/)
    .default('04'),
  instalmentMonths: z.number().int().nonnegative().max(36).default(0),
  /** The buyer asked for one in the window: it outlives a cancel. */
  cashReceipt: z.boolean().default(false),
})
type Wish = z.infer<typeof inputSchema>

export interface Made {
  /** The trno, or of a window nobody asked about yet its key. */
  readonly id: string
  readonly events: readonly KsnetEvent[]
}

/** A payment as the shop's page left it, with what the shop's server was answered. */
export function newPayment(state: KsnetState, input: unknown, now: Instant): Made {
  const wish = readInput(inputSchema, input)
  const at = wish.paidAt ?? now
  const order = orderOf(wish, at)
  refuseNonsense(state, wish, order)
  if (wish.status === 'AUTHENTICATED') {
    const window = { key: newKey(at), order, openedAt: at, approved: null, declined: null, finished: false }
    return { id: window.key, events: [{ kind: 'window', window }] }
  }
  const { trno, approvalNo } = wish
  const given = { at, ...(trno !== undefined && { trno }), ...(approvalNo !== undefined && { approvalNo }) }
  const { payment, events } = approve(state, order, given)
  const isPaidAccount = wish.method === 'VIRTUAL_ACCOUNT' && wish.status === 'PAID'
  const paid = isPaidAccount ? deposited(state, payment, { amount: wish.amount, depositor: wish.buyer, at }) : []
  return { id: payment.trno, events: [...events, ...paid] }
}

function orderOf(wish: Wish, at: Instant): Order {
  const { method, amount, taxFree, orderName, buyer, escrow, easyPay, card, bank, cashReceipt } = wish
  return {
    method,
    amount,
    taxFree,
    orderName,
    buyer,
    escrow,
    easyPay,
    card,
    bank,
    cashReceipt,
    mid: wish.mid ?? (escrow ? escrowMerchant : plainMerchant).mid,
    orderNo: wish.orderNo ?? `ORD-${day(at)}-${randomUUID().slice(0, 8)}`,
    installmentMonths: wish.instalmentMonths,
    ...(wish.dueAt !== undefined && { dueAt: wish.dueAt }),
  }
}

function refuseNonsense(state: KsnetState, { status, trno }: Wish, order: Order): void {
  const { mid, method, amount, taxFree, escrow, cashReceipt } = order
  const merchant = findMerchant(mid)
  const objections: readonly (readonly [boolean, string])[] = [
    [!merchant, `mid: no merchant ${mid}`],
    [taxFree > amount, 'taxFree: more than amount'],
    [status === 'VIRTUAL_ACCOUNT_ISSUED' && method !== 'VIRTUAL_ACCOUNT', `status: ${method} issues no account`],
    [escrow && merchant?.escrow === false, `escrow: ${mid} has no escrow contract`],
    [escrow && (method === 'MOBILE' || method === 'EASY_PAY'), `escrow: not with ${method}`],
    [cashReceipt && method !== 'TRANSFER' && method !== 'VIRTUAL_ACCOUNT', `cashReceipt: not with ${method}`],
    [trno !== undefined && state.payment(trno) !== undefined, `trno: ${trno} exists already`],
  ]
  const objection = objections.find(([holds]) => holds)
  if (objection) throw new ControlError(objection[1])
}
