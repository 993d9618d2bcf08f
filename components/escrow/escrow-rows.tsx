'use client'

import { clsx } from 'clsx'
import Link from 'next/link'
import type { Instant } from '#lib/domain/kst.ts'
import { isOpenShipment } from '#lib/domain/shipping.ts'
import type { EscrowItem } from '#lib/domain/views.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { MethodWord } from '../payments/method-word.tsx'
import { useNow } from '../use-now.ts'
import { useWords } from '../words.tsx'
import { companyName, dueText, OrderMark, orderWords } from './stage-mark.tsx'

type Rows = {
  readonly items: readonly EscrowItem[]
  /** When they were read, by the rules' clock. */ readonly asOf: Instant
}
type One = { readonly item: EscrowItem; readonly now: Instant }

const isLate = ({ item, now }: One) => item.dueAt !== null && now >= item.dueAt

export function EscrowTable({ items, asOf }: Rows) {
  const { t } = useWords()
  const now = useNow(asOf)
  return (
    <table className="hidden w-full border-collapse md:table">
      <caption className="sr-only">{t('escrowBoard.caption')}</caption>
      <thead className="text-meta whitespace-nowrap text-soft">
        <tr className="h-8 border-y border-line">
          <th className="px-2 pl-0">{t('escrowBoard.column.paid')}</th>
          <th className="px-2">{t('escrowBoard.column.payment')}</th>
          <th className="px-2 text-end">{t('escrowBoard.column.amount')}</th>
          <th className="px-2 pl-5">{t('escrowBoard.column.delivery')}</th>
          <th className="px-2">{t('escrowBoard.column.due')}</th>
          <th className="px-2 pr-0">{t('escrowBoard.column.order')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row key={item.payment.id} item={item} now={now} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ item, now }: One) {
  const words = useWords()
  const { payment } = item
  return (
    <tr className="relative h-9 border-b border-line hover:bg-sunk">
      <td className="px-2 py-1.5 pl-0 whitespace-nowrap">
        <Link href={`/payments/${payment.id}#shipment`} className="rounded after:absolute after:inset-0">
          {words.instant(payment.approvedAt)}
        </Link>
      </td>
      <td className="max-w-64 px-2 py-1.5">
        <span className="block truncate">
          <MethodWord payment={payment} /> {payment.orderName}
        </span>
        <span className="block truncate text-meta text-soft">
          {[payment.buyerMasked, payment.paymentId ?? payment.pgTxId].filter(Boolean).join(' · ')}
        </span>
      </td>
      <td className="px-2 text-end whitespace-nowrap">
        <span className="inline-flex items-center gap-1.5">
          <EnvironmentBadge environment={payment.environment} testStore={payment.testStore} />
          <span className="font-semibold">{words.money(payment.amount, payment.currency)}</span>
        </span>
      </td>
      <td className="px-2 py-1.5 pl-5">
        <Parcel item={item} />
      </td>
      <td className="px-2 py-1.5 whitespace-nowrap">
        <Due item={item} now={now} />
      </td>
      <td className="px-2 py-1.5 pr-0">
        <LastOrder item={item} />
      </td>
    </tr>
  )
}

function Parcel({ item: { delivery } }: Pick<One, 'item'>) {
  const words = useWords()
  const name = companyName(delivery, words)
  if (name === null && delivery.trackingNumber === null)
    return <span className="text-soft">{words.sentence(`escrow.${delivery.status}`, {}, delivery.status)}</span>
  return (
    <>
      {name} <span className="break-all">{delivery.trackingNumber}</span>
      {delivery.sentAt === null ? null : (
        <span className="block text-meta text-soft">{words.instant(delivery.sentAt)}</span>
      )}
    </>
  )
}

function Due({ item, now }: One) {
  const words = useWords()
  if (item.dueAt === null) return null
  return (
    <span className={clsx(isLate({ item, now }) && 'text-refused')}>
      {dueText(item.dueAt, now, words)}
      <span className="block text-meta text-soft">{words.instant(item.dueAt)}</span>
    </span>
  )
}

/** The last order, while it is open or where it came to nothing: what was done stands in the record itself. */
function LastOrder({ item: { order } }: Pick<One, 'item'>) {
  const words = useWords()
  if (!order || order.state === 'DONE') return null
  return (
    <span className="grid gap-0.5">
      <OrderMark order={order} />
      <span className="text-meta text-soft">
        {isOpenShipment(order.state) ? order.trackingNumber : null} {orderWords(order, words).join(' ')}
      </span>
    </span>
  )
}

export function EscrowCards({ items, asOf }: Rows) {
  const words = useWords()
  const now = useNow(asOf)
  return (
    <ul aria-label={words.t('escrowBoard.caption')} className="border-t border-line md:hidden">
      {items.map((item) => (
        <li key={item.payment.id} className="border-b border-line">
          <Link href={`/payments/${item.payment.id}#shipment`} className="grid grid-cols-1 gap-1 py-2.5">
            <span className="flex items-center gap-2">
              <Due item={item} now={now} />
              <span className="ml-auto inline-flex items-center gap-1.5">
                <EnvironmentBadge environment={item.payment.environment} testStore={item.payment.testStore} />
                <span className="font-semibold">{words.money(item.payment.amount, item.payment.currency)}</span>
              </span>
            </span>
            <span className="truncate">
              {[item.payment.orderName, item.payment.buyerMasked].filter(Boolean).join(' · ')}
            </span>
            <span className="text-meta">
              <Parcel item={item} />
            </span>
            <span className="text-meta">
              <LastOrder item={item} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
