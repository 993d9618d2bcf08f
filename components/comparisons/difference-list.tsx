'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { differenceKinds, type DifferenceKind } from '#lib/domain/comparison.ts'
import type { Minor } from '#lib/domain/money.ts'
import type { DifferenceItem, DifferencePage } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'
import { EnvironmentBadge } from '../frame/environment-badge.tsx'
import { useStore } from '../frame/use-store.ts'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { Button } from '../ui/button.tsx'
import { FilterSelect } from '../ui/field.tsx'
import { Mark } from '../ui/mark.tsx'
import { More } from '../ui/more.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import type { DifferenceActions } from './actions.ts'
import { toneOf, whyWords } from './comparison-words.ts'
import { DifferenceSheet } from './difference-sheet.tsx'

const states = ['open', 'closed', 'all'] as const
const parsers = {
  state: parseAsStringLiteral(states).withDefault('open'),
  kind: parseAsStringLiteral(differenceKinds),
  mine: parseAsBoolean.withDefault(false),
  /** The one that is open in the sheet. */
  difference: parseAsString,
}

/** Where the two say otherwise: of one comparison, or of all. Each opens beside the list. */
export function DifferenceList({
  comparison,
  actions,
}: {
  readonly comparison: string
  readonly actions: DifferenceActions
}) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const { store, name } = useStore()
  const [filters, setFilters] = useQueryStates(parsers, { history: 'push' })
  const { state, kind, mine, difference } = filters
  const found = useInfiniteQuery({
    queryKey: ['differences', comparison, store, state, kind, mine],
    queryFn: ({ pageParam, signal }) =>
      getJson<DifferencePage>(
        `/api/comparisons/differences?${queryOf({ comparison, store: comparison === '' ? store : '', state, kind, mine: mine ? '1' : '', cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  })
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const narrowed = state !== 'open' || kind !== null || mine
  const body = () => {
    if (found.isPending) return <Skeleton rows={4} label={t('common.loading')} />
    if (found.isError && items.length === 0)
      return <ProblemState problem={problemOf(found.error)} retry={() => void found.refetch()} />
    if (items.length === 0)
      return (
        <State
          title={t(narrowed ? 'comparisons.empty' : 'comparisons.emptyAll')}
          actions={
            narrowed ? (
              <Button onClick={() => void setFilters({ state: null, kind: null, mine: null })}>
                {t('comparisons.showAll')}
              </Button>
            ) : null
          }
        >
          <p>
            {t('comparisons.emptyHint', {
              store: name,
              state: t(`comparisons.state.${state}`),
              kind: t(kind === null ? 'comparisons.anyKind' : `comparisons.kind.${kind}`),
              who: t(mine ? 'comparisons.mine' : 'comparisons.everyone'),
            })}
          </p>
        </State>
      )
    return (
      <>
        <ul aria-label={t('comparisons.differences')} className="border-t border-line">
          {items.map((item) => (
            <Row key={item.id} item={item} onOpen={() => void setFilters({ difference: item.id })} />
          ))}
        </ul>
        <More list={found} />
      </>
    )
  }
  return (
    <>
      <Filters state={state} kind={kind} mine={mine} onChange={(change) => void setFilters(change)} />
      {body()}
      <DifferenceSheet
        id={difference}
        actions={actions}
        onClose={() => void setFilters({ difference: null })}
        onChanged={() => {
          void found.refetch()
          // The counts around the list.
          router.refresh()
        }}
      />
    </>
  )
}

type Filter = {
  readonly state: (typeof states)[number]
  readonly kind: DifferenceKind | null
  readonly mine: boolean
}
/** Null: as it is at first. */
type Change = { readonly [Name in keyof Filter]?: Filter[Name] | null }

function Filters({ state, kind, mine, onChange }: Filter & { readonly onChange: (change: Change) => void }) {
  const { t } = useWords()
  return (
    <div className="flex flex-wrap gap-1.5 pb-3">
      <FilterSelect
        label={t('comparisons.filterState')}
        active={state !== 'open'}
        value={state}
        onChange={({ target }) => onChange({ state: states.find((one) => one === target.value) ?? null })}
      >
        {states.map((one) => (
          <option key={one} value={one}>
            {t(`comparisons.state.${one}`)}
          </option>
        ))}
      </FilterSelect>
      <FilterSelect
        label={t('comparisons.filterKind')}
        active={kind !== null}
        value={kind ?? ''}
        onChange={({ target }) => onChange({ kind: differenceKinds.find((one) => one === target.value) ?? null })}
      >
        <option value="">{t('comparisons.anyKind')}</option>
        {differenceKinds.map((one) => (
          <option key={one} value={one}>
            {t(`comparisons.kind.${one}`)}
          </option>
        ))}
      </FilterSelect>
      <FilterSelect
        label={t('comparisons.filterMine')}
        active={mine}
        value={mine ? '1' : ''}
        onChange={({ target }) => onChange({ mine: target.value === '1' || null })}
      >
        <option value="">{t('comparisons.everyone')}</option>
        <option value="1">{t('comparisons.mine')}</option>
      </FilterSelect>
    </div>
  )
}

function Row({ item, onOpen }: { readonly item: DifferenceItem; readonly onOpen: () => void }) {
  const words = useWords()
  const { t } = words
  const number = item.number === '' ? t('comparisons.noNumber') : item.number
  return (
    <li className="flex flex-wrap items-start gap-x-5 gap-y-1 border-b border-line py-2.5 last:border-b-0">
      <div className="w-full shrink-0 sm:w-40">
        <Mark tone={toneOf(item)}>
          {item.state === 'CLOSED' ? t('comparisons.state.closed') : t(`comparisons.kind.${item.kind}`)}
        </Mark>
        <p className="text-meta text-soft">{item.assignee?.name ?? t('comparisons.nobody')}</p>
      </div>
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium break-all">{number}</span>
          <EnvironmentBadge environment={item.environment} testStore={false} />
        </p>
        <p className="text-meta text-soft">{whyWords(item, words).join(' · ')}</p>
      </div>
      <dl className="grid shrink-0 grid-cols-[4.5rem_6rem_5.5rem] items-baseline gap-x-2 text-right tabular-nums">
        <Side
          label={t('comparisons.ours')}
          amount={item.ours?.amount ?? null}
          cancelled={item.ours?.refunded ?? null}
        />
        <Side
          label={t('comparisons.told')}
          amount={item.told?.amount ?? null}
          cancelled={item.told?.cancelled ?? null}
        />
      </dl>
      <Button
        size="small"
        className="ml-auto"
        aria-label={t('comparisons.openOf', { number })}
        aria-haspopup="dialog"
        onClick={onOpen}
      >
        {t('comparisons.open')}
      </Button>
    </li>
  )
}

type Side = {
  readonly label: string
  readonly amount: Minor | null
  readonly cancelled: Minor | null
}
/** `12,000원 −3,000원` of one side. */
function Side({ label, amount, cancelled }: Side) {
  const words = useWords()
  return (
    <>
      <dt className="text-left text-meta text-soft">{label}</dt>
      <dd>{amount === null ? '–' : words.money(amount, 'KRW')}</dd>
      <dd className="text-soft">{cancelled !== null && cancelled > 0 ? `−${words.money(cancelled, 'KRW')}` : null}</dd>
    </>
  )
}
