import { read } from '#lib/server/route.ts'
import { findCancellations, FindCancellations } from '#lib/services/cancellations/find-cancellations.ts'

export const GET = read({
  name: 'payment.list',
  query: FindCancellations,
  run: ({ actor }, query) => findCancellations(actor, query),
})
