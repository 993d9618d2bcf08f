'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import type { CancellationState } from '#lib/domain/cancellation.ts'
import type { Instant } from '#lib/domain/kst.ts'
import type { DeskItem } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'

export const views = ['all', 'confirming', 'approvals', 'scheduled'] as const
export type DeskView = (typeof views)[number]
type Page = { readonly items: readonly DeskItem[]; readonly next: string | null; readonly asOf: Instant }
type Asked = { readonly view: DeskView; readonly state: CancellationState | null; readonly store: string }

const AGAIN_MS = 10_000

export function useCancellations({ view, state, store }: Asked, enabled = true) {
  return useInfiniteQuery({
    queryKey: ['cancellations', view, state, store],
    queryFn: ({ pageParam, signal }) =>
      getJson<Page>(`/api/cancellations?${queryOf({ view, state, store, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: AGAIN_MS,
    enabled,
  })
}

export type Cancellations = ReturnType<typeof useCancellations>
