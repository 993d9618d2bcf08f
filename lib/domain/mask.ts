/** Masking, the same on every screen, log and file. */

/** 홍길동 -> 홍*동, 홍길 -> 홍*, Johnson -> John***. */
export function maskName(name: string): string {
  const trimmed = name.trim()
  if (/^[\x20-\x7e]*$/.test(trimmed)) return trimmed.length <= 4 ? `${trimmed.slice(0, 1)}***` : `${trimmed.slice(0, 4)}***`
  const letters = [...trimmed]
  if (letters.length <= 1) return '*'
  if (letters.length === 2) return `${letters[0]}*`
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`
}

/** 01012341234 -> 010-****-1234. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  return digits.length < 8 ? '****' : `${digits.slice(0, 3)}-****-${digits.slice(-4)}`
}

/** Keeps the last four digits. */
export const maskAccount = (account: string): string => `****${account.replace(/\D/g, '').slice(-4)}`

/** ab***@example.com. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return at < 1 ? '***' : `${email.slice(0, Math.min(2, at))}***${email.slice(at)}`
}

/**
 * At most the first six digits and the last four stay, whatever the gateway sent; what it masked stays masked.
 * 4017620112348250 -> 4017-62**-****-8250.
 */
export function maskCard(number: string): string {
  const marks = [...number.replace(/[^\dXx*]/g, '')].map((mark) => (/\d/.test(mark) ? mark : '*'))
  const shown = marks.map((mark, index) => (index < 6 || index >= marks.length - 4 ? mark : '*')).join('')
  return shown.replace(/(.{4})(?=.)/g, '$1-')
}

const CARD_NUMBER = /(?<!\d)(\d{4})[- ]?(\d{4})[- ]?(\d{4})[- ]?(\d{3,4})(?!\d)/g
/** Hides what looks like a full card number inside any text; logs and transcripts pass through it. */
export const hideCardNumbers = (text: string): string => text.replace(CARD_NUMBER, '[card]')
