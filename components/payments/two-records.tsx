'use client'

import { clsx } from 'clsx'
import { paymentStatuses } from '#lib/domain/payment.ts'
import type { GatewayRecordView, PaymentView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import type { PaymentActions } from './actions.ts'

type Line = { readonly name: string; readonly ours: string; readonly theirs: string }

const statusWord = (status: string, { method }: PaymentView, words: Words) => {
  const known = paymentStatuses.find((one) => one === status)
  return known ? words.status(known, method) : status
}

function linesOf(payment: PaymentView, record: GatewayRecordView, words: Words): readonly Line[] {
  const { t } = words
  const money = (value: PaymentView['amount']) => words.money(value, payment.currency)
  const done =
    payment.cancellations.filter((one) => one.state === 'DONE' && one.kind === 'CANCEL').length +
    payment.outsideRefunds.length
  const tax = record.taxFree !== null && (payment.taxFree > 0 || record.taxFree > 0)
  const line = (name: string, ours: PaymentView['amount'], theirs: PaymentView['amount'] | null) =>
    theirs === null ? [] : [{ name, ours: money(ours), theirs: money(theirs) }]
  return [
    {
      name: t('detail.records.status'),
      ours: statusWord(payment.status, payment, words),
      theirs: statusWord(record.status, payment, words),
    },
    { name: t('detail.records.total'), ours: money(payment.amount), theirs: money(record.total) },
    ...(tax ? line(t('detail.records.taxFree'), payment.taxFree, record.taxFree) : []),
    ...line(t('detail.records.paid'), payment.received, record.paid),
    ...line(t('detail.records.cancelled'), payment.refunded, record.cancelled),
    ...(tax ? line(t('detail.records.cancelledTaxFree'), payment.refundedTaxFree, record.cancelledTaxFree) : []),
    ...(record.cancellations === null
      ? []
      : [
          {
            name: t('detail.records.cancellations'),
            ours: t('detail.records.count', { count: done }),
            theirs: t('detail.records.count', {
              count: record.cancellations.filter((one) => one.status === 'succeeded').length,
            }),
          },
        ]),
  ]
}

/** Our record beside the gateway's, differences marked. */
export function TwoRecords({
  payment,
  refresh,
  onRefreshed,
}: {
  readonly payment: PaymentView
  readonly refresh: PaymentActions['refresh']
  readonly onRefreshed: () => void
}) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(refresh)
  const record = payment.gatewayRecord
  const again = async () => {
    await run({ paymentId: payment.id })
    onRefreshed()
  }
  const button = payment.canAsk ? (
    <Button size="small" disabled={pending || !payment.may.refresh} onClick={() => void again()} className="ml-auto">
      <Icon name="refresh" className="size-3.5" />
      {pending ? t('detail.records.refreshing') : t('detail.records.refresh')}
    </Button>
  ) : null
  return (
    <Section title={t('detail.records.title')} aside={button}>
      <div className="grid gap-3">
        <ProblemCallout problem={problem} />
        {record ? (
          <Compared lines={linesOf(payment, record, words)} readAt={words.time(record.readAt)} />
        ) : (
          <p className="text-soft">{payment.canAsk ? t('detail.records.never') : t('detail.records.cannot')}</p>
        )}
        {record?.cancellations === null ? <p className="text-meta text-faint">{t('detail.records.sumsNote')}</p> : null}
        {payment.gateway === 'portone' && /ksnet/i.test(payment.pg) ? (
          <p className="text-meta text-faint">{t('detail.records.ksnetNote')}</p>
        ) : null}
        {payment.canAsk && !payment.may.refresh ? (
          <p className="text-meta text-soft">
            {t('denied.inline', {
              permission: words.permission('payment.refresh'),
              who: words.roles(payment.whoMayRefresh),
            })}
          </p>
        ) : null}
      </div>
    </Section>
  )
}

type Both = { readonly lines: readonly Line[]; readonly readAt: string }

/** Where they agree there is nothing to read, and the table is folded. */
function Compared(both: Both) {
  const { t } = useWords()
  const differing = both.lines.filter((line) => line.ours !== line.theirs).length
  if (differing > 0)
    return (
      <>
        <Mark tone="refused">{t('detail.records.differsCount', { count: differing })}</Mark>
        <SideBySide {...both} />
      </>
    )
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-1.5">
        <Mark tone="done">{t('detail.records.same')}</Mark>
        <span className="text-soft">({t('detail.records.readAt', { time: both.readAt })})</span>
      </p>
      <details>
        <summary className="w-fit text-accent">{t('detail.records.show')}</summary>
        <SideBySide {...both} />
      </details>
    </>
  )
}

function SideBySide({ lines, readAt }: Both) {
  const { t } = useWords()
  return (
    <table className="w-full border-collapse">
      <caption className="sr-only">{t('detail.records.title')}</caption>
      <thead className="text-meta text-soft">
        <tr className="h-7 border-b border-line">
          <th>{t('detail.records.item')}</th>
          <th className="px-3 text-end">{t('detail.records.ours')}</th>
          <th className="pl-3 text-end">
            {t('detail.records.theirs')}{' '}
            <span className="text-faint">({t('detail.records.readAt', { time: readAt })})</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, ours, theirs }) => (
          <tr
            key={name}
            className={clsx('h-8 border-b border-line last:border-b-0', ours !== theirs && 'bg-refused-soft')}
          >
            <th scope="row" className="font-normal text-soft">
              {name}
            </th>
            <td className="px-3 text-end">{ours}</td>
            <td className="pl-3 text-end">
              {ours === theirs ? null : (
                <Mark tone="refused" className="mr-2 text-meta">
                  {t('detail.records.differs')}
                </Mark>
              )}
              {theirs}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
