import 'server-only'

/** The fields of a form as a gateway sends them: names are ASCII, values in the charset that the sender may or may not say. */
export type Form = Readonly<Record<string, string>>

const NAME = /^[\w.-]{1,64}$/
const FIELDS_MAX = 200
const charsets: Readonly<Record<string, 'utf-8' | 'euc-kr'>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'euc-kr': 'euc-kr',
  euckr: 'euc-kr',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  'ks_c_5601-1987': 'euc-kr',
}

/**
 * Reads a form in UTF-8 or EUC-KR: as a field `char_set` or `charset` says, or the content type, or the bytes themselves show;
 * EUC-KR is what older set-ups send without a word. A name cut in the middle of a letter is no reason to lose a deposit, so what
 * is no letter is replaced; numbers are ASCII in any charset. Null where a name comes twice: nobody could say which was meant.
 */
export function readForm(body: Buffer, contentType: string | null): Form | null {
  const pairs = onlyOnce(pairsOf(body))
  if (pairs === null) return null
  const said = (name: string) => pairs.find(([field]) => field === name)?.[1].toString('latin1')
  const declared = said('char_set') ?? said('charset') ?? /charset=([\w"-]+)/i.exec(contentType ?? '')?.[1]
  const charset = charsetOf(Buffer.concat(pairs.map(([, value]) => value)), declared)
  const decoder = new TextDecoder(charset)
  return Object.fromEntries(pairs.map(([name, value]) => [name, decoder.decode(value)]))
}

/** The same, not decoded: one character a byte. For records in which bytes are counted. */
export function readFormBytes(body: Buffer): Form | null {
  const pairs = onlyOnce(pairsOf(body))
  return pairs && Object.fromEntries(pairs.map(([name, value]) => [name, value.toString('latin1')]))
}

/** Bytes as the value of a field, so that `readFormBytes` gives them back. */
export const asFormField = (name: string, bytes: Uint8Array): Buffer =>
  Buffer.from(`${name}=${Buffer.from(bytes).toString('hex').replace(/../g, '%$&')}`, 'latin1')

type Pairs = readonly (readonly [name: string, value: Buffer])[]
const onlyOnce = (pairs: Pairs): Pairs | null =>
  pairs.length > FIELDS_MAX || new Set(pairs.map(([name]) => name)).size < pairs.length ? null : pairs

function charsetOf(bytes: Buffer, declared: string | undefined): 'utf-8' | 'euc-kr' {
  const name = (declared ?? '').replaceAll('"', '').trim().toLowerCase()
  const said = Object.hasOwn(charsets, name) ? charsets[name] : undefined
  const text = utf8(bytes)
  if (said === 'euc-kr' || text === null) return 'euc-kr'
  // Hangul takes three bytes in UTF-8. The two bytes of EUC-KR, read so, are hardly ever that.
  return said === 'utf-8' || /\p{Script=Hangul}/u.test(text) ? 'utf-8' : 'euc-kr'
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

function pairsOf(body: Buffer): (readonly [name: string, value: Buffer])[] {
  return body
    .toString('latin1')
    .split('&')
    .flatMap((pair) => {
      const at = pair.indexOf('=')
      const name = unescaped(at === -1 ? pair : pair.slice(0, at)).toString('latin1')
      return NAME.test(name) ? [[name, unescaped(at === -1 ? '' : pair.slice(at + 1))] as const] : []
    })
}

const unescaped = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll('+', ' ')
      .replace(/%([\dA-Fa-f]{2})/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
    'latin1',
  )
