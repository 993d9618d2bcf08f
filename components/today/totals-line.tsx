'use client'

import { useQuery } from '@tanstack/react-query'
import type { TotalsView, TotalView } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'
import { useWords } from '../words.tsx'

/** What the list comes to, beside its title: asked for by itself, so that the list waits for nothing. */
export function TotalsLine({ query }: { readonly query: Readonly<Record<string, string | null | undefined>> }) {
  const { t } = useWords()
  const found = useQuery({
    queryKey: ['payment-totals', query],
    queryFn: ({ signal }) => getJson<TotalsView>(`/api/payments/totals?${queryOf(query)}`, signal),
  })
  if (found.isPending || (found.data && found.data.basis === 'none')) return null
  return (
    <output aria-label={t('totals.label')} className="block w-full pb-2 text-meta text-soft">
      {found.data ? <Said view={found.data} /> : t('totals.failed')}
    </output>
  )
}

function Said({ view: { basis, totals } }: { readonly view: TotalsView }) {
  const words = useWords()
  const { t } = words
  if (basis === 'none') return null
  if (basis === 'many') return t('totals.many')
  if (totals.length === 0) return t('totals.nothing')
  const said = (total: TotalView) =>
    t(`totals.${basis}`, {
      approvedCount: words.count(total.approvedCount),
      approved: words.money(total.approved, total.currency),
      cancelledCount: words.count(total.cancelledCount),
      cancelled: words.money(total.cancelled, total.currency),
      net: words.money(total.net, total.currency),
    })
  return (
    <>
      {totals.map((total) => (
        <span key={total.currency} className="mr-2 text-soft">
          {said(total)}
        </span>
      ))}
      <span className="text-faint">({t(`totals.${basis}Basis`)})</span>
    </>
  )
}
