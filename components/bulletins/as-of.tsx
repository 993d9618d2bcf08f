'use client'

import { bankCodesOn, vaBanksOn, type VaBankRow, type VaState } from '#lib/domain/dated/bank-codes.ts'
import { cardsOn, sixDigits, type CardOn } from '#lib/domain/dated/cards.ts'
import { changeDays } from '#lib/domain/dated/bulletins.ts'
import { parseKstDate, type KstDate } from '#lib/domain/kst.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { controlClass } from '../ui/field.tsx'
import { Mark, type Tone } from '../ui/mark.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { BankCodes } from './bank-codes.tsx'
import { cell, ConflictLine, head, SourceLine, spanText } from './dated-words.tsx'

type Days = { readonly day: KstDate; readonly today: KstDate; readonly onDay: (day: KstDate | null) => void }

/** The bank list and the table of card authentication as they were on a day. */
export function AsOf({ day, today, wrong, onDay }: Days & { readonly wrong: string | null }) {
  const { t } = useWords()
  const va = vaBanksOn(day)
  const issues = va.filter(({ held }) => held.state === 'issues').length
  return (
    <>
      {wrong === null ? null : (
        <div className="pb-4">
          <Callout tone="refused" title={t('asof.wrongTitle')} live>
            {t('asof.wrong', { given: wrong, day: today })}
          </Callout>
        </div>
      )}
      <DayChoice day={day} today={today} onDay={onDay} />
      <p className="max-w-4xl pb-4 text-soft">
        {t('asof.limits')} {t('asof.undated')}
      </p>
      <div className="grid gap-x-10 lg:grid-cols-2">
        <Section
          title={t('asof.va')}
          aside={<span className="text-soft">{t('asof.vaCount', { issues: String(issues) })}</span>}
        >
          <VaTable rows={va} />
          <SourceLine source="citi" />
        </Section>
        <Section title={t('asof.cards')} aside={<span className="text-soft">{t('asof.cardsNote')}</span>}>
          <CardTable rows={cardsOn(day)} />
          <SourceLine source="moduleCards" />
          <SourceLine source="moduleAuth" />
          <SourceLine source="jeju" />
        </Section>
      </div>
      <BankCodes rows={bankCodesOn(day)} />
    </>
  )
}

function DayChoice({ day, today, onDay }: Days) {
  const { t } = useWords()
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
      <output className="text-lead font-semibold">{t(day === today ? 'asof.isToday' : 'asof.shown', { day })}</output>
      <label className="flex items-center gap-2 text-meta text-soft">
        {t('asof.day')}
        <input
          key={day}
          type="date"
          defaultValue={day}
          className={controlClass}
          onChange={({ target }) => {
            const chosen = parseKstDate(target.value)
            // While a year is being typed there are days of the first centuries.
            if (chosen && chosen >= '1900') onDay(chosen)
          }}
        />
      </label>
      <fieldset aria-label={t('asof.days')} className="-mx-1 flex min-w-0 max-w-full flex-wrap gap-1 px-1">
        {changeDays.map((one) => (
          <Button key={one} size="small" look="quiet" aria-pressed={one === day} onClick={() => onDay(one)}>
            {one}
          </Button>
        ))}
        <Button size="small" look="quiet" aria-pressed={day === today} onClick={() => onDay(today)}>
          {t('asof.toToday')}
        </Button>
      </fieldset>
    </div>
  )
}

const toneOf: Readonly<Record<VaState, Tone>> = { issues: 'done', deposits: 'waiting', ended: 'ended' }

function VaTable({ rows }: { readonly rows: readonly VaBankRow[] }) {
  const words = useWords()
  const { t, language } = words
  return (
    <table className="mb-3 w-full" aria-label={t('asof.va')}>
      <thead>
        <tr>
          <th className={head}>{t('asof.column.code')}</th>
          <th className={head}>{t('asof.column.bank')}</th>
          <th className={head}>{t('asof.column.state')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ held, into, ...row }) => (
          <tr key={row.code}>
            <td className={cell}>{row.code}</td>
            <td className={cell}>
              {row[language]}
              {into ? (
                <p className="text-meta text-faint">{t('asof.into', { bank: into[language], code: into.code })}</p>
              ) : null}
              {held.conflict ? <ConflictLine conflict={held.conflict} /> : null}
            </td>
            <td className={cell}>
              <Mark tone={toneOf[held.state]}>{t(`asof.vaState.${held.state}`)}</Mark>
              <p className="text-meta text-soft sm:whitespace-nowrap">{spanText(held, words)}</p>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function CardTable({ rows }: { readonly rows: readonly CardOn[] }) {
  const words = useWords()
  const { t, language } = words
  return (
    <table className="mb-3 w-full" aria-label={t('asof.cards')}>
      <thead>
        <tr>
          <th className={head}>{t('asof.column.code')}</th>
          <th className={`${head} max-sm:hidden`}>{t('asof.column.six')}</th>
          <th className={head}>{t('asof.column.card')}</th>
          <th className={head}>{t('asof.column.auth')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.code}>
            <td className={cell}>{row.code}</td>
            <td className={`${cell} whitespace-nowrap text-soft max-sm:hidden`}>{sixDigits(row.code)}</td>
            <td className={cell}>
              {row[language]}
              <Conflicts row={row} />
            </td>
            <td className={`${cell} min-w-24 sm:whitespace-nowrap`}>
              <CardState row={row} />
              {row.now ? <p className="text-meta text-soft">{spanText(row.now, words)}</p> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Conflicts = ({ row: { now, conflict } }: { readonly row: CardOn }) =>
  [now?.conflict, conflict].flatMap((one) => (one ? [<ConflictLine key={one} conflict={one} />] : []))

function CardState({ row: { now, use } }: { readonly row: CardOn }) {
  const { t } = useWords()
  if (use !== 'approves') return <span className="text-soft">{t(`asof.use.${use}`)}</span>
  return now === null ? (
    <span className="text-soft">{t('asof.authNone')}</span>
  ) : (
    <span className="font-medium whitespace-nowrap">{now.by.join(' · ')}</span>
  )
}
