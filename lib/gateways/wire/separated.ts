/**
 * The text that goes between a shop and KCP's program: comma-joined pairs, some of whose values are data sets of
 * `key=value` fields, each ended by a control character. Knows no field by name; shared by both sides of the wire.
 */

/** Ends every field of a set, and separates the pairs of an answer. */
export const US = '\x1f'
/** Ends every sub-set of payx_data. */
export const RS = '\x1e'
/** Ends every field of escw_data. */
export const GS = '\x1d'
/** Ends every set where sets stand in a row. */
export const FS = '\x1c'

export type Pairs = readonly (readonly [key: string, value: string])[]

/** A comma ends the pair it stands in, a control character its field; NUL ends everything. */
// oxlint-disable-next-line no-control-regex
const BREAKS = /[,\x00-\x1f\x7f]/
export const isPlain = (value: string): boolean => !BREAKS.test(value)

const joined = (pairs: Pairs, end: string): string | null =>
  pairs.every(([key, value]) => isPlain(key) && isPlain(value))
    ? pairs
        .filter(([, value]) => value !== '')
        .map(([key, value]) => `${key}=${value}${end}`)
        .join('')
    : null

/** `name=key=value␟key=value␟`; empty values are not written. Null where a value would break out of its field. */
export function writeSet(name: string, fields: Pairs, end: string = US): string | null {
  const text = joined(fields, end)
  return text === null ? null : `${name}=${text}`
}

/** `name=subset=key=value␟␞subset=key=value␟␞`. */
export function writeSubsets(
  name: string,
  subsets: readonly (readonly [name: string, fields: Pairs])[],
): string | null {
  const texts = subsets.map(([subset, fields]) => (isPlain(subset) ? writeSet(subset, fields) : null))
  return texts.includes(null) ? null : `${name}=${texts.join(RS)}${texts.length > 0 ? RS : ''}`
}

/** `key=value,key=value`. Values may be sets, so only their commas are looked at: a comma would cut the rest of a set. */
export const writeArgument = (pairs: Pairs): string | null =>
  pairs.every(([, value]) => !/[,\0]/.test(value)) ? pairs.map(([key, value]) => `${key}=${value}`).join(',') : null

/** As the module reads it: what follows a comma inside a value is another pair, and one without a name is nothing. */
export const readArgument = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(',').flatMap((part) => {
      const at = part.indexOf('=')
      return at < 1 ? [] : [[part.slice(0, at), part.slice(at + 1)] as const]
    }),
  )

/** Fields by name, without the set's own name. Null where a part is no field, or a name comes twice. */
export function readFields(text: string, end: string = US): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>()
  for (const part of text.split(end)) {
    if (part === '') continue
    const at = part.indexOf('=')
    const key = part.slice(0, at)
    if (at < 1 || fields.has(key)) return null
    fields.set(key, part.slice(at + 1))
  }
  return fields
}

/** `name=…` without its name; null for a set of another name. */
export const readSet = (text: string, name: string, end: string = US): ReadonlyMap<string, string> | null =>
  text.startsWith(`${name}=`) ? readFields(text.slice(name.length + 1), end) : null

/** Sub-sets by name. */
export function readSubsets(text: string, name: string): ReadonlyMap<string, ReadonlyMap<string, string>> | null {
  if (!text.startsWith(`${name}=`)) return null
  const subsets = new Map<string, ReadonlyMap<string, string>>()
  for (const part of text.slice(name.length + 1).split(RS)) {
    if (part === '') continue
    const at = part.indexOf('=')
    const fields = at < 1 ? null : readFields(part.slice(at + 1))
    const subset = part.slice(0, at)
    if (fields === null || subsets.has(subset)) return null
    subsets.set(subset, fields)
  }
  return subsets
}

/** An answer's line: pairs with separators between them, none at the end. */
export const writeAnswer = (pairs: Pairs): string => pairs.map(([key, value]) => `${key}=${value}`).join(US)

/** Control characters as signs a person can see, and back: for what is kept and shown. */
export const visible = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, (sign) =>
    sign === '\x7f' ? '\u2421' : String.fromCharCode(0x2400 + sign.charCodeAt(0)),
  )
export const fromVisible = (text: string): string =>
  text.replace(/[\u2400-\u241f\u2421]/g, (sign) =>
    sign === '\u2421' ? '\x7f' : String.fromCharCode(sign.charCodeAt(0) - 0x2400),
  )
