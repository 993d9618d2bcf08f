'use client'

import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import type { CancellationView, PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Facts, type Fact } from '../ui/facts.tsx'
import { Icon } from '../ui/icon.tsx'
import { fillOf, shapeOf, textOf, type Tone } from '../ui/mark.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import { declineLines } from './ledger-lines.ts'
import type { PaymentActions } from './actions.ts'
import { reasonWords } from './approval-words.ts'
import { isDecidedNot, isNotSent } from './status-mark.tsx'

/** The one line that says how it stands; read out when it changes. */
export function Status({
  tone,
  title,
  hint,
  children,
}: {
  readonly tone: Tone
  readonly title: string
  readonly hint?: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <div className="grid gap-4">
      <output className={clsx('flex gap-3 rounded px-4 py-4', fillOf[tone])}>
        <Icon name={shapeOf[tone]} className={clsx('mt-0.5 size-5', textOf[tone])} />
        <span className="grid gap-1">
          <strong className={clsx('text-lead font-semibold', textOf[tone])}>{title}</strong>
          {hint ? <span>{hint}</span> : null}
        </span>
      </output>
      {children}
    </div>
  )
}

type Props = {
  readonly payment: PaymentView
  readonly cancellation: CancellationView | undefined
  readonly withdraw: PaymentActions['withdraw']
  readonly reload: () => Promise<unknown>
}

/** After it was taken the sheet stays until something is known. */
export function CancelProgress({ payment, cancellation, withdraw, reload }: Props) {
  const words = useWords()
  const { t, money } = words
  if (!cancellation) return <Status tone="waiting" title={t('sheet.taking')} hint={t('sheet.takingHint')} />
  const { currency } = payment
  switch (cancellation.state) {
    case 'AWAITING_APPROVAL':
      return (
        <Status tone="waiting" title={t('sheet.awaiting')} hint={t('sheet.awaitingHint')}>
          <Facts facts={awaitingFacts(cancellation, words)} />
          <Withdraw cancellation={cancellation} withdraw={withdraw} reload={reload} />
        </Status>
      )
    case 'SCHEDULED':
      return (
        <Status
          tone="waiting"
          title={
            cancellation.dueAt === null
              ? t('state.SCHEDULED')
              : t('sheet.sendsAt', { at: words.instant(cancellation.dueAt) })
          }
          hint={t('sheet.scheduledHint')}
        >
          <Withdraw cancellation={cancellation} withdraw={withdraw} reload={reload} />
        </Status>
      )
    case 'READY':
      return <Status tone="waiting" title={t('sheet.waiting')} hint={t('sheet.keepsGoing')} />
    case 'SENDING':
      return (
        <Status tone="waiting" title={t('sheet.sending')} hint={t('sheet.sendingHint')}>
          <p className="text-soft">{t('sheet.keepsGoing')}</p>
        </Status>
      )
    case 'ACCEPTED':
    case 'UNCONFIRMED':
      return <NotKnown payment={payment} cancellation={cancellation} />
    case 'DONE': {
      if (cancellation.kind === 'CLOSE')
        return <Status tone="done" title={t('sheet.closed')} hint={t('sheet.closedHint')} />
      const number = cancellation.approvalNumber
      const hint = t('sheet.doneHint', {
        amount: money(cancellation.amount, currency),
        left: money(payment.left, currency),
      })
      return (
        <Status tone="done" title={number === null ? t('sheet.done') : t('sheet.doneApproval', { number })} hint={hint}>
          {cancellation.refundWhen === null ? null : (
            <p className="text-soft">
              {words.rule({ rule: 'REFUND-WHEN', reason: cancellation.refundWhen, facts: {} })}
            </p>
          )}
        </Status>
      )
    }
    case 'REJECTED': {
      const { approval } = cancellation
      return (
        <Status tone="refused" title={t('sheet.rejected')} hint={t('sheet.rejectedHint')}>
          {approval?.note ? (
            <p>{t('approval.rejected', { who: approval.decidedBy ?? '', note: approval.note })}</p>
          ) : null}
        </Status>
      )
    }
    case 'DECLINED': {
      if (isDecidedNot(cancellation))
        return <Status tone="ended" title={t('sheet.decidedNot')} hint={t('sheet.decidedNotHint')} />
      if (isNotSent(cancellation))
        return <Status tone="ended" title={t('sheet.notSent')} hint={t('sheet.notSentHint')} />
      return (
        <Status tone="refused" title={t('sheet.declined')} hint={t('sheet.declinedHint')}>
          {declineLines(cancellation, words).map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Status>
      )
    }
    case 'WITHDRAWN':
      return (
        <Status tone="ended" title={t('sheet.withdrawn')} hint={t('sheet.withdrawnHint')}>
          {cancellation.cause === null ? null : <p>{words.cause(cancellation.cause)}</p>}
        </Status>
      )
  }
}

function awaitingFacts({ approval, dueAt }: CancellationView, words: Words): Fact[] {
  const { t } = words
  return [
    ...(approval
      ? [
          { label: t('approval.why'), value: reasonWords(approval.reasons, words) },
          { label: t('approval.until'), value: words.instant(approval.expiresAt) },
        ]
      : []),
    ...(dueAt === null ? [] : [{ label: t('approval.sends'), value: words.instant(dueAt) }]),
  ]
}

/** Nothing left this machine yet. */
function Withdraw({
  cancellation,
  withdraw,
  reload,
}: Omit<Props, 'payment'> & { readonly cancellation: CancellationView }) {
  const words = useWords()
  const { run, pending, problem } = useAction(withdraw)
  const scheduled = cancellation.state === 'SCHEDULED'
  return (
    <div className="grid justify-items-start gap-2">
      <ProblemCallout problem={problem} />
      <Button disabled={pending} onClick={() => void run({ id: cancellation.id }).then(reload)}>
        {words.t(
          pending ? 'detail.ledger.withdrawing' : scheduled ? 'detail.ledger.unschedule' : 'detail.ledger.withdraw',
        )}
      </Button>
    </div>
  )
}

/** Not known: what was sent and when, when it is asked next, what is blocked meanwhile, whom to call. */
function NotKnown({
  payment,
  cancellation,
}: {
  readonly payment: PaymentView
  readonly cancellation: CancellationView
}) {
  const words = useWords()
  const { t } = words
  const unconfirmed = payment.canAsk ? 'sheet.unconfirmed' : 'sheet.unconfirmedByPeople'
  const said = cancellation.state === 'ACCEPTED' ? 'sheet.accepted' : unconfirmed
  const sequence =
    cancellation.sequence === null || payment.partialLimit === null
      ? ''
      : ` (${cancellation.sequence}/${payment.partialLimit})`
  const asked = cancellation.asked > 0 ? ` (${t('sheet.asked', { count: cancellation.asked })})` : ''
  const next = cancellation.nextAskAt === null ? t('detail.sentence.noNextAsk') : words.instant(cancellation.nextAskAt)
  const sentAt = cancellation.sendingSince ?? cancellation.requestedAt
  const facts: Fact[] = [
    {
      label: t('sheet.what'),
      value: t('sheet.whatSent', { amount: words.money(cancellation.amount, payment.currency), sequence }),
    },
    { label: t('sheet.sentAt'), value: words.instant(sentAt) },
    { label: t('sheet.nextAsk'), value: payment.canAsk ? `${next}${asked}` : t('desk.cannotAsk') },
    { label: t('sheet.blocked'), value: t('sheet.blockedWhat') },
    { label: t('sheet.call'), value: <Call payment={payment} /> },
  ]
  return (
    <Status tone="waiting" title={t(said)} hint={t(`${said}Hint`)}>
      <Facts facts={facts} />
      {payment.canAsk ? <p className="text-soft">{t('sheet.keepsGoing')}</p> : null}
    </Status>
  )
}

function Call({ payment }: { readonly payment: PaymentView }) {
  const { t } = useWords()
  const { phone, console: address } = payment.desk
  return (
    <span className="flex flex-wrap gap-x-3">
      {phone === null ? null : <a href={`tel:${phone}`}>{phone}</a>}
      <a href={address} target="_blank" rel="noopener noreferrer" className="text-accent underline underline-offset-2">
        {t('detail.sentence.deskConsole')}
      </a>
    </span>
  )
}
