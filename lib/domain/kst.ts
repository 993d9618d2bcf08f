/**
 * Instants, and what they are in Asia/Seoul. The only place where time is calculated.
 * Korea has had no summer time since 1988, so the offset is fixed.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly __instant: never }
/** A calendar day in Asia/Seoul, `YYYY-MM-DD`. */
export type KstDate = string & { readonly __kstDate: never }

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
const OFFSET_MS = 9 * HOUR_MS
const WEEKDAYS = { ko: ['일', '월', '화', '수', '목', '금', '토'], en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] }

export function instant(ms: number): Instant {
  if (!Number.isSafeInteger(ms)) throw new RangeError(`not an instant: ${ms}`)
  return ms as Instant
}

export const fromDate = (date: Date): Instant => instant(date.getTime())
export const toDate = (at: Instant): Date => new Date(at)
export const toIso = (at: Instant): string => new Date(at).toISOString()
export const plus = (at: Instant, ms: number): Instant => instant(at + ms)

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

/** Reads ISO 8601 with an offset; null for anything else, so that no zone is ever guessed. */
export function parseIso(text: string): Instant | null {
  if (!ISO.test(text)) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : instant(ms)
}

/** Reads `YYYY-MM-DD`; null where no such day exists. */
export function parseKstDate(text: string): KstDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? (text as KstDate) : null
}

export const kstDate = (at: Instant): KstDate => new Date(at + OFFSET_MS).toISOString().slice(0, 10) as KstDate
export const startOfDay = (date: KstDate): Instant => instant(Date.parse(`${date}T00:00:00Z`) - OFFSET_MS)
/** The first instant that is no longer this day. */
export const endOfDay = (date: KstDate): Instant => plus(startOfDay(date), DAY_MS)
/** Milliseconds since midnight in Seoul. */
export const timeOfDayMs = (at: Instant): number => at - startOfDay(kstDate(at))

export const addDays = (date: KstDate, days: number): KstDate => kstDate(plus(startOfDay(date), days * DAY_MS))

/** The same day `months` later, or that month's last day where it has no such day. */
export function addMonths(date: KstDate, months: number): KstDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const index = year * 12 + (month - 1) + months
  const targetYear = Math.floor(index / 12)
  const targetMonth = index - targetYear * 12
  const last = new Date(Date.UTC(targetYear, targetMonth + 1, 0)).getUTCDate()
  return new Date(Date.UTC(targetYear, targetMonth, Math.min(day, last))).toISOString().slice(0, 10) as KstDate
}

export const startOfMonth = (date: KstDate): KstDate => `${date.slice(0, 8)}01` as KstDate
/** 0 is Sunday. */
export const weekday = (date: KstDate): number => new Date(`${date}T00:00:00Z`).getUTCDay()

/** `14:03:22` in Seoul. */
export const formatTime = (at: Instant): string => new Date(at + OFFSET_MS).toISOString().slice(11, 19)
/** `2026-11-21 14:03:22 (토)` in Seoul. */
export function formatInstant(at: Instant, language: 'ko' | 'en'): string {
  const date = kstDate(at)
  return `${date} ${formatTime(at)} (${WEEKDAYS[language][weekday(date)]})`
}
