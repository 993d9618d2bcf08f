/**
 * What may stand in a field of NHN KCP's, as far as it can be told without the encoding's table. Lengths are bytes of EUC-KR,
 * where whatever is not ASCII takes two (a reading: the guide does not say bytes or characters). Whether EUC-KR has a
 * character at all, the connector tells (`Connector.accountProblem`).
 */

/** Account check guide 2.0.1, section 2.3.2; `>` from KCP's later documents; control characters end a field on the wire. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[,&;\\|'"<>\x00-\x1f\x7f]/g

/** Account check guide 2.0.1, sections 4 and 5, and KCP's escrow samples. */
export const kcpBytesMax = {
  holder: 20,
  accountNumber: 20,
  orderNumber: 40,
  courier: 25,
  trackingNumber: 25,
  reason: 100,
} as const

export type KcpTextProblem = 'characters' | 'length' | 'encoding'

export const kcpBytes = (text: string): number =>
  // oxlint-disable-next-line no-control-regex
  Array.from(text).reduce((sum, character) => sum + (/[\x00-\x7f]/.test(character) ? 1 : 2), 0)

/** Null where the text may stand in a field of at most `bytesMax` bytes. */
export function kcpTextProblem(text: string, bytesMax: number): KcpTextProblem | null {
  if (text.search(FORBIDDEN) >= 0) return 'characters'
  return kcpBytes(text) > bytesMax ? 'length' : null
}

/** Rule ACCOUNT-FIELDS: other names than Hangul may not be recognised: companies, foreigners. No refusal, a warning. */
export const isHangulName = (name: string): boolean => /^[가-힣]+$/.test(name)

const WIDE: Readonly<Record<string, string>> = {
  ',': '，',
  '&': '＆',
  ';': '；',
  '\\': '＼',
  '|': '｜',
  "'": '＇',
  '"': '＂',
  '<': '＜',
  '>': '＞',
}

/**
 * Free text with nothing forbidden left in it: signs become their wide form, control characters a space, and the word `eval`,
 * which KCP's documents forbid too, is split.
 */
export const kcpSafeText = (text: string): string =>
  text
    .replace(FORBIDDEN, (sign) => WIDE[sign] ?? ' ')
    .replace(/(ev)(al)/gi, '$1 $2')
    .replace(/ {2,}/g, ' ')
    .trim()
