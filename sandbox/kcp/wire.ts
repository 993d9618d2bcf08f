import { decodeCp949, encodeCp949 } from '#lib/gateways/wire/cp949.ts'
import { KcpError } from './codes.ts'

/** What stands between a shop's program and KCP (kcp.md 2.2, 2.3, 2.6): sets of fields, each after its own name. */
export const US = '\x1f'
const RS = '\x1e'
const GS = '\x1d'
const FS = '\x1c'

export type Fields = Readonly<Record<string, string>>

export interface Sets {
  readonly payx: Readonly<Record<string, Fields>>
  readonly ordr: Fields
  readonly rcvr: Fields
  readonly escw: Fields
  readonly mod: Fields
}

/** `plan_data` as it stands in the body, percent-encoded bytes of EUC-KR with FS after each set. */
export function readPlan(encoded: string): Sets {
  const named = new Map(splitNamed(textOf(percentBytes(encoded)), FS))
  const set = (name: string, end: string) => fieldsOf(named.get(name) ?? '', end)
  const subsets = splitNamed(named.get('payx_data') ?? '', RS)
  return {
    payx: Object.fromEntries(subsets.map(([name, text]) => [name, fieldsOf(text, US)])),
    ordr: set('ordr_data', US),
    rcvr: set('rcvr_data', US),
    escw: set('escw_data', GS),
    mod: set('mod_data', US),
  }
}

/** Pairs with US after each, the last one too: the module strips that one. */
export function writeAnswer(fields: Fields): Buffer {
  const text = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}${US}`)
    .join('')
  const bytes = encodeCp949(text)
  if (!bytes) throw new Error('an answer that EUC-KR cannot say')
  return bytes
}

const fieldsOf = (text: string, end: string): Fields => Object.fromEntries(splitNamed(text, end))

function splitNamed(text: string, end: string): readonly (readonly [string, string])[] {
  return text.split(end).flatMap((part) => {
    const at = part.indexOf('=')
    return at < 1 ? [] : [[part.slice(0, at), part.slice(at + 1)] as const]
  })
}

function textOf(bytes: Buffer): string {
  const text = decodeCp949(bytes)
  if (text === null) throw new KcpError('8009', 'EUC-KR이 아닌 문자')
  return text
}

function percentBytes(encoded: string): Buffer {
  const latin = encoded.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(latin, 'latin1')
}

/** Bytes of EUC-KR; infinite where it cannot be said in it. */
export const bytesOf = (text: string): number => encodeCp949(text)?.length ?? Number.POSITIVE_INFINITY

/** Those of the fields that are there. */
export function pick(from: Fields, names: readonly string[]): Fields {
  const picked = names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]] as const]))
  return Object.fromEntries(picked)
}
