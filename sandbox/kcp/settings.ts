import { z } from 'zod'

/** What is documented nowhere, or a contract decides, each with the default this stand-in takes. */
export const settingsSchema = z.strictObject({
  /** Contract: without it a partial cancel is 8392. */
  partialCancel: z.boolean().default(true),
  /** The issuer's limit (8386); how many is documented nowhere, so none. */
  maxPartialCancels: z.number().int().nonnegative().nullable().default(null),
  /** Whether cancels come from a registered address; else 8012. */
  addressRegistered: z.boolean().default(true),
  /** What KCP still has to settle; a cancel of more is 8178. */
  settlementBalance: z.number().int().nonnegative().nullable().default(null),
  /** Contract: whole refund of virtual accounts, else 8327. */
  vaRefund: z.boolean().default(true),
  /** Contract: partial refund of virtual accounts, else 8328. */
  vaPartialRefund: z.boolean().default(true),
  /** Contract: the account check, else 8998 (the code is inferred). */
  accoContract: z.boolean().default(true),
  /** Assumptions all three: what carries the account check is documented nowhere. */
  accoTxCd: z.string().default('00100000'),
  accoSubset: z.string().default('acnt'),
  accoFields: z
    .strictObject({ owner: z.string(), account: z.string(), bank: z.string() })
    .default({ owner: 'owner_nm', account: 'account_no', bank: 'bank_code' }),
  /** How an escrow step at the wrong time is refused: not documented, both are plausible. */
  escrowStateCode: z.enum(['5002', '8134']).default('5002'),
  /** How a virtual account's issue is answered: 0000 of old, V000 in newer set-ups. */
  vaIssued: z.enum(['0000', 'V000']).default('0000'),
  /** What an issued, unpaid virtual account is in an inquiry (only hinted at). */
  vaWaitingStatus: z.enum(['STIR', 'STSF']).default('STIR'),
  /** Whether refunds into accounts and escrow cancels by module say what is left: the samples read only res_cd, res_msg, tno. */
  refundTellsBalance: z.boolean().default(false),
  /** Whether STSQ says amounts as the REST inquiry does: the one source reads none. */
  statusTellsBalance: z.boolean().default(true),
  /** The third part of an inquiry's signature: guide and reference contradict each other. */
  inquirySigns: z.enum(['pay_type', 'mod_type']).default('pay_type'),
  /** Escrow and account refunds by REST, as the module has them: an inference, so refused. */
  restUndocumented: z.boolean().default(false),
  noticeCharset: z.enum(['EUC-KR', 'UTF-8']).default('EUC-KR'),
  /** How often and how soon a notice is sent again is documented nowhere. */
  noticeAttempts: z.number().int().positive().default(10),
  noticeRetrySeconds: z.number().nonnegative().default(60),
  /** The stand-in program waits 60 s for an answer, as the real one does; tests need not. */
  moduleReceiveMs: z.number().int().positive().default(60_000),
})
export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = settingsSchema.parse({})
