'use client'

import { clsx } from 'clsx'
import Link from 'next/link'
import { isOut, isUnsent } from '#lib/domain/cancellation.ts'
import type { PaymentView } from '#lib/domain/views.ts'
import { EvidenceLink } from '../evidence/evidence-upload.tsx'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { ledgerOf, type LedgerLine } from './ledger-lines.ts'
import { StateMark } from './status-mark.tsx'

type Props = { readonly payment: PaymentView; readonly onWithdraw: (id: string) => void; readonly withdrawing: boolean }

export function Ledger(props: Props) {
  const words = useWords()
  const { t } = words
  const lines = ledgerOf(props.payment, words)
  const head = 'px-3 whitespace-nowrap'
  return (
    <Section title={t('detail.ledger.title')}>
      <table className="hidden w-full border-collapse md:table">
        <caption className="sr-only">{t('detail.ledger.title')}</caption>
        <thead className="text-meta text-soft">
          <tr className="h-7 border-b border-line">
            <th className={clsx(head, 'pl-0')}>{t('detail.ledger.sequence')}</th>
            <th className={clsx(head, 'text-end')}>{t('detail.ledger.amount')}</th>
            <th className={head}>{t('detail.ledger.state')}</th>
            <th className={head}>{t('detail.ledger.requested')}</th>
            <th className={head}>{t('detail.ledger.settled')}</th>
            <th className={head}>{t('detail.ledger.who')}</th>
            <th className={clsx(head, 'w-full pr-0')}>{t('detail.ledger.evidence')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row key={line.id} line={line} {...props} />
          ))}
        </tbody>
      </table>
      <ol className="grid md:hidden">
        {lines.map((line) => (
          <Card key={line.id} line={line} {...props} />
        ))}
      </ol>
    </Section>
  )
}

function Row({ line, ...props }: Props & { readonly line: LedgerLine }) {
  const words = useWords()
  const cell = 'px-3 py-2 align-top'
  return (
    <tr className="border-b border-line last:border-b-0">
      <td className={clsx(cell, 'pl-0 whitespace-nowrap')}>{line.sequence}</td>
      <td className={clsx(cell, 'text-end')}>
        <Amount line={line} payment={props.payment} />
      </td>
      <td className={cell}>
        <LineState line={line} payment={props.payment} />
      </td>
      <td className={clsx(cell, 'whitespace-nowrap')}>
        {line.requestedAt === null ? '' : words.instant(line.requestedAt)}
      </td>
      <td className={clsx(cell, 'whitespace-nowrap')}>
        {line.settledAt === null ? '' : words.instant(line.settledAt)}
      </td>
      <td className={clsx(cell, 'whitespace-nowrap')}>{line.who}</td>
      <td className={clsx(cell, 'pr-0')}>
        <Evidence line={line} {...props} />
      </td>
    </tr>
  )
}

function Card({ line, ...props }: Props & { readonly line: LedgerLine }) {
  const words = useWords()
  const at = line.settledAt ?? line.requestedAt
  return (
    <li className="grid gap-1 border-b border-line py-2.5 last:border-b-0">
      <span className="flex items-start gap-2">
        <LineState line={line} payment={props.payment} />
        <span className="text-soft">{line.sequence}</span>
        <span className="ml-auto">
          <Amount line={line} payment={props.payment} />
        </span>
      </span>
      <span className="flex gap-2 text-meta text-soft">
        {at === null ? null : words.instant(at)}
        <span>{line.who}</span>
      </span>
      <Evidence line={line} {...props} />
    </li>
  )
}

function Amount({ line, payment }: { readonly line: LedgerLine; readonly payment: PaymentView }) {
  const words = useWords()
  return (
    <span className="inline-grid justify-items-end">
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
        <span className="font-semibold">
          {line.refund ? words.back(line.amount, payment.currency) : words.money(line.amount, payment.currency)}
        </span>
      </span>
      {line.taxFree > 0 ? (
        <span className="text-meta text-soft">
          {words.t('detail.ledger.taxFree', { amount: words.money(line.taxFree, payment.currency) })}
        </span>
      ) : null}
    </span>
  )
}

function LineState({ line, payment }: { readonly line: LedgerLine; readonly payment: PaymentView }) {
  const { t, paid } = useWords()
  if (line.cancellation) return <StateMark cancellation={line.cancellation} />
  if (line.outside) return <Mark tone="done">{t('detail.ledger.outside')}</Mark>
  return payment.received > 0 ? (
    <Mark tone="done">{paid(payment.method, t('status.PAID'))}</Mark>
  ) : (
    <Mark tone="waiting">{t('detail.ledger.issued')}</Mark>
  )
}

function Evidence({ line, payment, onWithdraw, withdrawing }: Props & { readonly line: LedgerLine }) {
  const { t } = useWords()
  const { cancellation } = line
  return (
    <div className="grid justify-items-start gap-0.5">
      {line.evidence.map((text, index) => (
        <span key={text} className={clsx(index > 0 && 'text-meta text-soft')}>
          {text}
        </span>
      ))}
      {cancellation && isUnsent(cancellation.state) && payment.may.cancel ? (
        <Button size="small" disabled={withdrawing} onClick={() => onWithdraw(cancellation.id)}>
          {withdrawing
            ? t('detail.ledger.withdrawing')
            : t(cancellation.state === 'SCHEDULED' ? 'detail.ledger.unschedule' : 'detail.ledger.withdraw')}
        </Button>
      ) : null}
      {cancellation?.resolution?.evidenceId ? <EvidenceLink id={cancellation.resolution.evidenceId} /> : null}
      {cancellation && (cancellation.state === 'AWAITING_APPROVAL' || isOut(cancellation.state)) ? (
        <Link
          href={`/cancellations?view=${isOut(cancellation.state) ? 'confirming' : 'approvals'}`}
          className="text-accent"
        >
          {t(isOut(cancellation.state) ? 'detail.ledger.toDesk' : 'detail.ledger.toApprovals')}
        </Link>
      ) : null}
    </div>
  )
}
