import { decodeCp949, encodeCp949 } from './cp949.ts'

/**
 * Records of fixed length, as KSNET's programs speak them: fields one after the other, each so many bytes of CP949. Knows no field
 * by name; shared by both sides of the wire, which have tables of their own.
 */

/** `X`: text, then spaces. `9`: digits, zeros before them. */
export type Field<Name extends string = string> = readonly [name: Name, bytes: number, kind?: 'X' | '9']
export type Layout<Name extends string = string> = readonly Field<Name>[]
export type Values<Name extends string> = Readonly<Record<Name, string>>

/** Keeps the names as types. */
export const layout = <const Name extends string>(...fields: Layout<Name>): Layout<Name> => fields

export const sizeOf = (fields: Layout): number => fields.reduce((sum, [, bytes]) => sum + bytes, 0)

/**
 * Null where a value has no place: too long, a character that CP949 lacks, a control character, or no digits where digits stand.
 * Nothing is ever cut here; who may be cut is cut before (fitCp949). A blank field of digits is spaces.
 */
export function writeRecord<Name extends string>(fields: Layout<Name>, values: Partial<Values<Name>>): Buffer | null {
  const parts = fields.map(([name, bytes, kind = 'X']) => writeField(values[name] ?? '', bytes, kind))
  return parts.every((part) => part !== null) ? Buffer.concat(parts) : null
}

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x1f\x7f]/

function writeField(value: string, bytes: number, kind: 'X' | '9'): Buffer | null {
  if (kind === '9') {
    if (value === '') return Buffer.alloc(bytes, ' ')
    return /^\d+$/.test(value) && value.length <= bytes ? Buffer.from(value.padStart(bytes, '0')) : null
  }
  const text = CONTROL.test(value) ? null : encodeCp949(value)
  if (text === null || text.length > bytes) return null
  return Buffer.concat([text, Buffer.alloc(bytes - text.length, ' ')])
}

/**
 * The fields, without the spaces around them; zeros stay. Null where the length is another, or a field is no CP949. A last
 * character of which the other side cut off half is left out.
 */
export function readRecord<Name extends string>(fields: Layout<Name>, bytes: Uint8Array): Values<Name> | null {
  if (bytes.length !== sizeOf(fields)) return null
  let at = 0
  const values: Partial<Record<Name, string>> = {}
  for (const [name, size] of fields) {
    const text = readField(bytes.subarray(at, at + size))
    if (text === null) return null
    values[name] = text
    at += size
  }
  return isWhole(fields, values) ? values : null
}

const isWhole = <Name extends string>(fields: Layout<Name>, values: Partial<Values<Name>>): values is Values<Name> =>
  fields.every(([name]) => values[name] !== undefined)

function readField(bytes: Uint8Array): string | null {
  const whole = decodeCp949(bytes) ?? decodeCp949(bytes.subarray(0, -1))
  return whole?.trim() ?? null
}

/** The bytes of each field, as they stand; whoever calls knows that the record is as long as its table. */
export function splitRecord(fields: Layout, bytes: Uint8Array): readonly (readonly [name: string, part: Uint8Array])[] {
  let at = 0
  return fields.map(([name, size]) => [name, bytes.subarray(at, (at += size))] as const)
}
