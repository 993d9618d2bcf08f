import 'server-only'
import { z } from 'zod'
import { fromDate, kstDate, plus, type Instant } from '#lib/domain/kst.ts'
import { isOpen } from '#lib/domain/cancellation.ts'
import { minor } from '#lib/domain/money.ts'
import type { Method } from '#lib/domain/payment.ts'
import type { ApprovalView, CancellationView, ResolutionView } from '#lib/domain/views.ts'
import type { Connector } from '#lib/gateways/connector.ts'
import { ALONE_AFTER_MS, closableAt } from '#lib/policy/closable.ts'
import { refundDays, refundWhen } from '#lib/policy/refund-when.ts'
import type { Approval, Attempt, Cancellation, Refund, Resolution } from '#prisma/client/client.ts'
import { readMasked } from '../account-checks/refund-account.ts'
import { Snapshot } from './approval.ts'

export const withAttempts = {
  attempts: { orderBy: { number: 'asc' } },
  refunds: { select: { refundedAt: true } },
  approval: true,
  resolutions: { orderBy: { proposedAt: 'desc' }, take: 1 },
} as const
type Row = Cancellation & {
  readonly attempts: readonly Attempt[]
  readonly refunds: readonly Pick<Refund, 'refundedAt'>[]
  readonly approval: Approval | null
  readonly resolutions: readonly Resolution[]
}

/** Who looks at it, and at what payment it hangs. */
export type Seen = {
  readonly names: ReadonlyMap<string, string>
  readonly method: Method
  readonly connector: Connector
  readonly oneAfterDay: boolean
  readonly personId: string | null
}

const optional = (date: Date | null): Instant | null => (date === null ? null : fromDate(date))
const nameOf = (names: ReadonlyMap<string, string>, id: string | null): string | null =>
  id === null ? null : (names.get(id) ?? '')

/** The people whose names its view says. */
export const peopleIn = (row: Row): readonly string[] => {
  const [resolution] = row.resolutions
  return [row.requestedById, row.approval?.decidedById, resolution?.proposedById, resolution?.decidedById].flatMap(
    (id) => id ?? [],
  )
}

export function closableFrom(
  row: Pick<Cancellation, 'state' | 'sendingSince' | 'settleBy' | 'asked'>,
  connector: Connector,
): Instant | null {
  return closableAt({
    state: row.state,
    sendingSince: optional(row.sendingSince),
    settleBy: optional(row.settleBy),
    canAsk: connector.operations.inquire !== undefined,
    asked: row.asked,
    replayWithinMs: connector.replayWithinMs,
  })
}

/** Settled by what the gateway's record had left: it keeps no list of cancels. */
const byBalance = z.object({ by: z.literal('balance') })

export function viewOf(row: Row, seen: Seen): CancellationView {
  const { names, method } = seen
  const [resolution] = row.resolutions
  const [refunded] = row.refunds
  // No gateway so far says whether the card was captured, or whether it is a check card.
  const unknown = { captured: null, checkCard: null }
  const when = row.state === 'DONE' && row.kind === 'CANCEL' ? refundWhen(method, unknown, row.partial) : null
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
    byBalance: byBalance.safeParse(row.evidence).success,
    amount: minor(row.amount),
    taxFree: minor(row.taxFree),
    requestedBy: nameOf(names, row.requestedById) ?? '',
    requestedAt: fromDate(row.requestedAt),
    sendingSince: optional(row.sendingSince),
    nextAskAt: isOpen(row.state) ? optional(row.nextAskAt) : null,
    closedAt: optional(row.closedAt),
    refundWhen: when,
    refundDays: when && refunded ? refundDays(when, kstDate(fromDate(refunded.refundedAt))) : null,
    dueAt: isOpen(row.state) ? optional(row.dueAt) : null,
    account: row.refundAccountMasked === null ? null : readMasked(row.refundAccountMasked),
    approval: row.approval && approvalView(row, row.approval, names),
    resolution: resolution ? resolutionView(resolution, seen) : null,
    closableAt: closableFrom(row, seen.connector),
    afterId: row.afterId,
    mine: row.requestedById === seen.personId,
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

function approvalView(row: Row, approval: Approval, names: ReadonlyMap<string, string>): ApprovalView {
  const { amount, taxFree, left, leftTaxFree } = Snapshot.parse(approval.snapshot)
  const decision = approval.approved === null ? 'awaiting' : approval.approved ? 'approved' : 'rejected'
  return {
    reasons: approval.reasons,
    snapshot: {
      amount,
      taxFree,
      left,
      leftTaxFree,
      account: row.refundAccountMasked === null ? null : readMasked(row.refundAccountMasked),
    },
    snapshotHash: approval.snapshotHash,
    expiresAt: fromDate(approval.expiresAt),
    decision,
    decidedBy: nameOf(names, approval.decidedById),
    decidedAt: optional(approval.decidedAt),
    note: approval.note,
  }
}

function resolutionView(resolution: Resolution, { names, personId, oneAfterDay }: Seen): ResolutionView {
  const decision = resolution.agreed === null ? 'awaiting' : resolution.agreed ? 'agreed' : 'refused'
  return {
    id: resolution.id,
    happened: resolution.happened,
    evidenceKind: resolution.evidenceKind === 'agent' ? 'agent' : 'approval_number',
    approvalNumber: resolution.approvalNumber,
    agent: resolution.agent,
    spokenAt: optional(resolution.spokenAt),
    note: resolution.note,
    evidenceId: resolution.evidenceId,
    proposedBy: nameOf(names, resolution.proposedById) ?? '',
    proposedAt: fromDate(resolution.proposedAt),
    mine: resolution.proposedById === personId,
    decision,
    decidedBy: nameOf(names, resolution.decidedById),
    decidedAt: optional(resolution.decidedAt),
    aloneFrom: oneAfterDay ? plus(fromDate(resolution.proposedAt), ALONE_AFTER_MS) : null,
    alone: resolution.alone,
    seenAt: optional(resolution.seenAt),
  }
}
