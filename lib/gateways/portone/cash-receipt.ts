import { z } from 'zod'
import { parseIso, toIso, type Instant } from '#lib/domain/kst.ts'
import { maskAccount } from '#lib/domain/mask.ts'
import { minor } from '#lib/domain/money.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type {
  Call,
  CancelReceiptInput,
  IssuedReceipt,
  IssueReceiptInput,
  Operation,
  ReceiptInput,
  ReceiptRecord,
} from '../connector.ts'
import { readJson, readRefused, type PgRefusals, type Refusals } from './reply.ts'
import { get, paymentUrl, postJson } from './request.ts'
import type { CashReceiptClient } from '@portone/server-sdk/payment/cashReceipt'

type IssueBody = Parameters<CashReceiptClient['issueCashReceipt']>[0]

/** Operations 29, 31 and 32 of PortOne REST V2 1.16. No money moves; what is declared to the tax office does. */
const storeOf = (call: Call) => call.credentials['storeId'] ?? ''
const ofPayment = (paymentId: string, call: Call, tail = '') =>
  `${paymentUrl(call.endpoint, paymentId)}/cash-receipt${tail}?storeId=${encodeURIComponent(storeOf(call))}`

const amount = z.int().nonnegative().transform(minor)
const at = z.string().transform((text, context): Instant => {
  const read = parseIso(text)
  if (read !== null) return read
  context.addIssue('not an instant')
  return z.NEVER
})

/** Reading is tolerant of new members. */
const standing = z.object({
  status: z.enum(['ISSUED', 'CANCELLED']),
  paymentId: z.string(),
  amount,
  taxFreeAmount: amount.optional(),
  type: z.enum(['PERSONAL', 'CORPORATE']).optional(),
  issueNumber: z.string(),
  url: z.string().optional(),
  issuedAt: at,
})
const failed = z.object({ status: z.literal('ISSUE_FAILED'), paymentId: z.string() })

export const cashReceipt: Operation<ReceiptInput, ReceiptRecord> = {
  deadlineMs: 20_000,
  resend: 'when_not_sent',
  request: (input, call) => get(ofPayment(input.paymentId, call)),
  reply(raw, input) {
    const read = readJson(raw)
    if (read.kind === 'unknown') return read
    if (read.status !== 200) return refusedBy(read, readRefusals)
    const none = failed.safeParse(read.body)
    if (none.success && none.data.paymentId === input.paymentId)
      return { kind: 'done', reference: '', value: { status: 'ISSUE_FAILED' } }
    const found = standing.safeParse(read.body)
    if (!found.success || found.data.paymentId !== input.paymentId)
      return { kind: 'unknown', cause: 'answer not understood' }
    const { status, type, issueNumber, url, issuedAt, amount: total, taxFreeAmount } = found.data
    return {
      kind: 'done',
      reference: issueNumber,
      value: {
        status,
        amount: total,
        taxFree: taxFreeAmount ?? null,
        type: type ?? null,
        number: maskAccount(issueNumber),
        url: url ?? null,
        issuedAt,
      },
    }
  },
}

/** Strict on purpose, as the answer to a cancel of money is: with anything in it that we do not know, a read decides. */
const cancelled = z.strictObject({ cancelledAmount: amount, cancelledAt: at })

export const cancelCashReceipt: Operation<CancelReceiptInput, { readonly cancelledAt: Instant }> = {
  deadlineMs: 60_000,
  resend: 'when_not_sent',
  request: (input, call) => ({
    via: 'http',
    method: 'POST',
    url: ofPayment(input.paymentId, call, '/cancel'),
    headers: { Accept: 'application/json', 'Idempotency-Key': `"${input.orderId}"` },
    body: null,
  }),
  reply(raw, input) {
    const read = readJson(raw)
    if (read.kind === 'unknown') return read
    if (read.status !== 200) return refusedBy(read, cancelRefusals)
    const { data } = cancelled.safeParse(read.body)
    if (!data) return { kind: 'unknown', cause: 'answer not understood' }
    if (input.amount !== null && data.cancelledAmount !== input.amount)
      return { kind: 'unknown', cause: 'the answer tells of another cancel' }
    return { kind: 'done', reference: input.paymentId, value: { cancelledAt: data.cancelledAt } }
  },
}

const issued = z.strictObject({
  cashReceipt: z.strictObject({ issueNumber: z.string().min(1), url: z.string(), pgReceiptId: z.string() }),
})

export const issueCashReceipt: Operation<IssueReceiptInput, IssuedReceipt> = {
  deadlineMs: 60_000,
  resend: 'when_not_sent',
  request(input, call) {
    const body: IssueBody = {
      storeId: storeOf(call),
      paymentId: input.paymentId,
      channelKey: input.channelKey,
      type: input.type,
      orderName: input.orderName,
      currency: 'KRW',
      amount: { total: input.amount, taxFree: input.taxFree },
      customer: { identityNumber: input.identityNumber },
      ...(input.paidAt !== null && { paidAt: toIso(input.paidAt) }),
    }
    return postJson(`${call.endpoint}/cash-receipts`, body, { 'Idempotency-Key': `"${input.orderId}"` })
  },
  reply(raw) {
    const read = readJson(raw)
    if (read.kind === 'unknown') return read
    if (read.status !== 200) return refusedBy(read, issueRefusals)
    const { data } = issued.safeParse(read.body)
    if (!data) return { kind: 'unknown', cause: 'answer not understood' }
    const { issueNumber, url } = data.cashReceipt
    return { kind: 'done', reference: issueNumber, value: { number: maskAccount(issueNumber), url: url || null } }
  },
}

const always: Refusals = {
  INVALID_REQUEST: { status: 400, reason: 'bad_request' },
  UNAUTHORIZED: { status: 401, reason: 'credentials' },
  FORBIDDEN: { status: 403, reason: 'credentials' },
}
/** Refusals that say by themselves that nothing was done. A receipt that stands already, or no more, may be our own doing. */
export const readRefusals: Refusals = { ...always, CASH_RECEIPT_NOT_FOUND: { status: 404, reason: 'not_found' } }
export const cancelRefusals: Refusals = readRefusals
export const issueRefusals: Refusals = { ...always, CHANNEL_NOT_FOUND: { status: 404, reason: 'not_found' } }
/** KSNET's own codes are published nowhere: only the sandbox's stand here. */
export const receiptPgRefusals: PgRefusals = { 'SBX-CASH-DIGITS': 'bad_request' }

const refusedBy = (read: { readonly status: number; readonly body: unknown }, types: Refusals): Outcome<never> =>
  readRefused(read, { types, pgCodes: receiptPgRefusals }, false)
