import 'server-only'
import { z } from 'zod'
import { fromDate, plus, SECOND_MS, toDate, type Instant } from '#lib/domain/kst.ts'
import { maskAccount } from '#lib/domain/mask.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { Method } from '#lib/domain/payment.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { denyReceiptCancel, denyReceiptWish, type ReceiptDenial } from '#lib/policy/cash-receipts.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { keyedHash, seal } from '#lib/server/crypto.ts'
import { db, lockPayment, transaction, type Transaction } from '#lib/server/db.ts'
import { openAccount, type OpenAccount } from '../accounts/open-account.ts'
import { addressFor } from '../payments/address-of.ts'
import { withChannel, type PaymentWithChannel } from '../cancellations/judge-cancellation.ts'
import { receiptFacts, receiptOf, receiptOrdersAt } from './receipt-facts.ts'
import { refuseStopped } from '../stores/refuse-stopped.ts'

const AMOUNT_MAX = 9_999_999_999_999
const amount = z.int().min(0).max(AMOUNT_MAX)

export const CancelReceipt = z.object({
  /** Made by the browser when the sheet opened; kept over retries. */
  id: z.uuid(),
  paymentId: z.uuid(),
})
export const IssueReceipt = z.object({
  id: z.uuid(),
  paymentId: z.uuid(),
  type: z.enum(['PERSONAL', 'CORPORATE']),
  /** Rule CASH-DIGITS. */
  identityNumber: z.string().regex(/^\d{10,13}$/),
  amount: amount.min(1).transform(minor),
  taxFree: amount.transform(minor),
})

/** The permission to talk: an order that is committed. Only whoever committed it holds it, and sends it once. */
export type ReceiptClaim = {
  readonly orderId: string
  readonly account: OpenAccount
  readonly gatewayPaymentId: string
  readonly startedAt: Instant
  readonly wish:
    | {
        readonly kind: 'cancel'
        readonly amount: Minor | null
        readonly reference: string | null
        readonly method: Method
        readonly refunded: boolean
        readonly channelKey: string
      }
    | {
        readonly kind: 'issue'
        readonly type: 'PERSONAL' | 'CORPORATE'
        readonly identityNumber: string
        readonly amount: Minor
        readonly taxFree: Minor
        readonly channelKey: string
        readonly orderName: string
        readonly paidAt: Instant | null
      }
}
/** `claim` is null for an order that was taken before: it is sent already. */
export type Ordered = { readonly id: string; readonly claim: ReceiptClaim | null }

/** Longer than a deadline: when this has passed too, an answer can no longer come. */
const SETTLE_MS = 90 * SECOND_MS

type Make = (tx: Transaction, payment: PaymentWithChannel) => Promise<Made>
type Made = {
  readonly wish: ReceiptClaim['wish']
  readonly denial: ReceiptDenial | null
  readonly columns: object
}

/** Fails with: payment.not_found, permission.missing, request.reused_id, sending.stopped, cash_receipt.not_allowed. */
export const cancelReceipt = (context: Context, input: z.infer<typeof CancelReceipt>): Promise<Ordered> =>
  order(context, input, 'cancel', async (tx, payment) => {
    const receipt = receiptOf(payment.cashReceipt)
    return {
      wish: {
        kind: 'cancel',
        amount: receipt?.amount ?? null,
        reference: receipt?.reference ?? null,
        method: payment.method,
        refunded: payment.refunded > 0n,
        channelKey: payment.channel.key,
      },
      denial: denyReceiptCancel(await receiptFacts(tx, payment)),
      columns: { amount: receipt?.amount ?? null },
    }
  })

/** Fails with: payment.not_found, permission.missing, request.reused_id, sending.stopped, cash_receipt.not_allowed. */
export const issueReceipt = (context: Context, input: z.infer<typeof IssueReceipt>): Promise<Ordered> =>
  order(context, input, 'issue', async (tx, payment) => {
    const { id, type, identityNumber, amount: total, taxFree } = input
    const { orderName, paidAt, channel } = payment
    const wish = { type, identityNumber, amount: total, taxFree }
    return {
      wish: {
        kind: 'issue',
        ...wish,
        channelKey: channel.key,
        orderName,
        paidAt: paidAt === null ? null : fromDate(paidAt),
      },
      denial: denyReceiptWish(await receiptFacts(tx, payment), wish),
      columns: {
        amount: total,
        taxFree,
        type,
        identityNumber: seal(identityNumber, ['CashReceiptOrder', id, 'identityNumber']),
        identityMasked: maskAccount(identityNumber),
      },
    }
  })

/** Writes the order, judged with the payment locked. Same id and input: the same answer, and nothing more is sent. */
async function order(
  context: Context,
  input: { readonly id: string; readonly paymentId: string },
  kind: 'cancel' | 'issue',
  make: Make,
): Promise<Ordered> {
  const actorId = await mayOrder(context, input.paymentId)
  const inputHash = keyedHash(JSON.stringify({ ...input, kind, by: actorId }))
  return transaction(async (tx) => {
    await lockPayment(tx, input.paymentId)
    const earlier = await tx.cashReceiptOrder.findUnique({ where: { id: input.id } })
    if (earlier) {
      if (earlier.inputHash !== inputHash) throw new DomainError('request.reused_id')
      return { id: earlier.id, claim: null }
    }
    const payment = await tx.payment.findUniqueOrThrow({
      where: { id: input.paymentId },
      include: { ...withChannel, store: true },
    })
    await refuseStopped(payment.store)
    const account = openAccount(payment.channel.account)
    const { wish, denial, columns } = await make(tx, payment)
    const can = receiptOrdersAt(account.connector, receiptOf(payment.cashReceipt))
    const reason = can[kind] ? denial : 'gateway'
    if (reason) throw new DomainError('cash_receipt.not_allowed', { reason })
    const now = context.now()
    const address = await addressFor(tx, payment)
    await tx.cashReceiptOrder.create({
      data: {
        id: input.id,
        storeId: payment.storeId,
        paymentId: payment.id,
        kind,
        state: 'SENDING',
        inputHash,
        requestedById: actorId,
        requestedAt: toDate(now),
        nextAskAt: toDate(plus(now, SETTLE_MS)),
        ...columns,
      },
    })
    await audit(tx, context, {
      action: kind === 'cancel' ? 'cash_receipt.cancel' : 'cash_receipt.issue',
      outcome: 'done',
      storeId: payment.storeId,
      subject: { type: 'payment', id: payment.id },
      facts: { order: input.id, ...(wish.amount !== null && { amount: wish.amount }) },
    })
    return {
      id: input.id,
      claim: { orderId: input.id, account, gatewayPaymentId: address, startedAt: now, wish },
    }
  })
}

async function mayOrder(context: Context, paymentId: string): Promise<string> {
  const missing = new DomainError('payment.not_found')
  const seen = await db.payment.findUnique({ where: { id: paymentId }, select: { storeId: true } })
  if (!seen) throw missing
  authorize(context, 'cash_receipt.manage', seen.storeId, missing)
  if (context.actor.kind !== 'person')
    throw new DomainError('permission.missing', { permission: 'cash_receipt.manage' })
  return context.actor.id
}

/** When an answer to it can no longer come. */
export const settlesAt = (requestedAt: Instant): Instant => plus(requestedAt, SETTLE_MS)
