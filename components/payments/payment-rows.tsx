'use client'

import { clsx } from 'clsx'
import Link from 'next/link'
import type { PaymentItem } from '#lib/domain/views.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { useWords } from '../words.tsx'
import type { bases } from './list-query.ts'
import { MethodWord } from './method-word.tsx'
import { SourceMark } from './source-mark.tsx'
import { StatusMark } from './status-mark.tsx'

type Rows = { readonly items: readonly PaymentItem[]; readonly basis: (typeof bases)[number] }

const timeOf = (item: PaymentItem, basis: Rows['basis']) =>
  basis === 'requested'
    ? item.requestedAt
    : basis === 'cancelled'
      ? (item.lastRefundAt ?? item.approvedAt)
      : item.approvedAt

/** Right-aligned money, newest first. The whole row leads to the payment. */
export function PaymentTable({ items, basis }: Rows) {
  const { t } = useWords()
  const right = 'px-1.5 text-end'
  return (
    <div className="hidden overflow-x-auto md:block">
      <table className="w-full border-collapse whitespace-nowrap">
        <caption className="sr-only">{t('list.caption')}</caption>
        <thead className="text-meta text-soft">
          <tr className="h-8 border-y border-line">
            <th className="px-1.5 pl-0">{t('list.column.time')}</th>
            <th className="px-1.5">{t('list.column.status')}</th>
            <th className={right}>{t('list.column.amount')}</th>
            <th className={right}>{t('list.column.refunded')}</th>
            <th className={right}>{t('list.column.left')}</th>
            <th className="px-1.5 pl-4">{t('list.column.method')}</th>
            <th className="px-1.5">{t('list.column.order')}</th>
            <th className="px-1.5">{t('list.column.number')}</th>
            <th className="px-1.5">{t('list.column.approval')}</th>
            <th className="px-1.5 pr-0">{t('list.column.store')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={item.id} item={item} basis={basis} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ item, basis }: { readonly item: PaymentItem; readonly basis: Rows['basis'] }) {
  const words = useWords()
  return (
    <tr className="relative h-9 border-b border-line hover:bg-sunk">
      <td className="px-1.5 pl-0">
        <Link href={`/payments/${item.id}`} className="rounded after:absolute after:inset-0">
          {words.instant(timeOf(item, basis))}
        </Link>
      </td>
      <td className="px-1.5">
        <span className="inline-flex items-center gap-2">
          <StatusMark payment={item} />
          <SourceMark source={item.source} />
        </span>
      </td>
      <td className="px-1.5 text-end">
        <span className="inline-flex items-center gap-1.5">
          <EnvironmentBadge environment={item.environment} testStore={item.testStore} />
          <span className="font-semibold">{words.money(item.amount, item.currency)}</span>
        </span>
      </td>
      <td className="px-1.5 text-end">
        <Refunded item={item} />
      </td>
      <td className={clsx('px-1.5 text-end', item.left === 0 && 'text-faint')}>
        {words.money(item.left, item.currency)}
      </td>
      <td className="px-1.5 pl-4">
        <MethodWord payment={item} />
      </td>
      <td className="max-w-40 truncate px-1.5" title={item.orderName}>
        {item.orderName}
        {item.buyerMasked ? <span className="text-soft"> · {item.buyerMasked}</span> : null}
      </td>
      <td className="px-1.5">{item.pgTxId ?? <span className="text-faint">–</span>}</td>
      <td className="px-1.5">{item.approvalNumber ?? <span className="text-faint">–</span>}</td>
      <td className="max-w-24 truncate px-1.5 pr-0 text-soft" title={`${item.store.name} · ${item.channel.name}`}>
        {item.store.name}
      </td>
    </tr>
  )
}

function Refunded({ item }: { readonly item: PaymentItem }) {
  const words = useWords()
  if (item.refunded === 0) return <span className="text-faint">–</span>
  return <span>{words.back(item.refunded, item.currency)}</span>
}

/** The same on a phone: two lines each, and a third where the gateway's own record was not read yet. */
export function PaymentCards({ items, basis }: Rows) {
  const words = useWords()
  const { t } = words
  return (
    <ul aria-label={t('list.caption')} className="border-t border-line md:hidden">
      {items.map((item) => (
        <li key={item.id} className="border-b border-line">
          <Link href={`/payments/${item.id}`} className="grid grid-cols-1 gap-1 py-2.5">
            <span className="flex items-center gap-2">
              <StatusMark payment={item} />
              <span className="min-w-0 truncate text-soft">{item.orderName}</span>
              <span className="ml-auto inline-flex items-center gap-1.5">
                <EnvironmentBadge environment={item.environment} testStore={item.testStore} />
                <span className="font-semibold whitespace-nowrap">{words.money(item.amount, item.currency)}</span>
              </span>
            </span>
            <span className="flex items-center gap-2 text-meta text-soft">
              <span className="whitespace-nowrap">{words.instant(timeOf(item, basis))}</span>
              <span className="min-w-0 truncate">{item.buyerMasked}</span>
              <span className="ml-auto whitespace-nowrap">
                {item.refunded > 0 ? <Refunded item={item} /> : t(`method.${item.method}`)}
              </span>
            </span>
            <SourceMark source={item.source} />
          </Link>
        </li>
      ))}
    </ul>
  )
}
