import { z } from 'zod'
import type { DeclineReason, Outcome } from '#lib/domain/outcome.ts'
import type { Reply } from '../connector.ts'
import { decodeCp949 } from '../wire/cp949.ts'
import { readFields } from '../wire/separated.ts'
import { notSent } from './codes.ts'

/** An answer's fields under KCP's names. `here`: the program says that it failed by itself. */
export type Answer = {
  readonly kind: 'answer'
  readonly code: string
  readonly message: string
  readonly here: boolean
  readonly field: (name: string) => string
}
export type Read = Answer | { readonly kind: 'unknown'; readonly cause: string }

/** The module cuts its line here without a word, perhaps inside an amount. */
const STDOUT_BYTES_MAX = 8_191
const CODE = /^[0-9A-Z]{4}$/
const notUnderstood = { kind: 'unknown', cause: 'answer not understood' } as const

/** Either way of talking to KCP. What the program printed is read before its exit status, which is no contract. */
export function readAnswer(raw: Reply): Read {
  switch (raw.via) {
    case 'cli':
      return readPrinted(raw)
    case 'http':
      return raw.status === 200 ? readJson(raw.body) : { kind: 'unknown', cause: `status ${raw.status}` }
    case 'tcp':
      return notUnderstood
  }
}

function readPrinted({ stdout, exitCode }: Extract<Reply, { via: 'cli' }>): Read {
  if (stdout.length >= STDOUT_BYTES_MAX) return notUnderstood
  const text = decoded(stdout)?.replace(/\r?\n$/, '')
  if (text === undefined) return notUnderstood
  if (text.trim() === '') return { kind: 'unknown', cause: `written: nothing was printed (exit ${exitCode})` }
  const fields = readFields(text)
  return fields ? answerOf(fields, exitCode !== 0) : notUnderstood
}

/** EUC-KR is asked for; what a server sent in UTF-8 passes the module unchanged. */
function decoded(bytes: Uint8Array): string | undefined {
  const text = decodeCp949(bytes)
  if (text !== null) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const record = z.record(z.string(), z.unknown())

function readJson(body: string): Read {
  try {
    const parsed = record.safeParse(JSON.parse(body))
    if (!parsed.success) return notUnderstood
    return answerOf(new Map(Object.entries(parsed.data).map(([name, value]) => [name, textOf(value)])), false)
  } catch {
    return { kind: 'unknown', cause: 'status 200, not JSON' }
  }
}

/** Numbers come as numbers or as text. What is neither stays recognisably neither. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value)

function answerOf(fields: ReadonlyMap<string, string>, here: boolean): Read {
  const field = (name: string) => fields.get(name)?.trim() ?? ''
  const code = field('res_cd')
  if (!CODE.test(code)) return notUnderstood
  // oxlint-disable-next-line no-control-regex
  const message = field('res_msg').replace(/[\x00-\x1f\x7f]/g, ' ')
  return { kind: 'answer', code, message, here, field }
}

/**
 * What an answer other than success means: nothing sent where the program says so itself, declined by the table and by nothing
 * else. Where an earlier sending of the same has no known end, a refusal now says nothing of that one.
 */
export function readRefused(
  { code, message, here, field }: Answer,
  asked: { readonly tno: string; readonly earlierUnresolved: boolean },
  table: Readonly<Record<string, DeclineReason>>,
): Outcome<never> {
  const cause = here && Object.hasOwn(notSent, code) ? notSent[code] : undefined
  if (cause !== undefined) return { kind: 'not_sent', cause }
  const reason = Object.hasOwn(table, code) ? table[code] : undefined
  const ofAnother = field('tno') !== '' && field('tno') !== asked.tno
  if (!reason || ofAnother || asked.earlierUnresolved) return { kind: 'unknown', cause: code }
  return { kind: 'declined', code, reason, ...(message !== '' && { message }) }
}
