import { z } from 'zod'

/** One notice of a deposit (20) or of its reversal (51), from the event to its end. */
export const noticeSchema = z.object({
  id: z.string(),
  mid: z.string(),
  payment: z.string(),
  type: z.enum(['20', '51']),
  record: z.enum(['VR', '61']),
  /** In the names of the record's table; the same on every attempt but for `tranNumb`. */
  fields: z.record(z.string(), z.string()),
  /** `due` is to be sent, or sent again; `held` waits for the control API, or for a second one. */
  state: z.enum(['held', 'due', 'delivered', 'gave-up', 'no-target']),
  attempts: z.array(
    z.object({
      at: z.string(),
      url: z.string(),
      status: z.number().nullable(),
      answer: z.string().optional(),
      error: z.string().optional(),
    }),
  ),
})
export type Notice = z.infer<typeof noticeSchema>
