'use client'

import type { Currency } from '#lib/domain/money.ts'
import { minor } from '#lib/domain/money.ts'
import type { DayView } from '#lib/domain/views.ts'
import { useWords } from '../words.tsx'

const WIDTH = 720
const HEIGHT = 140
const GAP = 0.25

/** Approved upward, cancelled downward from the same line: told apart by place, not by colour. The table says the same in numbers. */
export function Trend({ currency, days }: { readonly currency: Currency; readonly days: readonly DayView[] }) {
  const words = useWords()
  const { t } = words
  const money = (value: number) => words.money(minor(value), currency)
  const sum = (part: 'approved' | 'cancelled') => days.reduce((all, day) => all + day[part], 0)
  const highest = days.reduce<DayView | undefined>(
    (best, day) => (best === undefined || day.approved > best.approved ? day : best),
    undefined,
  )
  const title = t('today.chart', {
    approved: money(sum('approved')),
    cancelled: money(sum('cancelled')),
    day: highest?.day ?? '',
    most: money(highest?.approved ?? 0),
  })
  return (
    <div className="grid grid-cols-1 gap-3">
      <Bars days={days} title={title} />
      <div className="flex justify-between text-meta text-faint" aria-hidden="true">
        <span>{days[0]?.day}</span>
        <span>
          ▲ {t('today.approved')} ▼ {t('today.cancelled')}
        </span>
        <span>{days.at(-1)?.day}</span>
      </div>
      <details>
        <summary className="w-fit text-accent">{t('today.table')}</summary>
        <div className="overflow-x-auto pt-3">
          <DayTable days={days} currency={currency} caption={t('today.trend', { currency })} />
        </div>
      </details>
    </div>
  )
}

function Bars({ days, title }: { readonly days: readonly DayView[]; readonly title: string }) {
  const up = Math.max(...days.map((day) => day.approved), 1)
  const down = Math.max(...days.map((day) => day.cancelled), 0)
  const scale = HEIGHT / (up + down)
  const line = up * scale
  const step = WIDTH / Math.max(days.length, 1)
  const width = step * (1 - GAP)
  return (
    <svg
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn here, there is no file to show
      role="img"
      aria-label={title}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="h-36 w-full"
      preserveAspectRatio="none"
    >
      <title>{title}</title>
      {days.map(({ day, approved, cancelled }, index) => (
        <g key={day}>
          <rect
            x={index * step}
            y={line - approved * scale}
            width={width}
            height={approved * scale}
            className="fill-accent"
          />
          <rect x={index * step} y={line} width={width} height={cancelled * scale} className="fill-refused" />
        </g>
      ))}
      <line
        x1={0}
        x2={WIDTH}
        y1={line}
        y2={line}
        className="stroke-edge"
        strokeWidth={1}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}

function DayTable({
  days,
  currency,
  caption,
}: {
  readonly days: readonly DayView[]
  readonly currency: Currency
  readonly caption: string
}) {
  const words = useWords()
  const { t } = words
  const right = 'px-2 text-end'
  return (
    <table className="border-collapse whitespace-nowrap">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-meta text-soft">
        <tr className="h-8 border-y border-line">
          <th className="px-2 pl-0">{t('today.day')}</th>
          <th className={right}>{t('today.approvedCount')}</th>
          <th className={right}>{t('today.approved')}</th>
          <th className={right}>{t('today.cancelledCount')}</th>
          <th className={right}>{t('today.cancelled')}</th>
          <th className={right}>{t('today.net')}</th>
        </tr>
      </thead>
      <tbody>
        {days.toReversed().map((day) => (
          <tr key={day.day} className="h-8 border-b border-line">
            <th className="px-2 pl-0 font-normal" scope="row">
              {day.day}
            </th>
            <td className={right}>{words.count(day.approvedCount)}</td>
            <td className={right}>{words.money(day.approved, currency)}</td>
            <td className={right}>{words.count(day.cancelledCount)}</td>
            <td className={right}>{words.money(day.cancelled, currency)}</td>
            <td className={right}>{words.money(day.net, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
