import { parseAsString, parseAsStringLiteral, createParser } from 'nuqs'
import { addDays, addMonths, parseKstDate, startOfMonth, weekday, type KstDate } from '#lib/domain/kst.ts'
import { methods, paymentStatuses, type Method } from '#lib/domain/payment.ts'
import type { Words } from '#lib/i18n/words.ts'

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

export const presets = [
  'today',
  'yesterday',
  'thisWeek',
  'thisMonth',
  'lastWeek',
  'lastMonth',
  'month1',
  'month3',
  'month6',
] as const
export type Preset = (typeof presets)[number]
export type Period = { readonly from: KstDate; readonly to: KstDate }

const DAYS = 7

export function periodOf(preset: Preset, today: KstDate): Period {
  const monday = addDays(today, -((weekday(today) + DAYS - 1) % DAYS))
  const first = startOfMonth(today)
  switch (preset) {
    case 'today':
      return { from: today, to: today }
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) }
    case 'thisWeek':
      return { from: monday, to: today }
    case 'lastWeek':
      return { from: addDays(monday, -DAYS), to: addDays(monday, -1) }
    case 'thisMonth':
      return { from: first, to: today }
    case 'lastMonth':
      return { from: addMonths(first, -1), to: addDays(first, -1) }
    case 'month1':
      return { from: addMonths(today, -1), to: today }
    case 'month3':
      return { from: addMonths(today, -3), to: today }
    case 'month6':
      return { from: addMonths(today, -6), to: today }
  }
}

export type NumberKind = 'trno' | 'tno' | 'approval' | 'other'

/** How a searched number is read, by its form alone. */
export function understand(q: string): NumberKind {
  if (/^\d{14}$/.test(q)) return 'tno'
  if (/^\d{8}$/.test(q)) return 'approval'
  return /^[0-9A-Za-z]{12}$/.test(q) ? 'trno' : 'other'
}
