import { z } from 'zod'

/** What is documented nowhere, or a contract decides, each with the default this stand-in takes. */
export const settingsSchema = z.strictObject({
  /** Contract: without it a partial cancel is P10G. */
  partialCancel: z.boolean().default(true),
  /** PortOne's page about KSNET: nine. */
  maxPartialCancels: z.number().int().nonnegative().nullable().default(9),
  /**
   * A partial cancel with the number of an earlier one: the forms say that it is declined. `accepted`: the number is
   * looked at by nobody. `00` is accepted either way, as often as it comes (a log shows it once).
   */
  duplicateSequence: z.enum(['declined', 'accepted']).default('declined'),
  /** How a trno that is not there is refused: the PG's own code, or the VAN's. */
  noOriginal: z.enum(['P10O', '7003']).default('P10O'),
  /** A second cancel of what is no card: as a card's by log, or declined with 7001. */
  alreadyCancelled: z.enum(['O', 'X']).default('O'),
  /** What is said although it was done (fault `error-though-done`). */
  errorThoughDone: z.enum(['8380', '8381', 'P1D1', 'X103', '7803']).default('8380'),
  /** Whether `recv_post.jsp` compares `sndAmount`, where it is sent, with what the buyer saw. */
  comparesAmount: z.boolean().default(true),
  /** Contract: only the issued amount can be paid into a virtual account. */
  amountComparison: z.boolean().default(false),
  /** `VR` of old, or the newer record. */
  noticeRecord: z.enum(['VR', '61']).default('VR'),
  /** By HTTP: as the address' scheme says (plain GET, https POST), or always one of them. */
  noticeMethod: z.enum(['by-scheme', 'GET', 'POST']).default('by-scheme'),
  /** How often and how soon a notice is sent again is documented nowhere. */
  noticeAttempts: z.number().int().positive().default(10),
  noticeRetrySeconds: z.number().nonnegative().default(60),
})
export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = settingsSchema.parse({})
