import { z } from 'zod'
import { parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { BankAccount, CancelInput, CancelReceipt, Operation, Reply } from '../connector.ts'
import { portoneBank } from './bank.ts'
import { pgRefusals, refusals } from './codes.ts'
import { paymentUrl, postJson } from './request.ts'
import type { PaymentClient } from '@portone/server-sdk/payment'

type CancelBody = Omit<Parameters<PaymentClient['cancelPayment']>[0], 'paymentId'>

const amount = z.int().nonnegative().transform(minor)
const instantText = z.string().refine((text) => parseIso(text) !== null)

const cancellation = z.strictObject({
  status: z.enum(['REQUESTED', 'SUCCEEDED', 'FAILED']),
  id: z.string().min(1),
  pgCancellationId: z.string().optional(),
  totalAmount: amount,
  taxFreeAmount: amount,
  vatAmount: amount,
  easyPayDiscountAmount: amount.optional(),
  reason: z.string(),
  cancelledAt: instantText.optional(),
  requestedAt: instantText,
  trigger: z.string().optional(),
  receiptUrl: z.string().optional(),
})
/** Strict on purpose: an answer with anything in it that we do not know is not proof; a read then decides. */
const accepted = z.strictObject({ cancellation })
const refused = z.strictObject({ type: z.string(), message: z.string().optional() })
const pgRefused = z.strictObject({
  type: z.literal('PG_PROVIDER'),
  message: z.string().optional(),
  pgCode: z.string(),
  pgMessage: z.string(),
})

/** The mark by which our own cancel is found again in the gateway's record. */
export const mark = (token: string) => `[${token}]`
/** Only the last mark counts: what a clerk typed before it may hold that of another cancel. */
export const bears = (reason: string, token: string): boolean =>
  reason.slice(reason.lastIndexOf('[')).startsWith(mark(token))

/** `POST /payments/{paymentId}/cancel` (PortOne REST V2 1.16, operation 6). Amounts in the smallest unit. */
export const cancel: Operation<CancelInput, CancelReceipt> = {
  deadlineMs: 60_000,
  resend: 'when_not_sent',
  request(input, call) {
    const body: CancelBody = {
      storeId: call.credentials['storeId'] ?? '',
      amount: input.amount,
      taxFreeAmount: input.taxFree,
      currentCancellableAmount: input.remainder,
      reason: `${input.reason} ${mark(input.token)}`,
      requester: 'ADMIN',
      ...(input.refundAccount !== null && { refundAccount: refundAccountOf(input.refundAccount) }),
    }
    return postJson(`${paymentUrl(call.endpoint, input.paymentId)}/cancel`, body, {
      'Idempotency-Key': `"${input.intentId}"`,
    })
  },
  reply(raw, input) {
    if (raw.via !== 'http') return { kind: 'unknown', cause: 'not an HTTP answer' }
    const body = readJson(raw)
    return raw.status === 200 ? readAccepted(body, input) : readRefused(raw.status, body, input)
  },
}

/** PortOne names banks; an account number is digits without dashes (4.1, `CancelPaymentBodyRefundAccount`). */
const refundAccountOf = ({ bank, number, holder }: BankAccount): NonNullable<CancelBody['refundAccount']> => ({
  bank: portoneBank(bank),
  number,
  holderName: holder,
})

function readJson(raw: Extract<Reply, { via: 'http' }>): unknown {
  try {
    return JSON.parse(raw.body)
  } catch {
    return undefined
  }
}

function readAccepted(body: unknown, input: CancelInput): Outcome<CancelReceipt> {
  const parsed = accepted.safeParse(body)
  if (!parsed.success) return { kind: 'unknown', cause: 'answer not understood' }
  const made = parsed.data.cancellation
  if (made.totalAmount !== input.amount || made.taxFreeAmount !== input.taxFree || !bears(made.reason, input.token)) {
    return { kind: 'unknown', cause: 'the answer tells of another cancel' }
  }
  switch (made.status) {
    case 'SUCCEEDED':
      return {
        kind: 'done',
        reference: made.id,
        value: {
          cancellationId: made.id,
          amount: made.totalAmount,
          taxFree: made.taxFreeAmount,
          approvalNumber: made.pgCancellationId ?? null,
          cancelledAt: made.cancelledAt === undefined ? null : parseIso(made.cancelledAt),
        },
      }
    case 'REQUESTED':
      return { kind: 'pending', reference: made.id }
    case 'FAILED':
      return input.earlierUnresolved
        ? { kind: 'unknown', cause: 'FAILED, but an earlier sending has no known end' }
        : { kind: 'declined', code: 'FAILED', reason: 'other' }
  }
}

function readRefused(status: number, body: unknown, input: CancelInput): Outcome<CancelReceipt> {
  const pg = pgRefused.safeParse(body)
  if (status === 502 && pg.success) {
    const reason = Object.hasOwn(pgRefusals, pg.data.pgCode) ? pgRefusals[pg.data.pgCode] : undefined
    if (!reason || input.earlierUnresolved) return { kind: 'unknown', cause: `PG_PROVIDER ${pg.data.pgCode}` }
    return { kind: 'declined', code: pg.data.pgCode, reason, message: pg.data.pgMessage }
  }
  const plain = refused.safeParse(body)
  if (!plain.success) return { kind: 'unknown', cause: `status ${status}` }
  const { type, message } = plain.data
  const refusal = Object.hasOwn(refusals, type) ? refusals[type] : undefined
  if (!refusal || refusal.status !== status || input.earlierUnresolved)
    return { kind: 'unknown', cause: status === 409 ? type : `status ${status} ${type}` }
  return { kind: 'declined', code: type, reason: refusal.reason, ...(message !== undefined && { message }) }
}
