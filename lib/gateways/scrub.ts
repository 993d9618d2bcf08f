import { hideCardNumbers } from '#lib/domain/mask.ts'
import type { Connector, Credentials, Reply, Wire } from './connector.ts'
import { decodeCp949, encodeCp949 } from './wire/cp949.ts'
import { splitRecord, type Layout } from './wire/fixed-length.ts'
import { fromVisible, visible } from './wire/separated.ts'

const TEXT_MAX = 16_000

/** `text` for JSON and plain text, `separated` for pairs between control characters, `frame` for records of fixed length. */
export type Scrub = {
  readonly text: (text: string) => string
  readonly separated: (text: string) => string
  readonly frame: (bytes: Uint8Array) => Record<string, string>
}

/**
 * What may be kept of an exchange: no secret, no card number, none of the members that hold personal data; and no character
 * that a database would refuse.
 */
export function scrubber(connector: Connector, credentials: Credentials): Scrub {
  const secrets = connector.credentials
    .filter((field) => field.secret)
    .flatMap((field) => credentials[field.name] ?? [])
    .filter((value) => value !== '')
    .flatMap(formsOf)
    .toSorted((a, b) => b.length - a.length)
  const clean = (text: string) =>
    visible(hideCardNumbers(secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)))
      .slice(0, TEXT_MAX)
      .toWellFormed()
  const members = new Set(connector.personal)
  const fields = personalFields(connector.personal)
  return {
    text: (text) => clean(scrubJson(text, members)),
    separated: (text) => clean(fields ? text.replace(fields, '$1=[personal]') : text),
    frame: (bytes) => {
      const table = connector.layoutOf?.(bytes) ?? null
      return { bytes: String(bytes.length), ...(table && describeRecord(table, bytes, members, clean)) }
    },
  }
}

/** The record as it is, stars where something is hidden so that every place stays its own, and what its fields say. */
function describeRecord(
  table: Layout,
  bytes: Uint8Array,
  personal: ReadonlySet<string>,
  clean: (text: string) => string,
): Record<string, string> {
  const parts = splitRecord(table, bytes).map(([name, part]) => {
    const text = fieldText(part)
    const kept = text === null || (personal.has(name) && text.trim() !== '') ? null : clean(text)
    const fits = kept !== null && encodeCp949(fromVisible(kept))?.length === part.length
    return [name, fits ? kept : '*'.repeat(part.length)] as const
  })
  const said = parts
    .filter(([, text]) => text.trim() !== '')
    .map(([name, text]) => [`field ${name}`, text.trim()] as const)
  return { frame: parts.map(([, text]) => text).join(''), ...Object.fromEntries(said) }
}

/** The other side may have cut a character in two at the end of a field. */
function fieldText(part: Uint8Array): string | null {
  const text = decodeCp949(part)
  if (text !== null) return text
  const shorter = decodeCp949(part.subarray(0, -1))
  return shorter === null ? null : `${shorter}?`
}

/** Such a line of a long secret is told by itself, however its neighbours were escaped. */
const LINE_MIN = 40

/** A secret as it may come back: as it is, encoded, on one line, as JSON writes it, without its two frame lines, line by line. */
function formsOf(value: string): string[] {
  const oneLine = value.replace(/\s*\n\s*/g, '')
  const body = oneLine.replace(/-----[A-Z ]+-----/g, '')
  const lines = value.split(/\r?\n/).filter((line) => line.length >= LINE_MIN)
  const forms = [value, oneLine, body, JSON.stringify(value).slice(1, -1), ...lines]
  const encoded = [value, oneLine].flatMap((one) => [encodeURIComponent(one), Buffer.from(one).toString('base64')])
  return [...new Set([...forms, ...encoded])].filter((form) => form !== '')
}

/** Wherever such a name stands, all up to the next separator: a value may hold `=` and commas. */
function personalFields(names: readonly string[]): RegExp | null {
  if (names.length === 0) return null
  return new RegExp(`(?<![A-Za-z0-9_])(${names.join('|')})=[^\\x1c-\\x1f\\r\\n]*`, 'g')
}

function scrubJson(text: string, personal: ReadonlySet<string>): string {
  try {
    return JSON.stringify(JSON.parse(text), (key, value: unknown) =>
      personal.has(key) && (typeof value === 'string' || typeof value === 'number') ? '[personal]' : value,
    )
  } catch {
    // Not JSON: the text as it is, less secrets and card numbers.
    return text
  }
}

export function describeWire(wire: Wire, { text, separated, frame }: Scrub): Record<string, string> {
  switch (wire.via) {
    case 'http':
      return {
        via: 'http',
        method: wire.method,
        url: text(wire.url),
        body: wire.body === null ? '' : text(wire.body),
        ...headersOf(wire.headers, text),
      }
    case 'tcp':
      return { via: 'tcp', to: `${wire.host}:${wire.port}`, ...frame(Buffer.from(wire.frame, 'base64')) }
    case 'cli':
      return {
        via: 'cli',
        program: wire.program,
        arguments: wire.args.map((one) => separated(readable(Buffer.from(one, 'base64')))).join(' '),
      }
  }
}

const headersOf = (headers: Readonly<Record<string, string>>, text: Scrub['text']) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [`header ${name}`, text(value)]))

export function describeReply(reply: Reply, { text, separated, frame }: Scrub): Record<string, string> {
  switch (reply.via) {
    case 'http':
      return { status: String(reply.status), contentType: text(reply.contentType), body: text(reply.body) }
    case 'tcp':
      return frame(reply.bytes)
    case 'cli':
      return { exitCode: String(reply.exitCode), stdout: separated(readable(reply.stdout)) }
  }
}

/** Bytes that are no CP949 are shown as what they would be one by one: enough to see what came. */
const readable = (bytes: Uint8Array): string => decodeCp949(bytes) ?? Buffer.from(bytes).toString('latin1')
