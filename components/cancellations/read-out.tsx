'use client'

import type { DeskItem } from '#lib/domain/views.ts'
import { useFrame } from '../frame/frame-context.tsx'
import { Copy } from '../ui/copy.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'

/** Whom to ask, and what to read out on the phone. */
export function ReadOut({ item }: { readonly item: DeskItem }) {
  const words = useWords()
  const { t } = words
  const { channels } = useFrame()
  const { payment, desk } = item
  const mid = channels.find((channel) => channel.id === payment.channel.id)?.mid ?? null
  const lines = [
    { label: t('detail.facts.mid'), value: mid },
    { label: t('desk.number'), value: payment.pgTxId ?? payment.paymentId },
    { label: t('reference.APPROVAL_NUMBER'), value: payment.approvalNumber },
    { label: t('desk.paid'), value: words.money(payment.amount, payment.currency) },
    { label: t('desk.paidAt'), value: words.instant(payment.approvedAt) },
    { label: t('sheet.amount'), value: words.money(item.amount, payment.currency) },
    { label: t('sheet.sentAt'), value: words.instant(item.sendingSince ?? item.requestedAt) },
  ].flatMap(({ label, value }) => (value === null || value === '' ? [] : [{ label, value }]))
  return (
    <section aria-label={t('desk.readOut')} className="grid content-start gap-2">
      <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold">
        {t('desk.readOut')}
        {desk.phone === null ? null : (
          <a href={`tel:${desk.phone}`} className="font-normal text-accent">
            {desk.phone}
          </a>
        )}
        <a
          href={desk.console}
          target="_blank"
          rel="noopener noreferrer"
          className="inline-flex items-center gap-1 font-normal text-accent underline underline-offset-2"
        >
          {t('detail.sentence.deskConsole')}
          <Icon name="out" className="size-3" />
          <span className="sr-only">({t('common.newWindow')})</span>
        </a>
      </h3>
      <dl className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-4 gap-y-0.5">
        {lines.map(({ label, value }) => (
          <div key={label} className="contents">
            <dt className="leading-6 text-soft">{label}</dt>
            <dd className="flex min-w-0 items-start gap-1">
              <span className="leading-6">{value}</span>
              <Copy value={value} what={label} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
