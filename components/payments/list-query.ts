import { parseAsString, parseAsStringLiteral, createParser } from 'nuqs'
import { parseKstDate, type KstDate } from '#lib/domain/kst.ts'
import { methods, paymentStatuses, type Method } from '#lib/domain/payment.ts'
import type { Words } from '#lib/i18n/words.ts'

export { periodOf, presets } from '#lib/domain/period.ts'

export const bases = ['approved', 'requested', 'cancelled'] as const
export const statusChoices = [...paymentStatuses, 'BUSY'] as const

/** A status as it can be chosen: of one way of paying by its own word, of all by one that covers theirs. */
export function statusChoice(status: (typeof statusChoices)[number], method: Method | null, words: Words): string {
  if (status === 'BUSY') return words.t('status.BUSY')
  if (method !== null) return words.status(status, method)
  return words.t(status === 'PAID' ? 'list.anyPaid' : `status.${status}`)
}

const day = createParser<KstDate>({ parse: parseKstDate, serialize: (date) => date })

/** The list's whole state, in the URL. Without a period the last month is shown. */
export const listParsers = {
  q: parseAsString.withDefault(''),
  channel: parseAsString.withDefault(''),
  method: parseAsStringLiteral(methods),
  status: parseAsStringLiteral(statusChoices),
  from: day,
  to: day,
  basis: parseAsStringLiteral(bases).withDefault('approved'),
  test: parseAsStringLiteral(['show', 'hide']).withDefault('show'),
}

export type NumberKind = 'trno' | 'tno' | 'approval' | 'other'

/** How a searched number is read, by its form alone. */
export function understand(q: string): NumberKind {
  if (/^\d{14}$/.test(q)) return 'tno'
  if (/^\d{8}$/.test(q)) return 'approval'
  return /^[0-9A-Za-z]{12}$/.test(q) ? 'trno' : 'other'
}
