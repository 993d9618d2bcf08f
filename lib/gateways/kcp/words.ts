import { parseKst, type Instant } from '#lib/domain/kst.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { Method } from '#lib/domain/payment.ts'

/** KCP's words in ours. */

/** pay_type and pay_method (developer.kcp.co.kr, payment methods). */
const methods: Readonly<Record<string, Method>> = {
  PACA: 'CARD',
  PABK: 'TRANSFER',
  PAVC: 'VIRTUAL_ACCOUNT',
  PAMC: 'MOBILE',
  PAKM: 'EASY_PAY',
  PATO: 'EASY_PAY',
  PASG: 'EASY_PAY',
  PANP: 'EASY_PAY',
  PAPT: 'OTHER',
  PATK: 'OTHER',
}
export const methodOf = (payMethod: string): Method | null =>
  Object.hasOwn(methods, payMethod) ? (methods[payMethod] ?? null) : null

const payTypes: Readonly<Record<Method, string>> = {
  CARD: 'PACA',
  TRANSFER: 'PABK',
  VIRTUAL_ACCOUNT: 'PAVC',
  MOBILE: 'PAMC',
  // Most easy payments are a card's; which wallet it was is not kept with the payment.
  EASY_PAY: 'PACA',
  OTHER: 'PACA',
}
export const payTypeOf = (method: Method | null): string => payTypes[method ?? 'CARD']

/** `YYYYMMDDhhmmss` on a clock in Seoul; null for anything else. */
export function kcpTime(text: string): Instant | null {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  return parseKst(`${year}-${month}-${day} ${hour}:${minute}:${second}`)
}

/** Whole won, up to twelve digits; null for anything else. */
export const kcpMoney = (text: string): Minor | null => (/^\d{1,12}$/.test(text) ? minor(Number(text)) : null)
