'use client'

import { statusChoice } from '../payments/list-query.ts'
import { askedOf, type ListFilters } from '../payments/use-list.ts'
import { useFrame } from '../frame/frame-context.tsx'
import { useStore } from '../frame/use-store.ts'
import { useWords } from '../words.tsx'
import { ExportButton } from './export-button.tsx'

/** Of the payment list: as it is asked for, and the same in words. */
export function PaymentExport({ list }: { readonly list: ListFilters }) {
  const words = useWords()
  const { t } = words
  const { channels } = useFrame()
  const { filters, period, storeName, searched } = list
  const said = searched
    ? [storeName, t('export.search', { q: filters.q })]
    : [
        storeName,
        t('list.basisNote', { basis: t(`list.basisOf.${filters.basis}`), ...period }),
        channels.find(({ id }) => id === filters.channel)?.name,
        filters.method && t(`method.${filters.method}`),
        filters.status && statusChoice(filters.status, filters.method, words),
        t(filters.test === 'hide' ? 'list.testHide' : 'list.testShow'),
      ]
  return <ExportButton what="payments" filter={askedOf(list)} said={said} />
}

export function CancellationExport({
  view,
  state,
}: {
  readonly view: 'all' | 'confirming' | 'approvals' | 'scheduled'
  readonly state: 'UNCONFIRMED' | 'SENDING' | 'DONE' | 'DECLINED' | 'WITHDRAWN' | null
}) {
  const { t } = useWords()
  const { store, name } = useStore()
  const said = [name, t(`desk.view.${view}`), view === 'all' && t(`cancellations.filter.${state ?? 'all'}`)]
  return <ExportButton what="cancellations" filter={{ store, view, ...(view === 'all' && { state }) }} said={said} />
}

export function AuditExport({
  action,
  outcome,
}: {
  readonly action: string
  readonly outcome: 'done' | 'denied' | 'failed' | null
}) {
  const words = useWords()
  const { store, name } = useStore()
  const said = [name, action && words.action(action), outcome && words.t(`outcome.${outcome}`)]
  return <ExportButton what="audit" filter={{ store, action, outcome }} said={said} />
}
