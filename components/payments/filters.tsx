'use client'

import { clsx } from 'clsx'
import { methods } from '#lib/domain/payment.ts'
import { parseKstDate, type KstDate } from '#lib/domain/kst.ts'
import type { UnderstoodView } from '#lib/domain/views.ts'
import { useFrame } from '../frame/frame-context.tsx'
import { FilterSelect } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import { bases, periodOf, presets, statusChoice, statusChoices } from './list-query.ts'
import { Understood } from './understood.tsx'
import type { ListFilters } from './use-list.ts'

export function Filters({
  list,
  today,
  understood,
}: {
  readonly list: ListFilters
  readonly today: KstDate
  readonly understood: UnderstoodView | null
}) {
  if (list.searched) return <Understood words={understood} search={(q) => void list.setFilters({ q: q || null })} />
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
      <Presets list={list} today={today} />
      <Days list={list} />
      <Selects list={list} />
    </div>
  )
}

function Presets({ list: { period, setFilters }, today }: { readonly list: ListFilters; readonly today: KstDate }) {
  const { t } = useWords()
  const chosen = presets.find((preset) => {
    const { from, to } = periodOf(preset, today)
    return from === period.from && to === period.to
  })
  return (
    <fieldset aria-label={t('list.period')} className="-mx-1 flex min-w-0 max-w-full overflow-x-auto px-1 py-0.5">
      {presets.map((preset) => (
        <button
          key={preset}
          type="button"
          aria-pressed={preset === chosen}
          onClick={() => void setFilters(periodOf(preset, today))}
          className={clsx(
            'h-7 shrink-0 rounded px-2 text-meta',
            preset === chosen ? 'bg-accent-soft font-semibold text-accent' : 'text-soft hover:bg-sunk',
          )}
        >
          {t(`list.preset.${preset}`)}
        </button>
      ))}
    </fieldset>
  )
}

function Days({ list: { period, setFilters } }: { readonly list: ListFilters }) {
  const { t } = useWords()
  const look = 'h-7 rounded border border-line bg-paper px-1.5 text-meta text-soft hover:border-edge'
  return (
    <div className="flex items-center gap-1 text-faint">
      <input
        type="date"
        aria-label={t('list.from')}
        className={look}
        value={period.from}
        max={period.to}
        onChange={({ target }) => {
          const from = parseKstDate(target.value)
          if (from) void setFilters({ from, to: period.to })
        }}
      />
      ~
      <input
        type="date"
        aria-label={t('list.to')}
        className={look}
        value={period.to}
        min={period.from}
        onChange={({ target }) => {
          const to = parseKstDate(target.value)
          if (to) void setFilters({ from: period.from, to })
        }}
      />
    </div>
  )
}

function Selects({ list: { filters, setFilters, store } }: { readonly list: ListFilters }) {
  const words = useWords()
  const { t } = words
  const { channels } = useFrame()
  const offered = channels.filter((channel) => store === '' || channel.storeId === store)
  const narrowed = filters.method ?? filters.status ?? (filters.channel || null)
  const pick = <Value extends string>(values: readonly Value[], text: string): Value | null =>
    values.find((value) => value === text) ?? null
  return (
    <div className="-mx-1 flex max-w-full items-center gap-1.5 overflow-x-auto px-1 py-0.5">
      <FilterSelect
        label={t('list.basis')}
        active={filters.basis !== 'approved'}
        value={filters.basis}
        onChange={({ target }) => void setFilters({ basis: pick(bases, target.value) })}
      >
        {bases.map((basis) => (
          <option key={basis} value={basis}>
            {t(`list.basisOf.${basis}`)}
          </option>
        ))}
      </FilterSelect>
      <FilterSelect
        label={t('list.method')}
        active={filters.method !== null}
        value={filters.method ?? ''}
        onChange={({ target }) => void setFilters({ method: pick(methods, target.value) })}
      >
        <option value="">{t('list.method')}</option>
        {methods.map((method) => (
          <option key={method} value={method}>
            {t(`method.${method}`)}
          </option>
        ))}
      </FilterSelect>
      <FilterSelect
        label={t('list.status')}
        active={filters.status !== null}
        value={filters.status ?? ''}
        onChange={({ target }) => void setFilters({ status: pick(statusChoices, target.value) })}
      >
        <option value="">{t('list.status')}</option>
        {statusChoices.map((status) => (
          <option key={status} value={status}>
            {statusChoice(status, filters.method, words)}
          </option>
        ))}
      </FilterSelect>
      <FilterSelect
        label={t('list.channel')}
        active={filters.channel !== ''}
        value={filters.channel}
        onChange={({ target }) => void setFilters({ channel: target.value || null })}
      >
        <option value="">{t('list.channel')}</option>
        {offered.map((channel) => (
          <option key={channel.id} value={channel.id}>
            {channel.name}
          </option>
        ))}
      </FilterSelect>
      <FilterSelect
        label={t('list.test')}
        active={filters.test === 'hide'}
        value={filters.test}
        onChange={({ target }) => void setFilters({ test: pick(['show', 'hide'], target.value) })}
      >
        <option value="show">{t('list.testShow')}</option>
        <option value="hide">{t('list.testHide')}</option>
      </FilterSelect>
      {narrowed ? (
        <button
          type="button"
          className="h-7 rounded px-2 text-meta text-accent hover:bg-accent-soft"
          onClick={() => void setFilters({ method: null, status: null, channel: null })}
        >
          {t('list.clear')}
        </button>
      ) : null}
    </div>
  )
}
