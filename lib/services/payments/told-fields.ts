import 'server-only'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import { decodeCp949 } from '#lib/gateways/wire/cp949.ts'

type Fields = Readonly<Record<string, string>>

const NAME = /^[\w.-]{1,64}$/
/** As HTTP, KCP and people write them; EUC-KR is a part of CP949. */
const cp949: ReadonlySet<string> = new Set(['euc-kr', 'euckr', 'cp949', 'ms949', 'windows-949', 'ks_c_5601-1987'])
const utf8: ReadonlySet<string> = new Set(['utf-8', 'utf8'])

const wrong = (field: string) => new DomainError('request.invalid', { field })

/**
 * The fields of a body in JSON or as a form, in UTF-8 or EUC-KR as the content type says, or a field `char_set` (KSNET: `sndCharSet`); without either,
 * UTF-8. What is not of its charset is refused rather than guessed. Fails with: request.invalid (content_type, charset, body, or
 * a field that comes twice or holds more than a text).
 */
export function readToldFields(body: Buffer, contentType: string | null): Fields {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase())
  const said = parameters.find((part) => part.startsWith('charset='))?.slice('charset='.length)
  if (type === 'application/json') return jsonFields(body, said)
  if (type === 'application/x-www-form-urlencoded') return formFields(body, said)
  throw wrong('content_type')
}

function decode(bytes: Uint8Array, charset: string | undefined): string {
  const name = (charset ?? 'utf-8').replaceAll('"', '').toLowerCase()
  const text = cp949.has(name) ? decodeCp949(bytes) : utf8.has(name) ? decodeUtf8(bytes) : null
  if (text === null) throw wrong('charset')
  return text
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** An approval's answer has some fifty. */
const FIELDS_MAX = 200

const flat = z.record(z.string(), z.union([z.string(), z.int(), z.boolean(), z.null()]))

function jsonFields(body: Buffer, said: string | undefined): Fields {
  // No second byte of EUC-KR is a quote or a backslash: what stands in ASCII can be read before the charset is known.
  const [, own] = /"(?:char_set|sndCharSet)"\s*:\s*"([\w-]{1,20})"/.exec(body.toString('latin1')) ?? []
  const value = parsed(decode(body, said ?? own))
  if (typeof value !== 'object' || value === null || Object.keys(value).length > FIELDS_MAX) throw wrong('body')
  const given = flat.safeParse(value)
  if (!given.success) {
    const name = String(given.error.issues[0]?.path[0] ?? 'body')
    throw wrong(NAME.test(name) ? name : 'body')
  }
  const pairs = Object.entries(given.data).flatMap(([name, value]) =>
    value === null || !NAME.test(name) ? [] : [[name, String(value)] as const],
  )
  return Object.fromEntries(pairs)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw wrong('body')
    throw error
  }
}

function formFields(body: Buffer, said: string | undefined): Fields {
  const parts = body
    .toString('latin1')
    .split('&')
    .filter((pair) => pair !== '')
  if (parts.length > FIELDS_MAX) throw wrong('body')
  const pairs = parts.map((pair): readonly [string, Buffer] => {
    const at = pair.indexOf('=')
    const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
    return [unescaped(name).toString('latin1'), unescaped(value)]
  })
  const own = pairs.find(([name]) => name === 'char_set' || name === 'sndCharSet')?.[1].toString('latin1')
  const seen = new Set<string>()
  for (const [name] of pairs) {
    if (seen.has(name)) throw wrong(NAME.test(name) ? name : 'body')
    seen.add(name)
  }
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (NAME.test(name) ? [[name, decode(value, said ?? own)] as const] : [])),
  )
}

/** The bytes of one part of a form. */
const unescaped = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll('+', ' ')
      .replace(/%([\dA-Fa-f]{2})/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
    'latin1',
  )
