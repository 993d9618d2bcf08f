/** Masking, the same on every screen, log and file. */

/** 홍길동 -> 홍*동, 홍길 -> 홍*, Johnson -> John***, Kim -> K***; never the whole name. */
export function maskName(name: string): string {
  const trimmed = name.trim()
  if (/^[\x20-\x7e]*$/.test(trimmed))
    return `${trimmed.slice(0, trimmed.length > 4 ? 4 : Math.min(1, trimmed.length - 1))}***`
  const letters = Array.from(trimmed)
  if (letters.length <= 1) return '*'
  if (letters.length === 2) return `${letters[0]}*`
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`
}

/** 01012341234 -> 010-****-1234; of a short number the last four at most. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  if (digits.length < 8) return '****'
  return digits.length < 10 ? `****-${digits.slice(-4)}` : `${digits.slice(0, 3)}-****-${digits.slice(-4)}`
}

/** The digits of a number and the places somebody has already masked, as `*`. */
const marksOf = (number: string): string[] =>
  number
    .replace(/[^\dXx*]/g, '')
    .replace(/[Xx]/g, '*')
    .split('')

/** Keeps the last four places, of a number so short that they were half of it none. */
export function maskAccount(account: string): string {
  const marks = marksOf(account)
  return marks.length < 8 ? '****' : `****${marks.slice(-4).join('')}`
}

/** ab***@example.com; never the whole of what stands before the @. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return at < 1 ? '***' : `${email.slice(0, Math.min(2, at - 1))}***${email.slice(at)}`
}

/**
 * At most the first six digits and the last four stay, whatever the gateway sent; what it masked stays masked. Of less
 * than a card number nothing stays, since the ten would be all of it.
 * 4017620112348250 -> 4017-62**-****-8250.
 */
export function maskCard(number: string): string {
  const marks = marksOf(number)
  const isWholeNumber = marks.length >= 13
  const head = isWholeNumber ? 6 : 0
  const tail = isWholeNumber ? 4 : 0
  const shown = marks.map((mark, index) => (index < head || index >= marks.length - tail ? mark : '*')).join('')
  return shown.replace(/(.{4})(?=.)/g, '$1-')
}

/** Whole UUIDs are matched first, and kept: their groups of digits are no card number. */
const CARD_NUMBER =
  /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?<!\d)(?:\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{3,4}|\d{4}[- ]\d{6}[- ]\d{4,5})(?!\d)/gi
/**
 * Hides what looks like a full card number inside any text; logs and transcripts pass through it. Fourteen digits without
 * separators are left: so do gateways write instants and their own numbers.
 */
export const hideCardNumbers = (text: string): string =>
  text.replace(CARD_NUMBER, (_, uuid?: string) => uuid ?? '[card]')
