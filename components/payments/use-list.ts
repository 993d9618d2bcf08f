'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import type { KstDate } from '#lib/domain/kst.ts'
import type { PaymentPage } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'
import { useStore } from '../frame/use-store.ts'
import { listParsers, periodOf } from './list-query.ts'

/** What is asked for, as the URL says it. What was typed into the box brings its own period, and finds test payments. */
export function useListFilters(today: KstDate) {
  const [filters, setFilters] = useQueryStates(listParsers, { history: 'push' })
  const { store, name: storeName } = useStore()
  const usual = periodOf('month1', today)
  const period = { from: filters.from ?? usual.from, to: filters.to ?? today }
  return { filters, setFilters, store, storeName, period, searched: filters.q !== '' }
}

export type ListFilters = ReturnType<typeof useListFilters>

/** As the list's route is asked. */
export function askedOf({ filters, store, period, searched }: ListFilters) {
  const { q, channel, method, status, basis, test } = filters
  return searched ? { q, store, test: 'show' } : { store, channel, method, status, basis, test, ...period }
}

export function useList(list: ListFilters) {
  const asked = askedOf(list)
  return useInfiniteQuery({
    queryKey: ['payments', asked],
    queryFn: ({ pageParam, signal }) =>
      getJson<PaymentPage>(`/api/payments?${queryOf({ ...asked, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })
}
