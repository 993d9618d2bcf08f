import { createHash } from 'node:crypto'
import { currentBank } from '#lib/domain/banks.ts'
import { parseKst, type Instant } from '#lib/domain/kst.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { UnsignedNotice } from '../connector.ts'

/**
 * KCP's common return: one form for every kind of notice, by `tx_cd` (sample `common_return` as shops carry it; KDOC `index-1`
 * for the common fields and TX00; TX08 and the values of `st_cd` from the webhook page). Nobody signs it.
 */
type Fields = Readonly<Record<string, string>>
type Event = UnsignedNotice['event']

/** Null where the number of the transaction, or what a deposit is about, cannot be read: then KCP is not told that it was. */
export function readNotice(fields: Fields): UnsignedNotice | null {
  const type = matching(fields, 'tx_cd', /^TX\d{2}$/)
  const storeKey = matching(fields, 'site_cd', /^[0-9A-Za-z]{5}$/)
  const paymentId = matching(fields, 'tno', /^[0-9A-Za-z]{14}$/)
  if (type === null || storeKey === null || paymentId === null) return null
  const event = eventOf(type, fields)
  if (event === null) return null
  return {
    key: keyOf(type, fields),
    type,
    storeKey,
    paymentId,
    orderNumber: text(fields, 'order_no', 40) ?? text(fields, 'ordr_idxx', 40),
    at: timeOf(fields, 'tx_tm'),
    event,
  }
}

/** What KCP looks for in the answer; it sends again whatever was answered otherwise. */
export const noticeReceipt = {
  contentType: 'text/html; charset=utf-8',
  body: '<html><body><form><input type="hidden" name="result" value="0000"></form></body></html>',
} as const

/** A deposit and its reversal may come under one `noti_id`; of a notice without one, what it tells is its key. */
function keyOf(type: string, fields: Fields): string {
  const number = matching(fields, 'noti_id', /^[\x21-\x7e]{1,40}$/)
  const operation = text(fields, 'op_cd', 4) ?? ''
  return number === null ? `${type}/${hashOf(fields)}` : `${type}/${number}/${operation}`
}

/** Neither what changes when the same is sent again, nor anything of a person. */
const hashed =
  'site_cd tno order_no tx_cd tx_tm op_cd st_cd ipgm_mnyx totl_mnyx ipgm_time bank_code refund_mny waybill_no waybill_corp'
const hashOf = (fields: Fields): string =>
  createHash('sha256')
    .update(JSON.stringify(hashed.split(' ').map((name) => fields[name]?.trim() ?? '')))
    .digest('base64url')

/** `op_cd` of a deposit that the bank took back; every other value is a deposit. */
const REVERSED = '13'

function eventOf(type: string, fields: Fields): Event | null {
  switch (type) {
    case 'TX00':
      return moneyEvent(fields)
    case 'TX01':
      return { kind: 'refunded', amount: amountOf(fields, 'refund_mny') }
    case 'TX02':
      return confirmation(fields)
    case 'TX03':
      return escrow('REGISTERED', text(fields, 'waybill_corp', 50), text(fields, 'waybill_no', 30))
    case 'TX04':
      return escrow('HELD')
    case 'TX05':
    case 'TX06':
      return escrow('CANCELLED')
    case 'TX07':
      return { kind: 'closed' }
    default:
      return { kind: 'other' }
  }
}

const escrow = (status: string, courier: string | null = null, trackingNumber: string | null = null): Event => ({
  kind: 'escrow',
  status,
  courier,
  trackingNumber,
})

/** Y: the buyer confirmed. S: the system did. N: the buyer asks to cancel. */
function confirmation(fields: Fields): Event {
  const said = fields['st_cd']?.trim()
  if (said === 'Y' || said === 'S') return escrow('CONFIRMED')
  return said === 'N' ? escrow('REJECTED') : { kind: 'other' }
}

function moneyEvent(fields: Fields): Event | null {
  const amount = amountOf(fields, 'ipgm_mnyx')
  const at = timeOf(fields, 'ipgm_time')
  if (amount === null || amount === 0 || at === null) return null
  return {
    kind: fields['op_cd']?.trim() === REVERSED ? 'reversal' : 'deposit',
    amount,
    bank: bankOf(fields),
    account: (fields['account'] ?? '').replace(/[\s-]/g, '').match(/^\d{1,20}$/)?.[0] ?? null,
    depositor: text(fields, 'remitter', 60) ?? text(fields, 'ipgm_name', 60),
    at,
  }
}

/** Two digits; `BK04` is seen too. */
function bankOf(fields: Fields): string | null {
  const code = text(fields, 'bank_code', 10)?.replace(/^BK?/i, '') ?? ''
  return currentBank(code)?.portone ?? null
}

function matching(fields: Fields, name: string, form: RegExp): string | null {
  const value = fields[name]?.trim() ?? ''
  return form.test(value) ? value : null
}

/** One line, or null. What cannot stand in a column, or is no such thing, is left out: nothing depends on it. */
function text(fields: Fields, name: string, max: number): string | null {
  const value = fields[name]?.trim() ?? ''
  return value === '' || value.length > max || /[\p{Cc}\p{Cs}]/u.test(value) ? null : value
}

/** Twelve digits of won. */
function amountOf(fields: Fields, name: string): Minor | null {
  const value = matching(fields, name, /^\d{1,12}$/)
  return value === null ? null : minor(Number(value))
}

const CLOCK = /^(20\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/
/** `20261121140322`, in Seoul. */
function timeOf(fields: Fields, name: string): Instant | null {
  const value = matching(fields, name, CLOCK)
  return value === null ? null : parseKst(value.replace(CLOCK, '$1-$2-$3 $4:$5:$6'))
}
