'use client'

import Link from 'next/link'
import type { PaymentItem } from '#lib/domain/views.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { useWords } from '../words.tsx'

/** More than one payment has this number: the person chooses. */
export function ReceiptChoice({ number, items }: { readonly number: string; readonly items: readonly PaymentItem[] }) {
  const words = useWords()
  const { t } = words
  return (
    <>
      <PageHead title={t('receipts.chooseTitle')} note={number} />
      <p className="pb-3 text-soft">{t('receipts.choose')}</p>
      <ul className="border-t border-line">
        {items.map((item) => (
          <li key={item.id} className="border-b border-line">
            <Link href={`/payments/${item.id}#slip`} className="flex flex-wrap gap-x-4 gap-y-1 py-2.5 hover:bg-sunk">
              <span className="font-semibold">{words.money(item.amount, item.currency)}</span>
              <EnvironmentBadge environment={item.environment} testStore={item.testStore} />
              <span>{words.instant(item.approvedAt)}</span>
              <span className="text-soft">
                {item.store.name} · {item.orderName}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}
