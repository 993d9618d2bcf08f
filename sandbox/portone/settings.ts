import { z } from 'zod'

/** What the documents leave open (U) or a contract decides (K), each with the default this stand-in takes. */
export const settingsSchema = z.strictObject({
  /** The partner-settlement product, without which the holder look-up is 403 PLATFORM_NOT_ENABLED. */
  platform: z.boolean().default(false),
  /** U6: what an unpaid virtual account becomes when it is closed. */
  vaCloseStatus: z.enum(['CANCELLED', 'FAILED']).default('CANCELLED'),
  /** K7: the virtual account refund contract. */
  vaRefundContract: z.boolean().default(true),
  /** K6: what becomes of a tax-free part on a one-off virtual account. */
  oneOffVaTax: z.enum(['ignore', 'reject']).default('ignore'),
  /** K8. */
  maxPartialCancels: z.number().int().nonnegative().default(9),
  /** K8: how a partial cancel beyond the maximum is refused. */
  tooManyPartials: z.enum(['MAX_CANCEL_COUNT_REACHED', 'PG_PROVIDER']).default('MAX_CANCEL_COUNT_REACHED'),
  /** K8: whether the remainder may still go as a whole after the maximum. */
  remainderAfterMax: z.enum(['refused', 'allowed']).default('refused'),
  /** K12: without the escrow contract a payment goes through as a plain one. */
  escrowContract: z.boolean().default(true),
  /** K11: how long after payment delivery data can be changed. */
  escrowDelayMinutes: z.number().nonnegative().default(30),
  /** The order of the cursor feeds by creation time; not documented. */
  cursorOrder: z.enum(['ASC', 'DESC']).default('ASC'),
  /** Factor on the waits between webhook attempts; 0 tries again at once. */
  retryScale: z.number().nonnegative().default(1),
  /** U10: which answers to a webhook are a success. */
  webhookSuccess: z.enum(['2xx', '200']).default('2xx'),
})
export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = settingsSchema.parse({})
