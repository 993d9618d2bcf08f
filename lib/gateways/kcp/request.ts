import { dirname, join } from 'node:path/posix'
import type { Call, Wire } from '../connector.ts'
import { encodeCp949 } from '../wire/cp949.ts'
import { isPlain, writeArgument, type Pairs } from '../wire/separated.ts'

/** Orders to change something, and questions about a payment (tx_cd of the module). */
export const CHANGE = '00200000'
/** Escrow: a cancel after the buyer confirmed. */
export const AFTER_CONFIRMATION = '70200200'

/** The samples send the requester's address; which, KCP does not check, and ours is not the buyer's. */
export const FROM_IP = '127.0.0.1'

export type Sets = {
  readonly txCd: string
  readonly orderNumber?: string
  readonly payx?: string | null
  readonly ordr?: string | null
  readonly modx?: string | null
}

/**
 * A message for the program: its two arguments, `-h` and one line of comma-joined pairs, in CP949. Without the key, which `sign`
 * puts at the end: an end that is lost is then a message without a key, which KCP refuses. Null sets, and whatever cannot be
 * written, make a message without arguments, which the transport never sends.
 */
export function moduleWire(sets: Sets, call: Call): Wire {
  const program = call.program ?? ''
  const { payx = '', ordr = '', modx = '' } = sets
  const line =
    payx === null || ordr === null || modx === null ? null : lineOf({ ...sets, payx, ordr, modx }, program, call)
  const bytes = line === null ? null : encodeCp949(line)
  return { via: 'cli', program, args: bytes === null ? [] : [ascii('-h'), bytes.toString('base64')] }
}

const ascii = (text: string) => Buffer.from(text, 'latin1').toString('base64')

/** The order of KCP's own library; the module takes any. */
function lineOf(sets: Sets & { payx: string; ordr: string; modx: string }, program: string, call: Call): string | null {
  const siteCd = call.credentials['siteCd'] ?? ''
  if (!URL.canParse(call.endpoint) || !isSite(siteCd)) return null
  const { hostname, port } = new URL(call.endpoint)
  const home = dirname(dirname(program))
  return writeArgument([
    ['home', home],
    ['site_cd', siteCd],
    ['tx_cd', sets.txCd],
    ['pa_url', hostname],
    ['pa_port', port],
    ['ordr_idxx', sets.orderNumber ?? ''],
    ['payx_data', sets.payx],
    ['ordr_data', sets.ordr],
    ['rcvr_data', ''],
    ['escw_data', ''],
    ['modx_data', sets.modx],
    ['enc_data', ''],
    ['enc_info', ''],
    ['trace_no', ''],
    ['cust_ip', FROM_IP],
    ['log_path', join(home, 'log')],
    // Start, connection and end, never the message itself.
    ['log_level', '3'],
    ['opt', '0'],
  ])
}

const isSite = (siteCd: string) => /^[0-9A-Za-z]{5}$/.test(siteCd)
/** KCP's number of a payment: its form is not promised, but it never breaks out of a field. */
export const isTno = (tno: string): boolean => /^[0-9A-Za-z]{1,20}$/.test(tno)

/** A message of the REST service, without certificate and signature. Null makes an address that nothing is sent to. */
export function restWire(path: string, fields: Pairs | null, call: Call): Wire {
  const siteCd = call.credentials['siteCd'] ?? ''
  const sayable = fields !== null && isSite(siteCd) && fields.every(([, value]) => isPlain(value))
  return {
    via: 'http',
    method: 'POST',
    url: sayable ? `${call.endpoint}${path}` : '',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json; charset=UTF-8' },
    body: sayable ? JSON.stringify(Object.fromEntries([['site_cd', siteCd], ...fields])) : null,
  }
}
