import { read } from '#lib/server/route.ts'
import { findCancellations, FindCancellations } from '#lib/services/cancellations/find-cancellations.ts'

export const GET = read({
  name: 'payment.list',
  query: FindCancellations,
  // Countdowns on the desks run by the server's clock.
  run: async ({ actor, now }, query) => ({ ...(await findCancellations(actor, query)), asOf: now() }),
})
