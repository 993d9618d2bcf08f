import { randomInt } from 'node:crypto'
import { formatTime, kstDate, type Instant } from '#lib/domain/kst.ts'

/** `YYYYMMDDhhmmss` in Seoul. */
export const stamp = (at: Instant): string => `${kstDate(at)}${formatTime(at)}`.replaceAll(/\D/g, '')

export const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('')

/** kcp.md 7.1: two digits of the year and twelve more for a card, the day and six more for everything else. */
export const tnoFor = (isCard: boolean, at: Instant): string =>
  isCard ? `${stamp(at).slice(2, 4)}${digits(12)}` : `${stamp(at).slice(0, 8)}${digits(6)}`
