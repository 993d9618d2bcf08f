import { z } from 'zod'

/**
 * What an operation did at the stand-in. Money moved exactly as often as there are entries `cancel` + `executed`:
 * `accepted` is an asynchronous cancel taken in, whose later end is an entry of its own.
 */
const effects = ['executed', 'accepted', 'replayed', 'declined', 'none'] as const
export type Effect = (typeof effects)[number]

export const journalEntrySchema = z.object({
  /** Real time. */
  at: z.string(),
  /** Sandbox time. */
  clock: z.string(),
  gateway: z.string(),
  operation: z.string(),
  payment: z.string().nullable(),
  effect: z.enum(effects),
  idempotencyKey: z.string().optional(),
  amount: z.number().optional(),
  /** The HTTP status that was to be sent; null where none was meant to leave. */
  status: z.number().nullable(),
  /** The error's type. */
  type: z.string().optional(),
  /** The PG's code inside the error. */
  code: z.string().optional(),
  /** The fault that was switched on for this request. */
  fault: z.string().optional(),
  /** How many requests of this operation were being served, this one included; left out where it was alone. */
  atOnce: z.number().optional(),
})
export type JournalEntry = z.infer<typeof journalEntrySchema>
