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
const WEEKDAYS = {
  ko: ['일', '월', '화', '수', '목', '금', '토'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}

const isInstant = (ms: number): ms is Instant => Number.isSafeInteger(ms)

export function instant(ms: number): Instant {
  if (!isInstant(ms)) throw new RangeError(`not an instant: ${ms}`)
  return ms
}

export const fromDate = (date: Date): Instant => instant(date.getTime())
export const toDate = (at: Instant): Date => new Date(at)
export const toIso = (at: Instant): string => new Date(at).toISOString()
export const plus = (at: Instant, ms: number): Instant => instant(at + ms)

const ISO = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

/** Reads ISO 8601 with an offset; null for anything else, so that no zone is ever guessed and no 30 February becomes March. */
export function parseIso(text: string): Instant | null {
  const day = ISO.exec(text)?.[1]
  if (day === undefined || parseKstDate(day) === null) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : instant(ms)
}

function isKstDate(text: string): text is KstDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

/** Reads `YYYY-MM-DD`; null where no such day exists. */
export const parseKstDate = (text: string): KstDate | null => (isKstDate(text) ? text : null)

/** Throws where the year has more than four digits. */
function dayOf(text: string): KstDate {
  if (!isKstDate(text)) throw new RangeError(`not a day: ${text}`)
  return text
}

export const kstDate = (at: Instant): KstDate => dayOf(new Date(at + OFFSET_MS).toISOString().slice(0, 10))
export const startOfDay = (date: KstDate): Instant => instant(Date.parse(`${date}T00:00:00Z`) - OFFSET_MS)
/** The first instant that is no longer this day. */
export const endOfDay = (date: KstDate): Instant => plus(startOfDay(date), DAY_MS)
/** Milliseconds since midnight in Seoul. */
export const timeOfDayMs = (at: Instant): number => at - startOfDay(kstDate(at))

export const addDays = (date: KstDate, days: number): KstDate => kstDate(plus(startOfDay(date), days * DAY_MS))

/** The same day `months` later, or that month's last day where it has no such day. */
export function addMonths(date: KstDate, months: number): KstDate {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const target = new Date(0)
  target.setUTCFullYear(year, month + months, 0)
  target.setUTCDate(Math.min(day, target.getUTCDate()))
  return kstDate(plus(fromDate(target), -OFFSET_MS))
}

const isWeekend = (date: KstDate): boolean => weekday(date) === 0 || weekday(date) === 6

/** The `days`th day after this one on which banks work: weekends are passed over, public holidays are not known. */
export function addBusinessDays(date: KstDate, days: number): KstDate {
  let day = date
  for (let left = days; left > 0; left -= isWeekend(day) ? 0 : 1) day = addDays(day, 1)
  return day
}

export const startOfMonth = (date: KstDate): KstDate => dayOf(`${date.slice(0, 8)}01`)
/** 0 is Sunday. */
export const weekday = (date: KstDate): number => new Date(`${date}T00:00:00Z`).getUTCDay()

/** `14:03:22` in Seoul. */
export const formatTime = (at: Instant): string => new Date(at + OFFSET_MS).toISOString().slice(11, 19)
/** `2026-11-21 14:03:22 (토)` in Seoul. */
export function formatInstant(at: Instant, language: 'ko' | 'en'): string {
  const date = kstDate(at)
  return `${date} ${formatTime(at)} (${WEEKDAYS[language][weekday(date)]})`
}

/** `2026-11-21T14:03:22+09:00`: for those who ask for the offset to be written. */
export const toKstIso = (at: Instant): string => `${new Date(at + OFFSET_MS).toISOString().slice(0, 19)}+09:00`

const WALL = /^(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?)?$/

/** Reads `YYYY-MM-DD`, `YYYY-MM-DD HH:mm` and `YYYY-MM-DD HH:mm:ss` as a clock on a wall in Seoul shows them; null for anything else. */
export function parseKst(text: string): Instant | null {
  const [, day, hours = '0', minutes = '0', seconds = '0'] = WALL.exec(text) ?? []
  const date = day === undefined ? null : parseKstDate(day)
  if (date === null) return null
  return plus(startOfDay(date), Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS)
}

/** `2026-11-21 14:03:22`, as a sheet shows it. */
export const formatKst = (at: Instant): string => `${kstDate(at)} ${formatTime(at)}`
/** A sheet's date has no zone and is read as if it were UTC; it means Seoul. */
export const fromWall = (at: Instant): Instant => plus(at, -OFFSET_MS)
