import { isOpen, isUnsent } from '#lib/domain/cancellation.ts'
import { instant } from '#lib/domain/kst.ts'
import type { CancellationView, PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import type { Tone } from '../ui/mark.tsx'

/** Where a payment stands: a word, a sentence, and whether a cancel may be begun. */
export type Standing = {
  readonly tone: Tone
  readonly word: string
  readonly sentence: string
  readonly mayBegin: boolean
}

export const openOf = (payment: PaymentView): CancellationView | undefined =>
  payment.cancellations.find((one) => isOpen(one.state))

/** The last instant it can be cancelled at, where a rule sets one. */
export function deadlineOf(payment: PaymentView) {
  const at = payment.verdicts.find((verdict) => verdict.rule === 'CANCEL-WINDOW')?.facts['lastAt']
  return typeof at === 'number' ? instant(at) : null
}

export function standingOf(payment: PaymentView, words: Words): Standing {
  const { t } = words
  const open = openOf(payment)
  if (open) return { ...onItsWay(payment, open, words), mayBegin: false }
  const { denial } = payment
  const mayBegin = payment.may.cancel && payment.left > 0 && denial === null
  const sentence = denial
    ? words.rule({ ...denial, facts: { currency: payment.currency, ...denial.facts } })
    : canSentence(payment, words)
  const [task] = payment.tasks
  if (!task) return { ...quiet(payment, words), sentence, mayBegin }
  const duty = words.sentence(`task.${task.kind}`, task.facts, task.kind)
  return { tone: 'refused', word: t('detail.verdict.attention'), sentence: `${duty} ${sentence}`, mayBegin }
}

/** The rule that stops names the gateway's own console as the way. */
export const goesElsewhere = ({ denial }: PaymentView): boolean =>
  denial?.reason === 'portone_console' || denial?.reason === 'gateway_admin'

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
    sentence: t('detail.sentence.unconfirmed', { amount, next }),
  }
}
