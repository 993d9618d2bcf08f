import { queryOptions } from '@tanstack/react-query'
import type { PaymentView } from '#lib/domain/views.ts'
import { getJson } from '../fetch-json.ts'

export const paymentQuery = (id: string) =>
  queryOptions({
    queryKey: ['payment', id],
    queryFn: ({ signal }) => getJson<PaymentView>(`/api/payments/${id}`, signal),
  })
