'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import type { CancellationState } from '#lib/domain/cancellation.ts'
import type { CancellationView, PaymentItem } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'

export type CancellationItem = CancellationView & { readonly payment: PaymentItem }
type Page = { readonly items: readonly CancellationItem[]; readonly next: string | null }

const AGAIN_MS = 10_000

export function useCancellations(state: CancellationState | null, store: string) {
  return useInfiniteQuery({
    queryKey: ['cancellations', state, store],
    queryFn: ({ pageParam, signal }) =>
      getJson<Page>(`/api/cancellations?${queryOf({ state, store, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: AGAIN_MS,
  })
}
