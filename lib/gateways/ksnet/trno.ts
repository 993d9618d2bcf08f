import { addDays, parseKstDate, type KstDate } from '#lib/domain/kst.ts'
import type { Method } from '#lib/domain/payment.ts'

/** KSNET's number of a transaction: twelve signs, opaque to every rule. */
export const TRNO = /^[0-9A-Za-z]{12}$/

/** The first sign, as the smartphone module guide lists it; of a cash receipt (`H`) and points nothing here is a payment. */
const methods: Readonly<Record<string, Method>> = {
  '1': 'CARD',
  I: 'CARD',
  '2': 'TRANSFER',
  '6': 'VIRTUAL_ACCOUNT',
  M: 'MOBILE',
}
/** Day 0 of the four digits after it, as dated samples show; documented nowhere. */
const DAY_ZERO = parseKstDate('1999-12-29')

export type TrnoHint = { readonly method: Method; readonly day: KstDate }

/**
 * What a number looks like: a hint for whoever searches, from which nothing ever follows. Null for anything that does not look
 * like one, among it days before 2005 or after `today`.
 */
export function trnoHint(value: string, today: KstDate): TrnoHint | null {
  const [, sign = '', days = ''] = /^([126IM])(\d{4})\d{7}$/.exec(value) ?? []
  const method = Object.hasOwn(methods, sign) ? methods[sign] : undefined
  if (method === undefined || DAY_ZERO === null) return null
  const day = addDays(DAY_ZERO, Number(days))
  return day >= '2005-01-01' && day <= today ? { method, day } : null
}
