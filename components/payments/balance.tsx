'use client'

import { clsx } from 'clsx'
import type { PaymentView } from '#lib/domain/views.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { useWords } from '../words.tsx'
import { BalanceBar } from './balance-bar.tsx'
import { deadlineOf } from './standing.ts'

/** The one big number and where it went. */
export function Balance({ payment }: { readonly payment: PaymentView }) {
  const words = useWords()
  const { t } = words
  const { currency } = payment
  const deadline = deadlineOf(payment)
  const parts = [
    { name: t('detail.bar.received'), value: payment.received, mark: null },
    { name: t('detail.bar.refunded'), value: payment.refunded, mark: 'bg-line' },
    { name: t('detail.bar.open'), value: payment.open, mark: 'bg-waiting-edge' },
    { name: t('detail.bar.left'), value: payment.left, mark: 'bg-accent' },
  ]
  return (
    <section className="grid gap-3 pb-5 md:grid-cols-[auto_1fr] md:items-center md:gap-8">
      <p className="flex items-center gap-2">
        <span className="text-big font-semibold">{words.money(payment.amount, currency)}</span>
        <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
      </p>
      <div className="grid gap-2">
        <BalanceBar sums={payment} />
        <dl className="flex flex-wrap gap-x-6 gap-y-1 text-meta">
          {parts.map(({ name, value, mark }) => (
            <div key={name} className="flex items-center gap-1.5">
              {mark ? <span aria-hidden="true" className={clsx('size-2.5 rounded-[2px]', mark)} /> : null}
              <dt className="text-soft">{name}</dt>
              <dd className="font-semibold">{words.money(value, currency)}</dd>
            </div>
          ))}
          {payment.receivedTaxFree > 0 ? (
            <div className="flex gap-1.5">
              <dt className="text-soft">{t('detail.facts.taxFree')}</dt>
              <dd>
                {words.money(payment.leftTaxFree, currency)} / {words.money(payment.receivedTaxFree, currency)}
              </dd>
            </div>
          ) : null}
          {deadline === null ? null : (
            <div className="flex gap-1.5">
              <dt className="text-soft">{t('detail.bar.deadline')}</dt>
              <dd>{words.instant(deadline)}</dd>
            </div>
          )}
        </dl>
      </div>
    </section>
  )
}
