import { randomInt, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { toIso, type Instant } from '#lib/domain/kst.ts'
import { isoInstant } from '../../iso-instant.ts'
import type { JsonObject } from '../../json.ts'
import { vatOf } from '../amounts.ts'
import { PortOneError } from '../errors.ts'
import { findChannel, merchantId } from '../merchant.ts'
import { actingStore, param, readBody, readOnly, type Call, type Operation } from '../operation.ts'
import { channelView } from '../payment-view.ts'
import type { CashReceipt } from '../payment.ts'
import { refusal } from '../refusals.ts'

const digits = /^\d+$/

export const cashReceipt: Operation = {
  name: 'cash-receipt',
  method: 'GET',
  path: '/payments/:paymentId/cash-receipt',
  run: (call) => readOnly(cashReceiptView(findReceipt(call))),
}

/** PortOne REST V2 1.16, cancel cash receipt: of the whole receipt, without a body. */
export const cancelCashReceipt: Operation = {
  name: 'cash-receipt-cancel',
  method: 'POST',
  path: '/payments/:paymentId/cash-receipt/cancel',
  run(call) {
    const receipt = findReceipt(call)
    if (receipt.status !== 'ISSUED') throw new PortOneError('CASH_RECEIPT_NOT_ISSUED', 'the cash receipt is cancelled')
    const cancelled: CashReceipt = { ...receipt, status: 'CANCELLED', cancelledAt: call.now }
    return {
      body: { cancelledAmount: receipt.amount, cancelledAt: toIso(call.now) },
      events: [{ kind: 'cash-receipt', receipt: cancelled }],
      effect: 'executed',
      amount: receipt.amount,
    }
  },
}

/** PortOne REST V2 1.16, `IssueCashReceiptBody`; for payments here, and for sales outside PortOne. */
const issueSchema = z.object({
  storeId: z.string().optional(),
  paymentId: z.string().min(1),
  channelKey: z.string(),
  type: z.enum(['PERSONAL', 'CORPORATE']),
  orderName: z.string(),
  currency: z.literal('KRW'),
  amount: z.object({
    total: z.number().int().positive(),
    taxFree: z.number().int().nonnegative().default(0),
    vat: z.number().int().nonnegative().optional(),
  }),
  productType: z.enum(['PHYSICAL', 'DIGITAL']).optional(),
  customer: z.object({ identityNumber: z.string() }),
  paidAt: isoInstant.optional(),
})

export const issueCashReceipt: Operation = {
  name: 'cash-receipt-issue',
  method: 'POST',
  path: '/cash-receipts',
  run(call) {
    const body = readBody(issueSchema, call.body)
    const storeId = actingStore(body.storeId)
    if (findChannel(body.channelKey)?.storeId !== storeId) {
      throw new PortOneError('CHANNEL_NOT_FOUND', `no channel ${body.channelKey} in this store`)
    }
    if (call.state.cashReceipt(storeId, body.paymentId)?.status === 'ISSUED') {
      throw new PortOneError('CASH_RECEIPT_ALREADY_ISSUED', 'there is one already')
    }
    if (!digits.test(body.customer.identityNumber)) throw refusal('SBX-CASH-DIGITS')
    const { paymentId, channelKey, type, orderName, currency } = body
    const { total: amount, taxFree: taxFreeAmount, vat: vatAmount = vatOf(amount - taxFreeAmount) } = body.amount
    const sale = {
      storeId,
      paymentId,
      channelKey,
      type,
      orderName,
      currency,
      amount,
      taxFreeAmount,
      vatAmount,
      isManual: true,
    }
    const receipt = newReceipt(sale, call.now)
    const { issueNumber, pgReceiptId } = receipt
    return {
      body: { cashReceipt: { issueNumber, url: `${call.origin}/receipts/${issueNumber}`, pgReceiptId } },
      events: [{ kind: 'cash-receipt', receipt }],
      effect: 'executed',
      amount,
    }
  },
}

type Sale = Omit<CashReceipt, 'status' | 'pgReceiptId' | 'issueNumber' | 'issuedAt' | 'cancelledAt'>

export const newReceipt = (sale: Sale, now: Instant): CashReceipt => ({
  ...sale,
  status: 'ISSUED',
  pgReceiptId: randomUUID(),
  issueNumber: String(randomInt(100_000_000, 999_999_999)),
  issuedAt: now,
})

function findReceipt(call: Call): CashReceipt {
  const paymentId = param(call, 'paymentId')
  const receipt = call.state.cashReceipt(actingStore(call.query.get('storeId')), paymentId)
  if (!receipt) throw new PortOneError('CASH_RECEIPT_NOT_FOUND', `no cash receipt for ${paymentId}`)
  return receipt
}

function cashReceiptView(receipt: CashReceipt): JsonObject {
  const { storeId, paymentId, status, type, amount, taxFreeAmount, vatAmount, currency, orderName, isManual } = receipt
  const channel = findChannel(receipt.channelKey)
  const cancelledAt = receipt.cancelledAt === undefined ? undefined : toIso(receipt.cancelledAt)
  return {
    status,
    merchantId,
    storeId,
    paymentId,
    channel: channel ? channelView(channel) : undefined,
    amount,
    taxFreeAmount,
    vatAmount,
    currency,
    orderName,
    isManual,
    type,
    pgReceiptId: receipt.pgReceiptId,
    issueNumber: receipt.issueNumber,
    issuedAt: toIso(receipt.issuedAt),
    statusUpdatedAt: cancelledAt ?? toIso(receipt.issuedAt),
    cancelledAt,
  }
}
