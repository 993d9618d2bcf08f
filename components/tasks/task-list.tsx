'use client'

import { useRouter } from 'next/navigation'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { TestEdge } from '../frame/environment-badge.tsx'
import { useStore } from '../frame/use-store.ts'
import { ProblemState, problemOf } from '../problem-state.tsx'
import { Button } from '../ui/button.tsx'
import { FilterSelect } from '../ui/field.tsx'
import { More } from '../ui/more.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { State } from '../ui/state.tsx'
import { useWords } from '../words.tsx'
import { TaskRows } from './task-rows.tsx'
import type { ResolveTask } from './task-step.tsx'
import { useTasks } from './use-tasks.ts'

const dues = ['now', 'later'] as const
const parsers = {
  kind: parseAsString.withDefault(''),
  due: parseAsStringLiteral(dues),
}

export function TaskList({ kinds, resolve }: { readonly kinds: readonly string[]; readonly resolve: ResolveTask }) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const { store, name } = useStore()
  const [filters, setFilters] = useQueryStates(parsers, { history: 'push' })
  const kind = kinds.includes(filters.kind) ? filters.kind : ''
  const found = useTasks({ store, kind, due: filters.due })
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const asOf = found.data?.pages[0]?.asOf
  const narrowed = kind !== '' || filters.due !== null
  const body = () => {
    if (found.isPending) return <Skeleton rows={8} label={t('common.loading')} />
    if (asOf === undefined || (found.isError && items.length === 0))
      return <ProblemState problem={problemOf(found.error)} retry={() => void found.refetch()} />
    if (items.length === 0)
      return (
        <State
          title={t(narrowed ? 'tasks.emptyNarrowed' : 'tasks.emptyTitle')}
          actions={
            narrowed ? (
              <Button onClick={() => void setFilters({ kind: null, due: null })}>{t('tasks.showAll')}</Button>
            ) : null
          }
        >
          <p>{t('tasks.empty', { store: name })}</p>
        </State>
      )
    return (
      <>
        <TaskRows
          items={items}
          asOf={asOf}
          resolve={resolve}
          onResolved={() => {
            void found.refetch()
            // The number in the rail.
            router.refresh()
          }}
        />
        <More list={found} />
      </>
    )
  }
  return (
    <>
      <TestEdge shown={items.some((item) => item.payment.environment !== 'live' || item.payment.testStore)} />
      <PageHead
        title={t('tasks.title')}
        note={
          found.isPending ? null : (
            <output>
              {t(found.hasNextPage ? 'list.shownMore' : 'list.shown', { count: words.count(items.length) })}
            </output>
          )
        }
      />
      <p className="max-w-3xl pb-3 text-soft">{t('tasks.hint')}</p>
      <div className="flex flex-wrap gap-1.5 pb-3">
        <FilterSelect
          label={t('tasks.due')}
          active={filters.due !== null}
          value={filters.due ?? ''}
          onChange={({ target }) => void setFilters({ due: dues.find((due) => due === target.value) ?? null })}
        >
          <option value="">{t('tasks.due')}</option>
          {dues.map((due) => (
            <option key={due} value={due}>
              {t(`tasks.dueOf.${due}`)}
            </option>
          ))}
        </FilterSelect>
        <FilterSelect
          label={t('tasks.kind')}
          active={kind !== ''}
          value={kind}
          className="max-w-64"
          onChange={({ target }) => void setFilters({ kind: target.value || null })}
        >
          <option value="">{t('tasks.kind')}</option>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {words.sentence(`taskKind.${one}`, {}, one)}
            </option>
          ))}
        </FilterSelect>
      </div>
      {body()}
    </>
  )
}
