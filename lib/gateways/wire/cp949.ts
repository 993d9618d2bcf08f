import iconv from 'iconv-lite'

/**
 * CP949, the form of EUC-KR that KCP's and KSNET's programs speak. Strict: what the encoding lacks is refused, never turned into
 * a question mark. No byte of a two-byte character is below 0x41, so separators and commas are always themselves.
 */
const ENCODING = 'cp949'

/** Null where a character has no place in CP949. */
export function encodeCp949(text: string): Buffer | null {
  const bytes = iconv.encode(text, ENCODING)
  return iconv.decode(bytes, ENCODING) === text ? bytes : null
}

/** Null where the bytes are no CP949. */
export function decodeCp949(bytes: Uint8Array): string | null {
  const text = iconv.decode(Buffer.from(bytes), ENCODING)
  return text.includes('\uFFFD') ? null : text
}

/** The text with what CP949 lacks replaced, cut between characters to at most `bytesMax` bytes. */
export function fitCp949(text: string, bytesMax: number, instead = '?'): string {
  let length = 0
  let fitting = ''
  for (const character of text.normalize('NFC')) {
    const known = encodeCp949(character) === null ? instead : character
    length += encodeCp949(known)?.length ?? 0
    if (length > bytesMax) break
    fitting += known
  }
  return fitting
}
