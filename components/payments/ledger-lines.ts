import type { Instant } from '#lib/domain/kst.ts'
import type { Minor } from '#lib/domain/money.ts'
import { isOpen, isUnsent } from '#lib/domain/cancellation.ts'
import type { CancellationView, OutsideRefundView, PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
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
    sequence: one.partial ? nth(one.sequence, payment) : words.t('detail.ledger.whole'),
    amount: one.amount,
    taxFree: one.taxFree,
    refund: true,
    requestedAt: one.requestedAt,
    settledAt: one.closedAt,
    who: one.requestedBy,
    evidence: [...evidenceOf(one, words), words.t('detail.ledger.reason', { reason: one.reason })],
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

/** What proves the state, or what is waited for. */
export function evidenceOf(one: CancellationView, words: Words): readonly string[] {
  const { t } = words
  if (isUnsent(one.state)) return [t('detail.ledger.notSentYet')]
  if (isOpen(one.state))
    return [
      one.nextAskAt === null
        ? t('detail.ledger.blocked')
        : t('detail.ledger.nextAsk', { at: words.instant(one.nextAskAt) }),
    ]
  if (one.state === 'DONE' && one.approvalNumber !== null)
    return [t('detail.ledger.approval', { number: one.approvalNumber })]
  if (one.state === 'DONE' && one.gatewayCancellationId !== null)
    return [t('detail.ledger.gatewayId', { id: one.gatewayCancellationId })]
  if (isNotSent(one)) return [t('detail.ledger.notSent')]
  if (one.state === 'DECLINED') return [[one.declineCode, one.declineMessage].filter(Boolean).join(' ')].filter(Boolean)
  return one.cause === null ? [] : [words.cause(one.cause)]
}
