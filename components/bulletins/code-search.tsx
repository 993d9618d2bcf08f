'use client'

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { findCodes, type CodeGateway, type ResponseCode } from '#lib/domain/dated/response-codes.ts'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import { ConflictLine, spanText } from './dated-words.tsx'

const STEP = 50
const gateways = ['ksnet', 'kcp'] as const
/** Where each gateway is asked: KSNET's manuals, NHN KCP's account check guide. */
const phones: Readonly<Record<CodeGateway, string>> = { ksnet: '1544-6030', kcp: '1544-8661' }

/** What a code means, by the code or by words of its meaning. */
export function CodeSearch() {
  const words = useWords()
  const { t, count } = words
  const [{ code, of }, set] = useQueryStates(
    { code: parseAsString.withDefault(''), of: parseAsStringLiteral(gateways) },
    { history: 'replace' },
  )
  const [limit, setLimit] = useState(STEP)
  const found = findCodes(of, code)
  return (
    <>
      <div className="flex flex-wrap items-start gap-3 pb-3">
        <TextField
          label={t('codes.search')}
          hint={t('codes.searchHint')}
          type="search"
          value={code}
          maxLength={40}
          className="w-full sm:w-72"
          onChange={({ target }) => {
            setLimit(STEP)
            void set({ code: target.value || null })
          }}
        />
        <SelectField
          label={t('codes.gateway')}
          value={of ?? ''}
          onChange={({ target }) => void set({ of: gateways.find((one) => one === target.value) ?? null })}
        >
          <option value="">{t('codes.gatewayAll')}</option>
          {gateways.map((one) => (
            <option key={one} value={one}>
              {t(`gateway.${one}`)}
            </option>
          ))}
        </SelectField>
        <output className="self-center text-soft">{t('codes.count', { count: count(found.length) })}</output>
      </div>
      <p className="max-w-4xl pb-4 text-meta text-faint">
        {t('codes.note')} {t('codes.undated')}
      </p>
      {found.length === 0 ? (
        <State
          title={t('codes.emptyTitle')}
          actions={<Button onClick={() => void set({ code: null, of: null })}>{t('codes.clear')}</Button>}
        >
          <p>{t('codes.empty', { text: code, gateway: of === null ? t('codes.gatewayAll') : t(`gateway.${of}`) })}</p>
        </State>
      ) : (
        <CodeList rows={found.slice(0, limit)} />
      )}
      {found.length > limit ? (
        <div className="flex justify-center py-4">
          <Button onClick={() => setLimit(limit + STEP)}>
            {t('codes.more', { count: count(Math.min(STEP, found.length - limit)) })}
          </Button>
        </div>
      ) : null}
    </>
  )
}

const columns = 'md:grid-cols-[8rem_minmax(0,1fr)_minmax(0,1.3fr)_minmax(0,1.2fr)]'

function CodeList({ rows }: { readonly rows: readonly ResponseCode[] }) {
  const { t } = useWords()
  return (
    <>
      <div aria-hidden="true" className={`hidden gap-x-4 pb-1.5 text-meta text-soft md:grid ${columns}`}>
        <span>{t('codes.code')}</span>
        <span>{t('codes.meaning')}</span>
        <span>{t('codes.todo')}</span>
        <span>{t('codes.validity')}</span>
      </div>
      <ul aria-label={t('codes.caption')} className="border-t border-line">
        {rows.map((row) => (
          <CodeRow key={`${row.gateway} ${row.source} ${row.code}`} row={row} />
        ))}
      </ul>
    </>
  )
}

function CodeRow({ row }: { readonly row: ResponseCode }) {
  const words = useWords()
  const { t, language } = words
  const gateway = t(`gateway.${row.gateway}`)
  return (
    <li className={`grid gap-x-4 gap-y-0.5 border-b border-line py-2 ${columns}`}>
      <p>
        <span className="font-semibold">{row.code}</span> <span className="text-meta text-soft">{gateway}</span>
      </p>
      <div>
        <p>{row[language]}</p>
        {row.conflict ? <ConflictLine conflict={row.conflict} /> : null}
      </div>
      <p className="text-soft">{t(`codes.todoOf.${row.todo}`, { gateway, phone: phones[row.gateway] })}</p>
      <p className="text-meta text-faint">
        {[spanText(row, words), t(`dated.source.${row.source}`)].filter(Boolean).join(' · ')}
      </p>
    </li>
  )
}
