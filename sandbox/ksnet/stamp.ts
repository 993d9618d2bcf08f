import { randomInt } from 'node:crypto'
import { DAY_MS, formatTime, kstDate, parseKstDate, startOfDay, type Instant, type KstDate } from '#lib/domain/kst.ts'
import type { Method } from './payment.ts'

/** `YYYYMMDD` in Seoul. */
export const day = (at: Instant): string => kstDate(at).replaceAll('-', '')
/** `hhmmss` in Seoul. */
export const time = (at: Instant): string => formatTime(at).replaceAll(':', '')
export const stamp = (at: Instant): string => `${day(at)}${time(at)}`

/** Null where no such day exists. */
export const readDay = (text: string): KstDate | null =>
  parseKstDate(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`)

export const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('')

/** ksnet.md 7.1: what it is, the day's number since 1999-12-29, a server's digit (9 is a test's), and six more. */
const dayZero = parseKstDate('1999-12-29')
const SERVER = '9'

export type TrnoKind = Method | 'CASH_RECEIPT'
const leading: Readonly<Record<TrnoKind, string>> = {
  CARD: '1',
  EASY_PAY: '1',
  TRANSFER: '2',
  VIRTUAL_ACCOUNT: '6',
  MOBILE: 'M',
  CASH_RECEIPT: 'H',
}

export function trnoFor(kind: TrnoKind, at: Instant): string {
  const days = dayZero === null ? 0 : (startOfDay(kstDate(at)) - startOfDay(dayZero)) / DAY_MS
  return `${leading[kind]}${String(days).padStart(4, '0').slice(-4)}${SERVER}${digits(6)}`
}
