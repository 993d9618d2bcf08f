import { hideCardNumbers } from './mask.ts'

const RESIDENT_NUMBER = /(?<!\d)\d{6}[- ]?[1-8]\d{6}(?!\d)/
/** Days and times are digits too, but nobody's. */
const TIMES = /(?<!\d)\d{4}[-./]\d{1,2}[-./]\d{1,2}(?!\d)|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)/g
/** As long as an account or telephone number, however it is broken up. */
const LONG_NUMBER = /\d(?:[- ]?\d){9,}/

/**
 * A note as it may be kept: card numbers hidden. Null where it holds a resident, account or telephone number, which belong
 * where they are sealed. `own` are the payment's numbers, which may be told.
 */
export function keepableMemo(text: string, own: readonly string[]): string | null {
  const kept = hideCardNumbers(text)
  const judged = own.reduce((rest, number) => rest.replace(wholly(number), '|'), kept).replace(TIMES, '|')
  return RESIDENT_NUMBER.test(judged) || LONG_NUMBER.test(judged) ? null : kept
}

const wholly = (number: string): RegExp =>
  new RegExp(`(?<![\\w-])${number.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\w-])`, 'g')
