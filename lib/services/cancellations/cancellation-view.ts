import 'server-only'
import { fromDate, type Instant } from '#lib/domain/kst.ts'
import { isOpen } from '#lib/domain/cancellation.ts'
import { minor } from '#lib/domain/money.ts'
import type { Method } from '#lib/domain/payment.ts'
import type { CancellationView } from '#lib/domain/views.ts'
import { refundWhen } from '#lib/policy/refund-when.ts'
import type { Attempt, Cancellation } from '#prisma/client/client.ts'

export const withAttempts = { attempts: { orderBy: { number: 'asc' } } } as const
type Row = Cancellation & { readonly attempts: readonly Attempt[] }

const optional = (date: Date | null): Instant | null => (date === null ? null : fromDate(date))

export function viewOf(row: Row, names: ReadonlyMap<string, string>, method: Method): CancellationView {
  const {
    id,
    kind,
    state,
    partial,
    sequence,
    reason,
    asked,
    gatewayCancellationId,
    approvalNumber,
    cause,
    declineCode,
    declineMessage,
  } = row
  return {
    id,
    kind,
    state,
    partial,
    sequence,
    reason,
    asked,
    gatewayCancellationId,
    approvalNumber,
    cause,
    declineCode,
    declineMessage,
    amount: minor(row.amount),
    taxFree: minor(row.taxFree),
    requestedBy: names.get(row.requestedById) ?? '',
    requestedAt: fromDate(row.requestedAt),
    sendingSince: optional(row.sendingSince),
    nextAskAt: isOpen(state) ? optional(row.nextAskAt) : null,
    closedAt: optional(row.closedAt),
    // No gateway so far says whether the card was captured, or whether it is a check card.
    refundWhen: state === 'DONE' ? refundWhen(method, { captured: null, checkCard: null }, partial) : null,
    attempts: row.attempts.map((attempt) => ({
      number: attempt.number,
      startedAt: fromDate(attempt.startedAt),
      answeredAt: optional(attempt.answeredAt),
      outcome: attempt.outcome,
      cause: attempt.cause,
      transcript: attempt.transcript === null ? null : JSON.stringify(attempt.transcript, null, 2),
    })),
  }
}
