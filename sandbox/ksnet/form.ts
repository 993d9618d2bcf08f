import { decodeCp949 } from '#lib/gateways/wire/cp949.ts'

/** A form as browsers and shops send it; what is no text of that charset is left as it came, byte for byte. */
export function readForm(text: string, charset: 'euc-kr' | 'utf-8'): Map<string, string> {
  const read = (piece: string): string => textOf(percentBytes(piece.replaceAll('+', ' ')), charset)
  const pairs = text.split('&').filter((pair) => pair !== '')
  return new Map(pairs.map((pair) => [read(pair.split('=', 1)[0] ?? ''), read(pair.replace(/^[^=]*=?/, ''))]))
}

function textOf(bytes: Buffer, charset: 'euc-kr' | 'utf-8'): string {
  const text = charset === 'utf-8' ? bytes.toString('utf8') : decodeCp949(bytes)
  return text ?? bytes.toString('latin1')
}

/** What is not escaped comes as UTF-8 from the server's reader. */
function percentBytes(piece: string): Buffer {
  const parts = piece.split(/(%[0-9A-Fa-f]{2})/)
  return Buffer.concat(
    parts.map((part) =>
      /^%[0-9A-Fa-f]{2}$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8'),
    ),
  )
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? '')
