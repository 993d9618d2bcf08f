'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import type { KstDate } from '#lib/domain/kst.ts'
import type { PaymentPage } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'
import { useStore } from '../frame/use-store.ts'
import { listParsers, periodOf } from './list-query.ts'

/** What is asked for, as the URL says it. A number is searched whatever the period and with test payments. */
export function useListFilters(today: KstDate) {
  const [filters, setFilters] = useQueryStates(listParsers, { history: 'push' })
  const { store, name: storeName } = useStore()
  const usual = periodOf('month1', today)
  const period = { from: filters.from ?? usual.from, to: filters.to ?? today }
  return { filters, setFilters, store, storeName, period, byNumber: filters.q !== '' }
}

export type ListFilters = ReturnType<typeof useListFilters>

export function useList({ filters, store, period, byNumber }: ListFilters) {
  const { q, channel, method, status, basis } = filters
  const asked = byNumber
    ? { q, store, test: 'show' }
    : { store, channel, method, status, basis, test: filters.test, ...period }
  return useInfiniteQuery({
    queryKey: ['payments', asked],
    queryFn: ({ pageParam, signal }) =>
      getJson<PaymentPage>(`/api/payments?${queryOf({ ...asked, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })
}
