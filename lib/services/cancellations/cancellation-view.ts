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
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    partial: row.partial,
    sequence: row.sequence,
    reason: row.reason,
    asked: row.asked,
    gatewayCancellationId: row.gatewayCancellationId,
    approvalNumber: row.approvalNumber,
    cause: row.cause,
    declineCode: row.declineCode,
    declineMessage: row.declineMessage,
    amount: minor(row.amount),
    taxFree: minor(row.taxFree),
    requestedBy: names.get(row.requestedById) ?? '',
    requestedAt: fromDate(row.requestedAt),
    sendingSince: optional(row.sendingSince),
    nextAskAt: isOpen(row.state) ? optional(row.nextAskAt) : null,
    closedAt: optional(row.closedAt),
    // No gateway so far says whether the card was captured, or whether it is a check card.
    refundWhen: row.state === 'DONE' ? refundWhen(method, { captured: null, checkCard: null }, row.partial) : null,
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
