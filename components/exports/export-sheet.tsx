'use client'

import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { ExportOffer, ExportView } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Facts } from '../ui/facts.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useAction } from '../use-action.ts'
import { useWords } from '../words.tsx'
import { useExportAction } from './export-context.tsx'

/** The list's query as its route is asked, and the same in words. */
export type Wanted = {
  readonly what: 'payments' | 'cancellations' | 'audit'
  readonly filter: Readonly<Record<string, string | null | undefined>>
  readonly said: readonly (string | null | undefined | false)[]
}

type Props = { readonly open: boolean; readonly onClose: () => void; readonly wanted: Wanted }

const formats = ['xlsx', 'csv'] as const
const REASON_MAX = 200
const AGAIN_MS = 1_000

const setIn = (filter: Wanted['filter']): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).flatMap(([name, value]) => (value ? [[name, value]] : [])))

/** Says what the file will hold, asks for format and reason, then shows how far it is while the browser takes it. */
export function ExportSheet({ open, onClose, wanted }: Props) {
  const { t } = useWords()
  const [id, setId] = useState<string | null>(null)
  const close = () => {
    setId(null)
    onClose()
  }
  return (
    <Sheet open={open} onClose={close} held={false} title={`${t('export.title')} · ${t(`export.of.${wanted.what}`)}`}>
      {id === null ? <Offer wanted={wanted} onMade={setId} /> : <Progress id={id} onNew={() => setId(null)} />}
    </Sheet>
  )
}

function Offer({ wanted, onMade }: { readonly wanted: Wanted; readonly onMade: (id: string) => void }) {
  const { t } = useWords()
  const filter = setIn(wanted.filter)
  const offer = useQuery({
    queryKey: ['export-offer', wanted.what, filter],
    queryFn: ({ signal }) => getJson<ExportOffer>(`/api/exports?${queryOf({ ...filter, what: wanted.what })}`, signal),
    staleTime: 0,
  })
  if (offer.isPending) return <Skeleton rows={5} label={t('common.loading')} />
  if (offer.isError) return <ProblemState problem={problemOf(offer.error)} retry={() => void offer.refetch()} />
  return (
    <div className="grid gap-5">
      <Holds offer={offer.data} wanted={wanted} />
      <Wish offer={offer.data} wanted={wanted} filter={filter} onMade={onMade} />
    </div>
  )
}

function Holds({ offer, wanted }: { readonly offer: ExportOffer; readonly wanted: Wanted }): ReactNode {
  const { t, count } = useWords()
  const said = wanted.said.filter(Boolean).join(' · ')
  const tooMany = offer.rows > offer.rowsMax
  const rows = tooMany
    ? t('export.tooMany', { max: count(offer.rowsMax) })
    : t('export.rows', { count: count(offer.rows) })
  return (
    <section aria-label={t('export.what')} className="grid gap-3">
      <Facts
        facts={[
          { label: t('export.what'), value: t(`export.of.${wanted.what}`) },
          { label: t('export.filter'), value: said || t('export.noFilter') },
          { label: t('export.count'), value: rows },
        ]}
      />
      {offer.leftOut.length > 0 ? (
        <Callout tone="waiting">{t('export.leftOut', { stores: offer.leftOut.join(', ') })}</Callout>
      ) : null}
      {offer.rows === 0 ? <Callout tone="ended">{t('export.none')}</Callout> : null}
      <p className="text-meta text-faint">{t('export.masked')}</p>
    </section>
  )
}

function Wish({
  offer,
  wanted,
  filter,
  onMade,
}: {
  readonly offer: ExportOffer
  readonly wanted: Wanted
  readonly filter: Record<string, string>
  readonly onMade: (id: string) => void
}) {
  const words = useWords()
  const { t } = words
  const [format, setFormat] = useState<(typeof formats)[number]>('xlsx')
  const [reason, setReason] = useState('')
  const { run, pending, problem } = useAction(useExportAction())
  const possible = offer.rows > 0 && offer.rows <= offer.rowsMax
  const start = async () => {
    const made = await run({ what: wanted.what, format, filter, reason: reason.trim() })
    if (!made) return
    take(made.id)
    onMade(made.id)
  }
  return (
    <form
      method="post"
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <SelectField
        label={t('export.format')}
        hint={format === 'csv' ? t('export.csvHint') : undefined}
        value={format}
        onChange={({ target }) => setFormat(formats.find((one) => one === target.value) ?? 'xlsx')}
      >
        {formats.map((one) => (
          <option key={one} value={one}>
            {t(`export.formatOf.${one}`)}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t('export.reason')}
        hint={t('export.reasonHint')}
        value={reason}
        maxLength={REASON_MAX}
        required
        onChange={({ target }) => setReason(target.value)}
      />
      <ProblemCallout problem={problem} />
      <Button look="primary" type="submit" disabled={!possible || pending || reason.trim() === ''}>
        {pending
          ? t('export.preparing')
          : t('export.start', { count: words.count(Math.min(offer.rows, offer.rowsMax)) })}
      </Button>
    </form>
  )
}

/** By the browser itself: nothing of the file passes through this page. */
function take(id: string): void {
  const link = document.createElement('a')
  link.href = `/api/exports/${id}/download`
  link.download = ''
  link.click()
}

function Progress({ id, onNew }: { readonly id: string; readonly onNew: () => void }) {
  const { t, count } = useWords()
  const seen = useQuery({
    queryKey: ['export', id],
    queryFn: ({ signal }) => getJson<ExportView>(`/api/exports/${id}`, signal),
    refetchInterval: ({ state }) =>
      state.data?.state === 'finished' || state.data?.state === 'expired' ? false : AGAIN_MS,
    staleTime: 0,
  })
  if (seen.isPending) return <Skeleton rows={2} label={t('common.loading')} />
  if (seen.isError) return <ProblemState problem={problemOf(seen.error)} retry={() => void seen.refetch()} />
  const { state, rows, total } = seen.data
  const numbers = { rows: count(rows), total: count(total) }
  const broken = state === 'ready' && rows > 0
  return (
    <div className="grid justify-items-start gap-4">
      <progress
        className="h-2 w-full accent-accent"
        aria-label={t('export.progress')}
        max={Math.max(total, 1)}
        value={state === 'finished' ? Math.max(total, 1) : rows}
      />
      <output className="grid w-full gap-2">
        {state === 'finished' ? <Callout tone="done">{t('export.finished', numbers)}</Callout> : null}
        {state === 'expired' ? <Callout tone="refused">{t('export.expired')}</Callout> : null}
        {broken ? <Callout tone="refused">{t('export.broken')}</Callout> : null}
        {state === 'running' || (state === 'ready' && !broken) ? (
          <>
            <p>{t('export.running', numbers)}</p>
            <p className="text-soft">{t('export.wait')}</p>
          </>
        ) : null}
      </output>
      {broken ? (
        <Button look="primary" onClick={() => take(id)}>
          {t('export.again')}
        </Button>
      ) : null}
      {state === 'finished' || state === 'expired' ? <Button onClick={onNew}>{t('export.new')}</Button> : null}
    </div>
  )
}
