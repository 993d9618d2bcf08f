import { read } from '#lib/server/route.ts'
import { FindPayments } from '#lib/services/payments/find-payments.ts'
import { searchPayments } from '#lib/services/payments/search-payments.ts'

export const GET = read({
  name: 'payment.list',
  query: FindPayments,
  run: searchPayments,
})
