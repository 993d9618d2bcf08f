import { isOpen, isOut, isUnsent } from '#lib/domain/cancellation.ts'
import { instant } from '#lib/domain/kst.ts'
import type { CancellationView, PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { taskSentence } from '../tasks/task-sentence.ts'
import type { Tone } from '../ui/mark.tsx'
import { canBegin } from './wish-verdict.ts'

/** Where a payment stands: a word, a sentence, and whether a cancel may be begun. */
export type Standing = {
  readonly tone: Tone
  readonly word: string
  readonly sentence: string
  readonly mayBegin: boolean
}

export const openOf = (payment: PaymentView): CancellationView | undefined =>
  payment.cancellations.find((one) => isOpen(one.state))

/** The last instant it can be cancelled at, where rules set one: the earliest. None where something else forbids it for good. */
export function deadlineOf({ denial, verdicts }: PaymentView) {
  if (denial?.kind === 'never' && denial.rule !== 'CANCEL-WINDOW') return null
  const ends = verdicts.flatMap(({ rule, kind, facts }) => {
    const at = facts['lastAt']
    return typeof at === 'number' && (rule === 'CANCEL-WINDOW' || kind === 'allowed') ? [at] : []
  })
  return ends.length === 0 ? null : instant(Math.min(...ends))
}

export function standingOf(payment: PaymentView, words: Words): Standing {
  const { t } = words
  const open = openOf(payment)
  if (open) return { ...onItsWay(payment, open, words), mayBegin: false }
  const mayBegin = payment.may.cancel && payment.left > 0 && canBegin(payment)
  const sentence = sentenceOf(payment, words)
  const [task] = payment.tasks
  if (!task) return { ...quiet(payment, words), sentence, mayBegin }
  const duty = taskSentence(task, words)
  return { tone: 'refused', word: t('detail.verdict.attention'), sentence: `${duty} ${sentence}`, mayBegin }
}

/** It is out, so that only the gateway knows. */
export const waitsForGateway = (payment: PaymentView): boolean => payment.cancellations.some((one) => isOut(one.state))

function sentenceOf(payment: PaymentView, words: Words): string {
  const { denial, later, close, currency } = payment
  if (close) {
    const stop = close.denial && words.rule({ ...close.denial, facts: { currency, ...close.denial.facts } })
    return stop ?? words.t('close.can')
  }
  if (!denial) return canSentence(payment, words)
  if (!canBegin(payment)) return words.rule({ ...denial, facts: { currency, ...denial.facts } })
  return later
    ? words.t('detail.sentence.canLater', { at: words.instant(later.at), left: words.money(payment.left, currency) })
    : `${canSentence(payment, words)} ${words.t('detail.sentence.needsAccount')}`
}

function canSentence(payment: PaymentView, { t, money, instant: say }: Words): string {
  const left = money(payment.left, payment.currency)
  const until = deadlineOf(payment)
  return until === null
    ? t('detail.sentence.can', { left })
    : t('detail.sentence.canUntil', { until: say(until), left })
}

function quiet(payment: PaymentView, { t, paid }: Words): { tone: Tone; word: string } {
  const { partialsUsed: used, partialLimit: limit } = payment
  const ok = paid(payment.method, t('detail.verdict.ok'))
  switch (payment.status) {
    case 'ISSUED':
      return { tone: 'waiting', word: t('detail.verdict.issued') }
    case 'PAID':
      return { tone: 'done', word: ok }
    case 'PARTIALLY_REFUNDED': {
      const part = limit === null ? t('detail.verdict.partialNoLimit') : t('detail.verdict.partial', { used, limit })
      return { tone: 'done', word: `${ok} · ${part}` }
    }
    case 'REFUNDED':
      return { tone: 'ended', word: t('detail.verdict.refunded') }
    case 'CLOSED':
      return { tone: 'ended', word: t('detail.verdict.closed') }
  }
}

function onItsWay(payment: PaymentView, open: CancellationView, words: Words): Omit<Standing, 'mayBegin'> {
  const { t } = words
  const amount = words.money(open.amount, payment.currency)
  const { approval } = open
  if (open.state === 'AWAITING_APPROVAL' && approval) {
    const until = words.instant(approval.expiresAt)
    const sentence = t('detail.sentence.awaiting', { amount, who: open.requestedBy, until })
    return { tone: 'waiting', word: t('detail.verdict.awaiting'), sentence }
  }
  if (open.state === 'SCHEDULED' && open.dueAt !== null)
    return {
      tone: 'waiting',
      word: t('detail.verdict.scheduled'),
      sentence: t('detail.sentence.scheduled', { amount, at: words.instant(open.dueAt) }),
    }
  if (open.kind === 'CLOSE' && (open.state === 'SENDING' || isUnsent(open.state)))
    return { tone: 'waiting', word: t('detail.verdict.closing'), sentence: t('detail.sentence.closing') }
  if (open.state === 'SENDING')
    return { tone: 'waiting', word: t('detail.verdict.sending'), sentence: t('detail.sentence.sending', { amount }) }
  if (isUnsent(open.state))
    return { tone: 'waiting', word: t('detail.verdict.sending'), sentence: t('detail.sentence.waiting', { amount }) }
  const next =
    open.nextAskAt === null
      ? t('detail.sentence.noNextAsk')
      : t('detail.sentence.nextAsk', { at: words.instant(open.nextAskAt) })
  return {
    tone: 'waiting',
    word: t('detail.verdict.unconfirmed'),
    sentence:
      open.kind === 'CLOSE'
        ? t('detail.sentence.closingUnconfirmed', { next })
        : t('detail.sentence.unconfirmed', { amount, next }),
  }
}
