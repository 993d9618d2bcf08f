'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Minor } from '#lib/domain/money.ts'
import type { PaymentView, PreviewView } from '#lib/domain/views.ts'
import { getJson, queryOf } from '../fetch-json.ts'

const PAUSE_MS = 250
const AGAIN_MS = 30_000

function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/**
 * What the rules say of this amount, as the payment stands now. `current` only when it speaks of exactly what is asked and
 * of exactly these sums.
 */
export function usePreview(payment: PaymentView, amount: Minor | null, taxFree: Minor | null, enabled: boolean) {
  const asked = queryOf({ amount, taxFree })
  const settled = useSettled(asked)
  const { id, left, leftTaxFree, open, busy } = payment
  const preview = useQuery({
    queryKey: ['preview', id, settled, left, leftTaxFree, open, busy],
    queryFn: ({ signal }) => getJson<PreviewView>(`/api/payments/${id}/preview?${settled}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
    enabled,
  })
  const current = settled === asked && preview.isSuccess && !preview.isPlaceholderData
  return { preview: preview.data ?? null, current, error: preview.error }
}
