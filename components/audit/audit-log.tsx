'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { AuditItem, AuditPage } from '#lib/domain/views.ts'
import { AuditExport } from '../exports/list-exports.tsx'
import { getJson, queryOf } from '../fetch-json.ts'
import { useFrame } from '../frame/frame-context.tsx'
import { useStore } from '../frame/use-store.ts'
import { pretty } from '../payments/timeline.tsx'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { More } from '../ui/more.tsx'
import { FilterSelect } from '../ui/field.tsx'
import { Mark, type Tone } from '../ui/mark.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'

const outcomes = ['done', 'denied', 'failed'] as const
const tones: Record<AuditItem['outcome'], Tone> = { done: 'done', denied: 'refused', failed: 'refused' }
const actions = [
  'session.sign_in',
  'session.unlock',
  'setup.first_owner',
  'payment.view',
  'payment.list',
  'payment.look_up',
  'payment.refresh',
  'payment.recorded',
  'payment.outside_cancel',
  'cancellation.preview',
  'cancellation.request',
  'cancellation.withdraw',
  'cancellation.sending',
  'cancellation.outcome',
  'cancellation.asked',
  'store.create',
  'account.create',
  'account.update',
  'account.test',
  'account.view',
  'channel.create',
  'channel.update',
  'notice.received',
  'notice.rejected',
  'deposit.told',
  'deposit.reversal_told',
  'deposit.counted',
  'deposit.reversed',
  'deposit.confirm',
  'deposit.refuse',
  'audit.view',
  'member.view',
] as const

function useAuditLog() {
  const { store, name } = useStore()
  const [filters, setFilters] = useQueryStates(
    { action: parseAsString.withDefault(''), outcome: parseAsStringLiteral(outcomes) },
    { history: 'push' },
  )
  const found = useInfiniteQuery({
    queryKey: ['audit', store, filters],
    queryFn: ({ pageParam, signal }) =>
      getJson<AuditPage>(`/api/audit?${queryOf({ store, ...filters, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  return { filters, setFilters, found, storeName: name, items: found.data?.pages.flatMap((page) => page.items) ?? [] }
}

type Log = ReturnType<typeof useAuditLog>

export function AuditLog() {
  const words = useWords()
  const { t } = words
  const log = useAuditLog()
  const { found, items } = log
  const body = () => {
    if (found.isPending) return <Skeleton rows={12} label={t('common.loading')} />
    if (found.isError && items.length === 0)
      return <ProblemState problem={problemOf(found.error)} retry={() => void found.refetch()} />
    return items.length === 0 ? <Nothing log={log} /> : <Entries log={log} />
  }
  const denied = found.isError && items.length === 0
  return (
    <>
      <PageHead
        title={t('audit.title')}
        actions={<AuditExport {...log.filters} />}
        note={
          found.isSuccess ? (
            <output>
              {t(found.hasNextPage ? 'list.shownMore' : 'list.shown', { count: words.count(items.length) })}
            </output>
          ) : null
        }
      />
      {denied ? null : <AuditFilters log={log} />}
      {body()}
    </>
  )
}

function AuditFilters({ log: { filters, setFilters } }: { readonly log: Log }) {
  const words = useWords()
  const { t } = words
  return (
    <div className="flex flex-wrap gap-1.5 pb-3">
      <FilterSelect
        label={t('audit.action')}
        active={filters.action !== ''}
        value={filters.action}
        onChange={({ target }) => void setFilters({ action: target.value || null })}
      >
        <option value="">{t('audit.actionAll')}</option>
        {actions.map((action) => (
          <option key={action} value={action}>
            {words.action(action)}
          </option>
        ))}
      </FilterSelect>
      <FilterSelect
        label={t('audit.outcome')}
        active={filters.outcome !== null}
        value={filters.outcome ?? ''}
        onChange={({ target }) => void setFilters({ outcome: outcomes.find((one) => one === target.value) ?? null })}
      >
        <option value="">{t('audit.outcomeAll')}</option>
        {outcomes.map((outcome) => (
          <option key={outcome} value={outcome}>
            {t(`outcome.${outcome}`)}
          </option>
        ))}
      </FilterSelect>
    </div>
  )
}

function Nothing({ log: { filters, storeName } }: { readonly log: Log }) {
  const words = useWords()
  const { t } = words
  const action = filters.action ? words.action(filters.action) : t('audit.actionAll')
  const outcome = filters.outcome ? t(`outcome.${filters.outcome}`) : t('audit.outcomeAll')
  return (
    <State title={t('audit.emptyTitle')}>
      <p>{t('audit.empty', { action, outcome, store: storeName })}</p>
    </State>
  )
}

function Entries({ log: { found, items } }: { readonly log: Log }) {
  const { t } = useWords()
  return (
    <>
      <ol aria-label={t('audit.caption')} className="border-t border-line">
        {items.map((item) => (
          <Entry key={item.id} item={item} />
        ))}
      </ol>
      <More list={found} />
    </>
  )
}

function Entry({ item }: { readonly item: AuditItem }) {
  const words = useWords()
  const { t } = words
  const { stores } = useFrame()
  const store = stores.find((one) => one.id === item.store)?.name
  const subject = item.subject === null ? '' : words.sentence(`subject.${item.subject}`, {}, item.subject)
  return (
    <li className="border-b border-line">
      <details>
        <summary className="grid min-h-9 grid-cols-2 items-center gap-x-4 gap-y-0.5 py-1.5 hover:bg-sunk md:grid-cols-[12rem_8rem_1fr_5rem_10rem]">
          <span className="whitespace-nowrap text-soft">{words.instant(item.at)}</span>
          <span className="truncate text-end md:text-start">{words.who(item.who)}</span>
          <span>{words.action(item.action)}</span>
          <Mark tone={tones[item.outcome]} className="justify-self-end md:justify-self-start">
            {t(`outcome.${item.outcome}`)}
          </Mark>
          <span className="truncate text-soft">{[subject, store].filter(Boolean).join(' · ')}</span>
        </summary>
        <div className="grid gap-1 pb-3">
          <pre className="max-h-96 overflow-auto rounded bg-sunk p-3 text-meta break-all whitespace-pre-wrap">
            {pretty(item.facts)}
          </pre>
          <p className="text-meta text-faint">
            {t('audit.request')} {item.requestId}
            {item.subjectId === null ? '' : ` · ${subject} ${item.subjectId}`}
          </p>
        </div>
      </details>
    </li>
  )
}
