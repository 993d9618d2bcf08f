'use client'

import type { ReactNode } from 'react'
import type { PublicReceipt } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { buttonClass } from '../ui/button.tsx'
import { Facts, type Fact } from '../ui/facts.tsx'
import { Icon } from '../ui/icon.tsx'
import { slipName } from './slip-name.ts'
import { useWords } from '../words.tsx'

/** What the buyer sees. Nothing here names a person or leads into the console. */
export function PublicReceiptPage({ receipt }: { readonly receipt: PublicReceipt }) {
  const words = useWords()
  const { t } = words
  return (
    <Paper title={receipt.store}>
      {receipt.test ? <p className="font-semibold text-waiting">{t('receipts.test')}</p> : null}
      <p className="text-big font-semibold">{words.money(receipt.amount, receipt.currency)}</p>
      <Facts facts={factsOf(receipt, words)} />
      <Refunds receipt={receipt} />
      {receipt.slip === null ? (
        <p className="text-soft">{t(receipt.gateway === 'kcp' ? 'receipts.noSlipKcp' : 'receipts.noSlip')}</p>
      ) : (
        <div className="grid justify-items-start gap-1">
          <a href={receipt.slip} target="_blank" rel="noopener noreferrer" className={buttonClass('primary')}>
            {slipName(receipt, words)}
            <Icon name="out" className="size-3.5" />
            <span className="sr-only">({t('common.newWindow')})</span>
          </a>
          {receipt.slipPrints ? <p className="text-meta text-soft">{t('receipts.printNote')}</p> : null}
        </div>
      )}
      <p className="border-t border-line pt-3 text-meta text-faint">
        {t('receipts.until', { at: words.instant(receipt.expiresAt) })}. {t('receipts.ask')}
      </p>
    </Paper>
  )
}

function factsOf(receipt: PublicReceipt, words: Words): Fact[] {
  const { t } = words
  const card = [receipt.card?.issuer && words.institution(receipt.card.issuer), receipt.card?.number]
  return [
    { label: t('detail.facts.orderName'), value: receipt.orderName },
    { label: t('detail.facts.method'), value: t(`method.${receipt.method}`) },
    ...(receipt.card ? [{ label: t('detail.facts.card'), value: card.filter(Boolean).join(' ') }] : []),
    {
      label: t('receipts.paidAt'),
      value: receipt.paidAt === null ? t('receipts.notPaid') : words.instant(receipt.paidAt),
    },
    { label: t('detail.records.status'), value: words.status(receipt.status, receipt.method) },
  ]
}

function Refunds({ receipt }: { readonly receipt: PublicReceipt }) {
  const words = useWords()
  const { t } = words
  const { currency, refunds, refunding } = receipt
  if (refunds.length === 0 && refunding === 0) return null
  return (
    <section className="grid gap-2 border-t border-line pt-3">
      <h2 className="font-semibold">{t('receipts.refunds')}</h2>
      <ul className="grid gap-2">
        {refunds.map((refund) => (
          <li key={`${refund.at} ${refund.amount}`} className="grid gap-0.5">
            <span className="flex justify-between gap-4">
              <span>{words.instant(refund.at)}</span>
              <span className="font-semibold">{words.back(refund.amount, currency)}</span>
            </span>
            <span className="text-meta text-soft">
              {words.rule({ rule: 'REFUND-WHEN', reason: refund.when, facts: {} })}
            </span>
          </li>
        ))}
      </ul>
      {refunding > 0 ? (
        <p className="text-waiting">{t('receipts.refunding', { amount: words.money(refunding, currency) })}</p>
      ) : null}
      <p>{t('receipts.left', { amount: words.money(receipt.left, currency) })}</p>
    </section>
  )
}

/** For a link that does not open, whatever the reason, and for who asks too often. */
export function ClosedReceipt({ reason }: { readonly reason: 'closed' | 'busy' }) {
  const { t } = useWords()
  return (
    <Paper title={t(`receipts.${reason}Title`)}>
      <p className="text-soft">{t(`receipts.${reason}`)}</p>
    </Paper>
  )
}

function Paper({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="mx-auto grid w-full max-w-md gap-5 px-5 py-10">
      <h1 className="text-title font-semibold">{title}</h1>
      {children}
    </main>
  )
}
