import type { Instant } from '#lib/domain/kst.ts'
import type { Minor } from '#lib/domain/money.ts'
import { isOpen, isUnsent } from '#lib/domain/cancellation.ts'
import type {
  ApprovalView,
  CancellationView,
  OutsideRefundView,
  PaymentView,
  ResolutionView,
} from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { accountWords } from './account-words.ts'
import { reasonWords } from './approval-words.ts'
import { isNotSent } from './status-mark.tsx'

export type LedgerLine = {
  readonly id: string
  readonly sequence: string
  readonly amount: Minor
  readonly taxFree: Minor
  readonly refund: boolean
  readonly requestedAt: Instant | null
  readonly settledAt: Instant | null
  readonly who: string
  readonly evidence: readonly string[]
  readonly cancellation: CancellationView | null
  readonly outside: boolean
}

/** What was received, then each giving back in its order, those made elsewhere among ours. */
export function ledgerOf(payment: PaymentView, words: Words): readonly LedgerLine[] {
  const ours = payment.cancellations.map((one) => ourLine(one, payment, words))
  const outside = payment.outsideRefunds.map((one) => outsideLine(one, payment, words))
  return [
    receivedLine(payment, words),
    ...[...ours, ...outside].toSorted(
      (a, b) => (a.requestedAt ?? a.settledAt ?? 0) - (b.requestedAt ?? b.settledAt ?? 0),
    ),
  ]
}

function receivedLine(payment: PaymentView, { t }: Words): LedgerLine {
  return {
    id: 'received',
    sequence: '',
    amount: payment.received > 0 ? payment.received : payment.amount,
    taxFree: payment.taxFree,
    refund: false,
    requestedAt: payment.requestedAt,
    settledAt: payment.paidAt,
    who: '',
    evidence:
      payment.approvalNumber === null ? [] : [t('detail.ledger.receivedApproval', { number: payment.approvalNumber })],
    cancellation: null,
    outside: false,
  }
}

const nth = (sequence: number | null, { partialLimit }: PaymentView) =>
  sequence === null ? '' : partialLimit === null ? `${sequence}` : `${sequence}/${partialLimit}`

function ourLine(one: CancellationView, payment: PaymentView, words: Words): LedgerLine {
  return {
    id: one.id,
    sequence:
      one.kind === 'CLOSE'
        ? words.t('detail.ledger.close')
        : one.partial
          ? nth(one.sequence, payment)
          : words.t('detail.ledger.whole'),
    amount: one.amount,
    taxFree: one.taxFree,
    refund: true,
    requestedAt: one.requestedAt,
    settledAt: one.closedAt,
    who: one.requestedBy,
    evidence: [
      ...evidenceOf(one, words),
      ...peopleLines(one, words),
      ...backLine(one, words),
      words.t('detail.ledger.reason', { reason: one.reason }),
    ],
    cancellation: one,
    outside: false,
  }
}

function outsideLine(one: OutsideRefundView, payment: PaymentView, { t, sentence }: Words): LedgerLine {
  const where = sentence(`detail.trigger.${one.trigger ?? 'unknown'}`, {}, one.trigger ?? t('detail.trigger.unknown'))
  return {
    id: one.id,
    sequence: nth(one.sequence, payment),
    amount: one.amount,
    taxFree: one.taxFree,
    refund: true,
    requestedAt: null,
    settledAt: one.refundedAt,
    who: '',
    evidence: [
      t('detail.ledger.outsideBy', { where }),
      ...(one.approvalNumber === null ? [] : [t('detail.ledger.approval', { number: one.approvalNumber })]),
      ...(one.reason === null ? [] : [t('detail.ledger.reason', { reason: one.reason })]),
    ],
    cancellation: null,
    outside: true,
  }
}

/** When the buyer has it, where that can be said. */
function backLine({ refundDays }: CancellationView, { t }: Words): readonly string[] {
  if (refundDays === null) return []
  const { from, to } = refundDays
  return [from === to ? t('detail.ledger.backOn', { day: from }) : t('detail.ledger.backBetween', { from, to })]
}

/** What proves the state, or what is waited for. */
export function evidenceOf(one: CancellationView, words: Words): readonly string[] {
  const { t } = words
  if (one.state === 'SCHEDULED' && one.dueAt !== null)
    return [t('detail.ledger.scheduled', { at: words.instant(one.dueAt) })]
  if (one.state === 'AWAITING_APPROVAL' && one.approval) return awaitingLines(one, one.approval, words)
  if (isUnsent(one.state)) return [t('detail.ledger.notSentYet')]
  if (isOpen(one.state))
    return [
      one.nextAskAt === null
        ? t('detail.ledger.blocked')
        : t('detail.ledger.nextAsk', { at: words.instant(one.nextAskAt) }),
    ]
  // What people decided is told by itself, and never as the gateway's word.
  if (isDecided(one)) return []
  if (one.state === 'DONE' && one.byBalance) return [t('detail.ledger.byBalance')]
  if (one.state === 'DONE' && one.approvalNumber !== null)
    return [t('detail.ledger.approval', { number: one.approvalNumber })]
  if (one.state === 'DONE' && one.gatewayCancellationId !== null)
    return [t('detail.ledger.gatewayId', { id: one.gatewayCancellationId })]
  if (isNotSent(one)) return [t('detail.ledger.notSent')]
  if (one.state === 'DECLINED') return declineLines(one, words)
  return one.cause === null ? [] : [words.cause(one.cause)]
}

/** The gateway's words, and what to do where that is known. */
export function declineLines({ declineCode, declineMessage }: CancellationView, words: Words): readonly string[] {
  const advice = declineCode === null ? '' : words.sentence(`decline.${declineCode}`, {}, '')
  const said = declineCode === 'NOT_IN_RECORD' ? '' : [declineCode, declineMessage].filter(Boolean).join(' ')
  return [said, advice].filter((line) => line !== '')
}

const isDecided = ({ resolution }: CancellationView): boolean => resolution?.decision === 'agreed'

function awaitingLines(one: CancellationView, approval: ApprovalView, words: Words): readonly string[] {
  const { t } = words
  return [
    t('approval.waits', { who: one.requestedBy, why: reasonWords(approval.reasons, words) }),
    t('approval.expires', { at: words.instant(approval.expiresAt) }),
    ...(one.dueAt === null ? [] : [t('approval.thenSent', { at: words.instant(one.dueAt) })]),
  ]
}

/** Where it goes, who agreed, and for ever what people decided of it. */
export function peopleLines(one: CancellationView, words: Words): readonly string[] {
  const { t } = words
  return [
    ...(one.account ? [t('detail.ledger.account', { account: accountWords(one.account, words) })] : []),
    ...decisionLines(one.approval, words),
    ...(one.resolution ? resolutionLines(one.resolution, words) : []),
    ...(one.afterId === null ? [] : [t('detail.ledger.after')]),
  ]
}

function decisionLines(approval: ApprovalView | null, words: Words): readonly string[] {
  const { t } = words
  if (!approval || approval.decision === 'awaiting') return []
  const who = approval.decidedBy ?? ''
  const note = approval.note ?? ''
  if (approval.decision === 'rejected') return [t('approval.rejected', { who, note })]
  const at = approval.decidedAt === null ? '' : words.instant(approval.decidedAt)
  return [t('approval.approved', { who, at }), ...(note === '' ? [] : [t('approval.note', { note })])]
}

/** `사람이 확정함: …, 근거 …`; later also whether the gateway's record said so. */
export function resolutionLines(one: ResolutionView, words: Words): readonly string[] {
  const { t } = words
  const what = t(one.happened ? 'resolution.happened' : 'resolution.notHappened')
  const evidence = t('resolution.evidence', { evidence: evidenceWords(one, words), note: one.note })
  const proposed = { what, who: one.proposedBy, at: words.instant(one.proposedAt) }
  if (one.decision === 'awaiting') return [t('resolution.awaiting', proposed), evidence]
  const decided = { who: one.decidedBy ?? '', at: one.decidedAt === null ? '' : words.instant(one.decidedAt) }
  if (one.decision === 'refused') return [t('resolution.refused', { what, ...decided })]
  return [
    t(one.alone ? 'resolution.byOne' : 'resolution.byTwo', { what, proposer: one.proposedBy, ...decided }),
    evidence,
    one.seenAt === null ? t('resolution.unseen') : t('resolution.seen', { at: words.instant(one.seenAt) }),
  ]
}

const evidenceWords = ({ evidenceKind, approvalNumber, agent, spokenAt }: ResolutionView, words: Words): string =>
  evidenceKind === 'approval_number'
    ? words.t('resolution.byNumber', { number: approvalNumber ?? '' })
    : words.t('resolution.byAgent', {
        agent: agent ?? '',
        at: spokenAt === null ? '' : words.instant(spokenAt),
      })
