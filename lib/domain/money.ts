/** Money is a whole number of the currency's smallest unit: won for KRW, cents for USD. Never a fraction, never a float. */
export type Currency = 'KRW' | 'USD'
export type Minor = number & { readonly __minor: never }
export type Money = { readonly currency: Currency; readonly minor: Minor }

const DIGITS: Record<Currency, number> = { KRW: 0, USD: 2 }

const isMinor = (value: number): value is Minor => Number.isSafeInteger(value)

export function minor(value: number | bigint): Minor {
  const number = Number(value)
  if (!isMinor(number)) throw new RangeError(`not a whole number of money: ${value}`)
  return number
}

export const add = (a: Minor, b: Minor): Minor => minor(a + b)
export const subtract = (a: Minor, b: Minor): Minor => minor(a - b)
export const isCurrency = (text: string): text is Currency => Object.hasOwn(DIGITS, text)

/** `12,000` or `12.34`: digits and separators only; the sign and the unit belong to the reader's language. */
export function formatMinor(value: Minor, currency: Currency): string {
  const digits = DIGITS[currency]
  const text = Math.abs(value)
    .toString()
    .padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${value < 0 ? '-' : ''}${whole}${digits ? `.${text.slice(-digits)}` : ''}`
}

/** `12,000원`, `₩12,000`, `$12.34`. */
export function formatMoney(value: Minor, currency: Currency, language: 'ko' | 'en'): string {
  const sign = value < 0 ? '-' : ''
  const digits = formatMinor(minor(Math.abs(value)), currency)
  if (currency === 'USD') return `${sign}$${digits}`
  return language === 'ko' ? `${sign}${digits}원` : `${sign}₩${digits}`
}

const UNITS: Record<Currency, RegExp> = { KRW: /^₩\s*|\s*원$/g, USD: /^\$\s*/g }
const WHOLE: Record<Currency, RegExp> = {
  KRW: /^\d+(?:,\d+)*$/,
  // Here a comma may be meant as the decimal sign, so it must stand where thousands do.
  USD: /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,2})?$/,
}
const WHOLE_DIGITS_MAX = 13

/**
 * Reads what a person typed: `12,000`, `12000원`, `12.34`. Null for a fraction of the smallest unit, a sign, another
 * currency's unit, or anything else.
 */
export function parseMoney(text: string, currency: Currency): Minor | null {
  const bare = text.trim().replace(UNITS[currency], '')
  if (!WHOLE[currency].test(bare)) return null
  const [whole = '', fraction = ''] = bare.replaceAll(',', '').split('.')
  if (whole.length > WHOLE_DIGITS_MAX) return null
  return minor(Number(whole + fraction.padEnd(DIGITS[currency], '0')))
}
