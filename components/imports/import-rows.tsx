'use client'

import Link from 'next/link'
import { useState } from 'react'
import { minor } from '#lib/domain/money.ts'
import type { ImportRowResult, ImportRowView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Mark, type Tone } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'
import type { Import } from './use-import.ts'

type Rows = { readonly rows: readonly ImportRowView[] }
type Kind = 'new' | 'recorded' | 'known' | 'differs' | 'error'

const countOf = (all: Iterable<{ readonly kind: Kind }>, kind: Kind): number =>
  [...all].filter((one) => one.kind === kind).length

export function Summary({ rows, flow, onSend }: Rows & { readonly flow: Import; readonly onSend: () => void }) {
  const words = useWords()
  const { t, count } = words
  const verdicts = rows.map(({ verdict }) => verdict)
  const fresh = countOf(verdicts, 'new')
  const known = countOf(verdicts, 'known')
  const bad = countOf(verdicts, 'differs') + countOf(verdicts, 'error')
  if (flow.started) return <Progress rows={rows} flow={flow} onSend={onSend} />
  return (
    <div className="grid gap-3">
      <Callout
        tone={bad > 0 ? 'waiting' : fresh > 0 ? 'done' : 'ended'}
        title={
          fresh === 0
            ? t('imports.previewNone')
            : t('imports.previewTitle', { fresh: count(fresh), known: count(known), bad: count(bad) })
        }
      >
        {fresh === 0
          ? t('imports.previewNoneHint', { known: count(known), bad: count(bad) })
          : t('imports.previewHint')}
      </Callout>
      {fresh > 0 ? (
        <Button look="primary" className="justify-self-start" disabled={flow.reading} onClick={onSend}>
          {t('imports.take', { count: count(fresh) })}
        </Button>
      ) : null}
    </div>
  )
}

function Progress({ rows, flow, onSend }: Rows & { readonly flow: Import; readonly onSend: () => void }) {
  const { t, count } = useWords()
  const results = [...flow.results.values()]
  const bad = countOf(results, 'differs') + countOf(results, 'error')
  return (
    <div className="grid gap-2">
      <progress className="w-full" max={rows.length} value={results.length} aria-label={t('imports.title')} />
      <output>
        {flow.finished
          ? t('imports.finished', {
              added: count(countOf(results, 'recorded')),
              known: count(countOf(results, 'known')),
              bad: count(bad),
            })
          : t('imports.progress', { done: count(results.length), total: count(rows.length) })}
      </output>
      {flow.brokenOff ? (
        <Button look="primary" className="justify-self-start" onClick={onSend}>
          {t('imports.goOn')}
        </Button>
      ) : null}
    </div>
  )
}

const SHOWN_AT_ONCE = 100
const order: readonly Kind[] = ['error', 'differs', 'new', 'recorded', 'known']

/** What needs somebody comes first. */
export function ImportRows({ rows, results }: Rows & { readonly results: Import['results'] }) {
  const { t } = useWords()
  const [shown, setShown] = useState(SHOWN_AT_ONCE)
  const kindOf = (row: ImportRowView): Kind => (results.get(row.line) ?? row.verdict).kind
  const ordered = order.flatMap((kind) => rows.filter((row) => kindOf(row) === kind))
  return (
    <div>
      <ul aria-label={t('imports.rows')} className="border-t border-line">
        {ordered.slice(0, shown).map((row) => (
          <Line key={row.line} row={row} result={results.get(row.line)} />
        ))}
      </ul>
      {ordered.length > shown ? (
        <div className="flex justify-center py-4">
          <Button onClick={() => setShown((before) => before + SHOWN_AT_ONCE)}>{t('common.more')}</Button>
        </div>
      ) : null}
    </div>
  )
}

const tones: Record<Kind, Tone> = {
  new: 'waiting',
  recorded: 'done',
  known: 'ended',
  differs: 'refused',
  error: 'refused',
}

function Line({ row, result }: { readonly row: ImportRowView; readonly result: ImportRowResult | undefined }) {
  const words = useWords()
  const { t } = words
  const now = result ?? row.verdict
  const said = sentenceOf(row, now, words)
  const facts = [
    row.amount === null ? '' : words.money(row.amount, 'KRW'),
    row.method === null ? '' : t(`method.${row.method}`),
    row.approvedAt === null ? '' : words.instant(row.approvedAt),
  ]
  return (
    <li className="grid gap-0.5 border-b border-line py-2">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
        <span className="text-meta text-soft">{t('escrowBoard.line', { line: row.line })}</span>
        <Mark tone={tones[now.kind]}>{t(`imports.kind.${now.kind}`)}</Mark>
        {'paymentId' in now ? (
          <Link href={`/payments/${now.paymentId}`} className="break-all text-accent">
            {row.number}
          </Link>
        ) : (
          <span className="break-all">{row.number}</span>
        )}
        <span className="text-soft">{facts.filter(Boolean).join(' · ')}</span>
      </span>
      {said === null ? null : <span className="text-meta">{said}</span>}
    </li>
  )
}

function sentenceOf(
  { verdict, amount }: ImportRowView,
  now: ImportRowView['verdict'] | ImportRowResult,
  words: Words,
): string | null {
  const { t, money } = words
  if (now.kind === 'error') {
    const { reason, facts } = now
    const column = words.sentence(`imports.field.${String(facts['column'])}`, {}, '')
    return words.sentence(`imports.row.${reason}`, { ...facts, column }, reason)
  }
  if (now.kind !== 'differs') return null
  const ours = verdict.kind === 'differs' ? money(minor(verdict.ours), 'KRW') : ''
  return ours === '' || amount === null
    ? t('imports.row.differs')
    : t('imports.row.differsAmount', { ours, file: money(amount, 'KRW') })
}
