import { z } from 'zod'
import { read } from '#lib/server/route.ts'
import { previewCancellation, PreviewCancellation } from '#lib/services/cancellations/preview-cancellation.ts'

const Query = PreviewCancellation.omit({ paymentId: true }).extend({ id: z.uuid() })

export const GET = read({
  name: 'cancellation.preview',
  query: Query,
  run: (context, { id, ...asked }) => previewCancellation(context, { paymentId: id, ...asked }),
})
