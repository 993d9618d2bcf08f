import { z } from 'zod'
import { read } from '#lib/server/route.ts'
import { getPayment } from '#lib/services/payments/get-payment.ts'

export const GET = read({
  name: 'payment.view',
  query: z.object({ id: z.string() }),
  run: (context, { id }) => getPayment(context, id),
})
