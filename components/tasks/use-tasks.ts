'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import type { TaskPage } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'

const AGAIN_MS = 15_000

export function useTasks(filters: { readonly store: string; readonly kind: string; readonly due: string | null }) {
  const { store, kind, due } = filters
  return useInfiniteQuery({
    queryKey: ['tasks', store, kind, due],
    queryFn: ({ pageParam, signal }) =>
      getJson<TaskPage>(`/api/tasks?${queryOf({ store, kind, due, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: AGAIN_MS,
  })
}
