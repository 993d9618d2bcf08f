import { read } from '#lib/server/route.ts'
import { findPayments, FindPayments } from '#lib/services/payments/find-payments.ts'

export const GET = read({
  name: 'payment.list',
  query: FindPayments,
  run: ({ actor }, query) => findPayments(actor, query),
})
