import { z } from 'zod'
import type { DeclineReason, Outcome } from '#lib/domain/outcome.ts'
import type { Reply } from '../connector.ts'

export type JsonReply =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'unknown'; readonly cause: string }

export function readJson(raw: Reply): JsonReply {
  if (raw.via !== 'http') return { kind: 'unknown', cause: 'not an HTTP answer' }
  try {
    const body: unknown = JSON.parse(raw.body)
    return { kind: 'json', status: raw.status, body }
  } catch {
    return { kind: 'unknown', cause: `status ${raw.status}, not JSON` }
  }
}

/** Error types with the status fixed for each; a type at another status is not that refusal. */
export type Refusals = Readonly<Record<string, { readonly status: number; readonly reason: DeclineReason }>>
/** Codes of the payment gateway behind PortOne. */
export type PgRefusals = Readonly<Record<string, DeclineReason>>

const refused = z.strictObject({ type: z.string(), message: z.string().optional() })
const pgRefused = z.strictObject({
  type: z.literal('PG_PROVIDER'),
  message: z.string().optional(),
  pgCode: z.string(),
  pgMessage: z.string(),
})

/**
 * What an answer other than 200 means: declined by a table and by nothing else, and only where no earlier sending of the same
 * is unresolved, of which a refusal now says nothing.
 */
export function readRefused(
  { status, body }: { readonly status: number; readonly body: unknown },
  tables: { readonly types: Refusals; readonly pgCodes: PgRefusals },
  earlierUnresolved: boolean,
): Outcome<never> {
  const pg = pgRefused.safeParse(body)
  if (status === 502 && pg.success) {
    const { pgCode, pgMessage } = pg.data
    const reason = Object.hasOwn(tables.pgCodes, pgCode) ? tables.pgCodes[pgCode] : undefined
    if (!reason || earlierUnresolved) return { kind: 'unknown', cause: `PG_PROVIDER ${pgCode}` }
    return { kind: 'declined', code: pgCode, reason, message: pgMessage }
  }
  const plain = refused.safeParse(body)
  if (!plain.success) return { kind: 'unknown', cause: `status ${status}` }
  const { type, message } = plain.data
  const refusal = Object.hasOwn(tables.types, type) ? tables.types[type] : undefined
  if (!refusal || refusal.status !== status || earlierUnresolved)
    return { kind: 'unknown', cause: status === 409 ? type : `status ${status} ${type}` }
  return { kind: 'declined', code: type, reason: refusal.reason, ...(message !== undefined && { message }) }
}
