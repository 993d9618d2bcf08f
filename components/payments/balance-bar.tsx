'use client'

import { useId } from 'react'
import type { Currency, Minor } from '#lib/domain/money.ts'
import { useWords } from '../words.tsx'

type Sums = {
  readonly currency: Currency
  readonly received: Minor
  readonly refunded: Minor
  readonly open: Minor
  readonly left: Minor
}

const percent = (part: number, whole: number) => `${whole > 0 ? (part / whole) * 100 : 0}%`

/** What was received, in three parts: left, under way (hatched), given back. */
export function BalanceBar({ sums, height = 12 }: { readonly sums: Sums; readonly height?: number }) {
  const words = useWords()
  const hatch = useId()
  const { received, refunded, open, left, currency } = sums
  const said = (value: Minor) => words.money(value, currency)
  return (
    <div>
      <span className="sr-only">
        {words.t('detail.bar.label', {
          received: said(received),
          refunded: said(refunded),
          open: said(open),
          left: said(left),
        })}
      </span>
      <svg aria-hidden="true" className="block w-full rounded-[3px]" height={height}>
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" className="fill-waiting-soft" />
            <rect width="3" height="6" className="fill-waiting-edge" />
          </pattern>
        </defs>
        <rect width="100%" height="100%" className="fill-line" />
        <rect width={percent(left, received)} height="100%" className="fill-accent" />
        <rect x={percent(left, received)} width={percent(open, received)} height="100%" fill={`url(#${hatch})`} />
      </svg>
    </div>
  )
}
