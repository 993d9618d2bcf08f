import { currentBank } from '#lib/domain/banks.ts'
import { parseKst, type Instant } from '#lib/domain/kst.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { UnsignedNotice } from '../connector.ts'
import { decodeCp949 } from '../wire/cp949.ts'
import { head } from './layouts.ts'
import { TRNO } from './trno.ts'
import { layout, readRecord, sizeOf, type Layout, type Values } from '../wire/fixed-length.ts'

/**
 * KSNET's notices of deposits into virtual accounts: the old record `VR` (public receivers decode it) and the newer one, the head
 * of the socket's records and a body `61xx` (KSNET's sample receiver; never seen on the wire). Nobody signs either.
 */

export const oldNotice = layout(
  ['busiSele', 2],
  ['transactionNo', 12],
  ['dealCode', 9],
  ['compCode', 8],
  ['accoCode', 2],
  ['messCode', 4],
  ['jobDiff', 3],
  ['tranNumb', 1],
  ['seqNo', 6],
  ['tranDate', 8],
  ['tranTime', 6],
  ['stanRespCode', 4],
  ['bankRespCode', 4],
  ['inquDate', 8],
  ['inquNo', 6],
  ['filler1', 31],
  ['accoNumb', 15],
  ['compCnt', 2],
  ['dealSele', 2],
  ['inBankCd', 2],
  ['totalAmt', 13, '9'],
  ['balaMone', 13, '9'],
  ['giro', 6],
  ['receNm', 14],
  ['checNo', 10],
  ['cash', 13, '9'],
  ['outBankChec', 13, '9'],
  ['etcChec', 13, '9'],
  ['cmsNo', 16],
  ['dealStarDate', 8],
  ['dealStarTime', 6],
  ['accoSeriNo', 6],
  ['storeId', 10],
  ['filler2', 38],
)

/** To where the last filler begins, whose length is said nowhere. */
export const newNotice = layout(
  ...head,
  ['approvalType', 4],
  ['transactionNo', 12],
  ['dealCode', 9],
  ['compCode', 8],
  ['accoCode', 6],
  ['messCode', 4],
  ['jobDiff', 3],
  ['tranNumb', 1],
  ['seqNo', 10],
  ['tranDate', 8],
  ['tranTime', 6],
  ['stanRespCode', 4],
  ['bankRespCode', 4],
  ['inquDate', 8],
  ['inquNo', 6],
  ['filler1', 27],
  ['accoNumb', 15],
  ['compCnt', 2],
  ['dealSele', 2],
  ['inBankCd', 6],
  ['totalAmt', 13, '9'],
  ['balaMone', 13, '9'],
  ['giro', 6],
  ['receNm', 14],
  ['checNo', 10],
  ['cash', 13, '9'],
  ['outBankChec', 13, '9'],
  ['etcChec', 13, '9'],
  ['cmsNo', 16],
  ['dealStarDate', 8],
  ['dealStarTime', 6],
  ['accoSeriNo', 6],
)

/** What the sender looks for in the answer over HTTP; whatever else it reads, it sends again. */
export const noticeReceipt = { contentType: 'text/html; charset=euc-kr', body: 'result=OK' } as const
/** The same over TCP. */
export const ACK = 0x06
export const NAK = 0x15

export const NOTICE_BYTES_MAX = 4_096
const OLD_BYTES = sizeOf(oldNotice)
const NEW_BYTES = sizeOf(newNotice)
/** KSNET's sample receiver takes a record of 300 bytes and more: spaces at its end may be lost on the way. */
const OLD_BYTES_MIN = 300

/** How many bytes the record has that begins so; null where that cannot be said yet, 0 where no record begins so. */
export function noticeSize(start: Uint8Array): number | null {
  const sign = Buffer.from(start.subarray(0, 4)).toString('latin1')
  if (/^V(?:R|$)/.test(sign)) return OLD_BYTES
  if (!/^\d{0,4}$/.test(sign)) return 0
  if (sign.length < 4) return null
  const size = Number(sign) + 4
  return size >= NEW_BYTES && size <= NOTICE_BYTES_MAX ? size : 0
}

/** The record stands in `data`, one character a byte. Null where what a deposit is about cannot be read. */
export function readNotice(fields: Readonly<Record<string, string>>): UnsignedNotice | null {
  const bytes = bytesOf(fields['data'] ?? '')
  if (bytes === null) return null
  const record = bytes.subarray(0, 2).toString('latin1') === 'VR' ? readOld(bytes) : readNew(bytes)
  return record && noticeOf(record)
}

function bytesOf(data: string): Buffer | null {
  if (data.length > NOTICE_BYTES_MAX || /[\u0100-\uffff]/.test(data)) return null
  return Buffer.from(data, 'latin1')
}

type Names = 'transactionNo' | 'storeId' | 'accoCode' | 'seqNo' | 'tranDate' | 'tranTime' | 'dealSele' | 'totalAmt'
type More = 'receNm' | 'cmsNo' | 'dealStarDate' | 'dealStarTime'
type Told = { readonly type: string; readonly orderNumber: string | null; readonly values: Values<Names | More> }

function readOld(bytes: Buffer): Told | null {
  if (bytes.length < OLD_BYTES_MIN || bytes.length > OLD_BYTES) return null
  const whole = Buffer.concat([bytes, Buffer.alloc(OLD_BYTES - bytes.length, ' ')])
  const values = readRecord(oldNotice, withoutNoise(oldNotice, whole))
  return values && { type: 'VR', orderNumber: null, values }
}

function readNew(bytes: Buffer): Told | null {
  if (noticeSize(bytes) !== bytes.length) return null
  const known = bytes.subarray(0, NEW_BYTES)
  const values = readRecord(newNotice, withoutNoise(newNotice, known))
  if (!values || !/^\d{4}$/.test(values.approvalType)) return null
  return { type: values.approvalType, orderNumber: oneLine(values.orderNumber), values }
}

/** A text that is no CP949, as names cut by others are, is no reason to lose a deposit: it is left out. */
function withoutNoise(fields: Layout, bytes: Buffer): Buffer {
  const clean = Buffer.from(bytes)
  let at = 0
  for (const [, size] of fields) {
    const field = clean.subarray(at, at + size)
    if (decodeCp949(field) === null && decodeCp949(field.subarray(0, -1)) === null) field.fill(' ')
    at += size
  }
  return clean
}

const kinds: Readonly<{ [sign: string]: 'deposit' | 'reversal' | undefined }> = { '20': 'deposit', '51': 'reversal' }

function noticeOf({ type, orderNumber, values }: Told): UnsignedNotice | null {
  const { transactionNo, storeId: storeKey, dealSele, cmsNo: account, dealStarDate: day } = values
  if (!TRNO.test(transactionNo) || !/^[0-9A-Za-z]{10}$/.test(storeKey) || !/^\d\d$/.test(dealSele)) return null
  const event = eventOf(type, values)
  if (event === null) return null
  return {
    key: `${dealSele}/`,
    // KSNET's own sign of a repeated notice; the account's number is somebody's.
    personalKey: JSON.stringify([dealSele, account, values.seqNo.slice(-6), day, values.dealStarTime]),
    type: `${type} ${dealSele}`,
    storeKey,
    paymentId: transactionNo,
    orderNumber,
    at: timeOf(values.tranDate, values.tranTime),
    event,
  }
}

/** `50xx` tells of collected payments (CMS), and signs other than 20 and 51 of nothing that is known: both are kept, and change nothing. */
function eventOf(type: string, values: Told['values']): UnsignedNotice['event'] | null {
  const kind = Object.hasOwn(kinds, values.dealSele) ? kinds[values.dealSele] : undefined
  if (kind === undefined || (type !== 'VR' && !type.startsWith('61'))) return { kind: 'other' }
  const amount = amountOf(values.totalAmt)
  const at = timeOf(values.dealStarDate, values.dealStarTime)
  if (amount === null || at === null) return null
  return {
    kind,
    amount,
    bank: currentBank(values.accoCode.slice(-2))?.portone ?? null,
    account: /^\d{1,16}$/.test(values.cmsNo) ? values.cmsNo : null,
    depositor: oneLine(values.receNm),
    at,
  }
}

function amountOf(digits: string): Minor | null {
  const amount = /^\d{1,13}$/.test(digits) ? Number(digits) : 0
  return amount === 0 ? null : minor(amount)
}

const oneLine = (text: string): string | null => (text === '' || /[\p{Cc}\p{Cs}]/u.test(text) ? null : text)

/** `20260902` and `101500`, in Seoul. */
function timeOf(day: string, time: string): Instant | null {
  const [, year, month, date] = /^(20\d\d)(\d\d)(\d\d)$/.exec(day) ?? []
  const [, hour, minute, second] = /^(\d\d)(\d\d)(\d\d)$/.exec(time) ?? []
  return parseKst(`${year}-${month}-${date} ${hour}:${minute}:${second}`)
}
