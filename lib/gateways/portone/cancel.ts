import { z } from 'zod'
import { parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import type { BankAccount, CancelInput, CancelReceipt, Operation } from '../connector.ts'
import { portoneBank } from './bank.ts'
import { pgRefusals, refusals } from './codes.ts'
import { readJson, readRefused } from './reply.ts'
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
    const read = readJson(raw)
    if (read.kind === 'unknown') return read
    return read.status === 200
      ? readAccepted(read.body, input)
      : readRefused(read, { types: refusals, pgCodes: pgRefusals }, input.earlierUnresolved)
  },
}

/** PortOne names banks; an account number is digits without dashes (4.1, `CancelPaymentBodyRefundAccount`). */
const refundAccountOf = ({ bank, number, holder }: BankAccount): NonNullable<CancelBody['refundAccount']> => ({
  bank: portoneBank(bank),
  number,
  holderName: holder,
})

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
