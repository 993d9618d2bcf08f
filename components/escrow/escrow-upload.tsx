'use client'

import { useState } from 'react'
import type { ShipmentRowResult } from '#lib/domain/views.ts'
import type { Said, Words } from '#lib/i18n/words.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { FileInput, tables } from '../ui/file-input.tsx'
import { Mark } from '../ui/mark.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../words.tsx'
import type { SheetActions } from './actions.ts'
import { courierName, shipmentProblem } from './stage-mark.tsx'
import { useSheet, type SheetRow } from './use-sheet.ts'

type Props = {
  readonly open: boolean
  readonly onClose: () => void
  readonly actions: SheetActions
  readonly onRegistered: () => void
}

/** First what would happen, row by row; then it happens, and every row says what became of it. */
export function EscrowUpload({ open, onClose, actions, onRegistered }: Props) {
  const words = useWords()
  const { t } = words
  const sheet = useSheet(actions)
  const [sendEmail, setSendEmail] = useState(true)
  const { rows, results, sending } = sheet
  const started = results.size > 0 || sending
  const send = async () => {
    await sheet.send(sendEmail)
    onRegistered()
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      held={sending}
      locked={sending}
      title={t('escrowBoard.upload')}
      foot={rows ? <Foot sheet={sheet} started={started} onSend={() => void send()} /> : null}
    >
      <div className="grid gap-4">
        {rows ? null : <Choose sheet={sheet} />}
        {sheet.problem && !sheet.brokenOff ? (
          <Callout tone="refused" live>
            {uploadProblem(sheet.problem, words)}
          </Callout>
        ) : null}
        {sheet.brokenOff && sheet.problem ? (
          <Callout tone="waiting" title={words.problem(sheet.problem)} live>
            {t('escrowBoard.brokenOff')}
          </Callout>
        ) : null}
        {rows ? <Summary rows={rows} results={results} started={started} sending={sending} /> : null}
        {rows && !started ? (
          <label className="flex items-center gap-2">
            <input type="checkbox" checked={sendEmail} onChange={({ target }) => setSendEmail(target.checked)} />
            {t('shipping.form.sendEmail')}
          </label>
        ) : null}
        {rows ? <RowList rows={rows} results={results} /> : null}
      </div>
    </Sheet>
  )
}

type OfSheet = { readonly sheet: ReturnType<typeof useSheet> }

function Choose({ sheet }: OfSheet) {
  const { t } = useWords()
  return (
    <div className="grid gap-2">
      <p>{t('escrowBoard.upload1')}</p>
      <p className="text-soft">{t('escrowBoard.textOnly')}</p>
      <FileInput
        label={t('escrowBoard.file')}
        accept={tables}
        disabled={sheet.reading}
        onFile={(file) => void sheet.take(file)}
      />
      {sheet.reading ? <output className="text-soft">{t('escrowBoard.reading')}</output> : null}
      {sheet.tooLarge ? (
        <Callout tone="refused" live>
          {t('escrowBoard.file_too_large')}
        </Callout>
      ) : null}
    </div>
  )
}

function uploadProblem({ code, facts }: Said, words: Words): string {
  const otherwise = words.problem({ code, facts })
  if (code === 'request.too_large') return words.t('escrowBoard.file_too_large')
  return code === 'upload.unreadable'
    ? words.sentence(`escrowBoard.unreadable.${String(facts['reason'])}`, facts, otherwise)
    : otherwise
}

type OfRows = { readonly rows: readonly SheetRow[]; readonly results: ReadonlyMap<string, ShipmentRowResult> }

function Summary({
  rows,
  results,
  started,
  sending,
}: OfRows & { readonly started: boolean; readonly sending: boolean }) {
  const words = useWords()
  const { t } = words
  const good = rows.filter((row) => row.verdict.ok).length
  const bad = rows.filter((row) => !row.verdict.ok && row.verdict.reason !== 'not_filled').length
  const taken = [...results.values()].filter((one) => one.ok).length
  if (!started) {
    return (
      <Callout
        tone={good === 0 ? 'refused' : bad > 0 ? 'waiting' : 'done'}
        title={
          good === 0
            ? t('escrowBoard.previewNone')
            : t('escrowBoard.previewTitle', { ok: words.count(good), bad: words.count(bad) })
        }
      >
        {t('escrowBoard.previewHint')}
      </Callout>
    )
  }
  return (
    <div className="grid gap-2">
      <progress className="w-full" max={good} value={results.size} aria-label={t('escrowBoard.upload')} />
      <output>
        {sending || results.size < good
          ? t('escrowBoard.progress', { done: words.count(results.size), total: words.count(good) })
          : t('escrowBoard.finished', { count: words.count(taken) })}
        {results.size > taken ? ` ${t('escrowBoard.refused', { count: words.count(results.size - taken) })}` : null}
      </output>
    </div>
  )
}

function Foot({ sheet, started, onSend }: OfSheet & { readonly started: boolean; readonly onSend: () => void }) {
  const words = useWords()
  const { t } = words
  const count = words.count(sheet.left)
  return (
    <div className="flex flex-wrap gap-2">
      {sheet.left > 0 ? (
        <Button look="primary" disabled={sheet.sending} onClick={onSend}>
          {t(started ? 'escrowBoard.again' : 'escrowBoard.confirm', { count })}
        </Button>
      ) : null}
      <Button disabled={sheet.sending} onClick={sheet.reset}>
        {t('escrowBoard.another')}
      </Button>
    </div>
  )
}

/** What is wrong comes first: the rest goes by itself. */
function RowList({ rows, results }: OfRows) {
  const words = useWords()
  const wrong = (row: SheetRow) => !row.verdict.ok || results.get(row.id)?.ok === false
  const ordered = [...rows.filter(wrong), ...rows.filter((row) => !wrong(row))]
  return (
    <ul aria-label={words.t('escrowBoard.file')} className="border-t border-line">
      {ordered.map((row) => (
        <Line key={row.id} row={row} result={results.get(row.id)} />
      ))}
    </ul>
  )
}

function Line({ row, result }: { readonly row: SheetRow; readonly result: ShipmentRowResult | undefined }) {
  const words = useWords()
  const { t } = words
  return (
    <li className="grid gap-0.5 border-b border-line py-2">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
        <span className="text-meta text-soft">{t('escrowBoard.line', { line: row.line })}</span>
        <RowMark row={row} result={result} />
        <span className="break-all">
          {row.courier === null ? null : courierName(row.courier, words)} {row.trackingNumber}
        </span>
      </span>
      <span className="text-meta break-all text-soft">{[row.orderName, row.number].filter(Boolean).join(' · ')}</span>
      <RowWords row={row} result={result} />
    </li>
  )
}

function RowMark({ row, result }: { readonly row: SheetRow; readonly result: ShipmentRowResult | undefined }) {
  const words = useWords()
  const { t } = words
  const { verdict } = row
  if (!verdict.ok)
    return <Mark tone={verdict.reason === 'not_filled' ? 'ended' : 'refused'}>{t('escrowBoard.skipped')}</Mark>
  if (result)
    return (
      <Mark tone={result.ok ? 'done' : 'refused'}>{t(result.ok ? 'escrowBoard.taken' : 'escrowBoard.notTaken')}</Mark>
    )
  if (verdict.later !== null)
    return <Mark tone="waiting">{t('escrowBoard.willWait', { at: words.instant(verdict.later) })}</Mark>
  return (
    <Mark tone="waiting">{t(verdict.kind === 'register' ? 'escrowBoard.willRegister' : 'escrowBoard.willChange')}</Mark>
  )
}

function RowWords({ row, result }: { readonly row: SheetRow; readonly result: ShipmentRowResult | undefined }) {
  const words = useWords()
  const { verdict } = row
  const said = (): readonly string[] => {
    if (!verdict.ok) {
      const { reason, facts } = verdict
      const policy = words.sentence(`shipping.reason.${reason}`, facts, reason)
      return [words.sentence(`escrowBoard.row.${reason}`, facts, policy)]
    }
    if (result?.ok === false) return [shipmentProblem(result.problem, words)]
    return verdict.warnings.map((warning) => words.sentence(`shipping.warning.${warning}`, {}, warning))
  }
  return said().map((text) => (
    <span key={text} className="text-meta">
      {text}
    </span>
  ))
}
