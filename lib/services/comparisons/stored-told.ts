import 'server-only'
import { z } from 'zod'
import { layouts, type FileMeaning } from '#lib/domain/comparison.ts'
import { instant } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { comparedFields } from '#lib/domain/payment-import.ts'
import { methods } from '#lib/domain/payment.ts'
import { Method } from '../imports/import-file.ts'

const title = z.string().min(1).max(100)
/** Which column is what, as a person said it. */
export const Meaning = z.object({
  columns: z.partialRecord(z.enum(comparedFields), title),
  layout: z.enum(layouts),
  allMethod: Method.nullable(),
})
export const meaningOf = (stored: unknown): FileMeaning | null => Meaning.safeParse(stored).data ?? null

const time = z.int().transform(instant)
const money = z.int().transform(minor)
const cancel = z.object({ amount: money, at: time.nullable() })
const cancels = z.array(cancel).readonly()

/** What a file says of a transaction, as it was kept between reading and comparing. */
const told = z.object({
  number: z.string(),
  lines: z.array(z.int()).readonly(),
  amount: money.nullable(),
  method: z.enum(methods).nullable(),
  approvedAt: time.nullable(),
  paid: z.boolean().nullable(),
  cancelled: money.nullable(),
  partly: z.boolean(),
  cancels,
})
const row = z.object({
  line: z.int(),
  cells: z.partialRecord(z.enum(comparedFields), z.string()),
  problem: z
    .object({ reason: z.enum(['formula', 'number', 'kind', 'long']), column: z.enum(comparedFields) })
    .nullable(),
})
export const StoredRow = row
export const StoredRows = z.array(z.object({ told, row }))
export const StoredNumbers = z.array(z.string())

export const StoredUnread = z.array(
  z.object({
    line: z.int(),
    number: z.string(),
    reason: z.string(),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
)

/** What of a difference is kept in its `facts`: both sides as they were when it was last found. */
export const DifferenceFacts = z.object({
  layout: z.enum(layouts),
  from: z.string(),
  to: z.string(),
  told: told.nullable(),
  ours: z
    .object({
      amount: money,
      method: z.enum(methods),
      paid: z.boolean(),
      refunded: money,
      at: time,
    })
    .nullable(),
  /** Cancels that only the file tells of. */
  unknown: cancels,
})
export type DifferenceFacts = z.infer<typeof DifferenceFacts>
