'use client'

import type { BankCodeRow } from '#lib/domain/dated/bank-codes.ts'
import { Mark } from '../ui/mark.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { cell, ConflictLine, head, SourceLine } from './dated-words.tsx'

/** Every bank code with whose table it stands in; folded, since it is long and seldom needed. */
export function BankCodes({ rows }: { readonly rows: readonly BankCodeRow[] }) {
  const { t, count, language } = useWords()
  return (
    <Section title={t('asof.codes')}>
      <details>
        <summary className="w-fit text-accent">{t('asof.codesOpen', { count: count(rows.length) })}</summary>
        <table className="mt-3 mb-3 w-full max-w-4xl" aria-label={t('asof.codes')}>
          <thead>
            <tr>
              <th className={head}>{t('asof.column.code')}</th>
              <th className={head}>{t('asof.column.bank')}</th>
              <th className={head}>{t('gateway.ksnet')}</th>
              <th className={head}>{t('gateway.kcp')}</th>
              <th className={`${head} max-md:hidden`}>{t('gateway.portone')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.code}>
                <td className={cell}>{row.code}</td>
                <td className={cell}>
                  {row[language]}
                  <Remarks row={row} />
                </td>
                <td className={cell}>
                  <Listed listed={row.ksnet} />
                </td>
                <td className={cell}>
                  <Listed listed={row.kcp} />
                </td>
                <td className={`${cell} text-meta text-soft max-md:hidden`}>{row.portone}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <SourceLine source="moduleBanks" />
        <SourceLine source="kcpBanks" />
        <SourceLine source="bankTable" />
      </details>
    </Section>
  )
}

function Remarks({ row: { into, kcpSince, conflict } }: { readonly row: BankCodeRow }) {
  const { t, language } = useWords()
  return (
    <>
      {into ? (
        <p className="text-meta text-faint">{t('asof.into', { bank: into[language], code: into.code })}</p>
      ) : null}
      {kcpSince === null ? null : <p className="text-meta text-faint">{t('asof.since', { day: kcpSince })}</p>}
      {conflict === null ? null : <ConflictLine conflict={conflict} />}
    </>
  )
}

function Listed({ listed }: { readonly listed: boolean }) {
  const { t } = useWords()
  return <Mark tone={listed ? 'done' : 'ended'}>{t(listed ? 'asof.listed' : 'asof.unlisted')}</Mark>
}
