'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import type { ShippingStage } from '#lib/domain/shipping.ts'
import type { EscrowPage } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'

const AGAIN_MS = 5_000

export function useEscrow(stage: ShippingStage, store: string) {
  return useInfiniteQuery({
    queryKey: ['escrow', stage, store],
    queryFn: ({ pageParam, signal }) =>
      getJson<EscrowPage>(`/api/escrow?${queryOf({ stage, store, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: AGAIN_MS,
  })
}
