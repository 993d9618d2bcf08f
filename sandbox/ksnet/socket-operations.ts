import type { Instant } from '#lib/domain/kst.ts'
import { decodeCp949, encodeCp949, fitCp949 } from '#lib/gateways/wire/cp949.ts'
import { readRecord, sizeOf, writeRecord, type Layout } from '#lib/gateways/wire/fixed-length.ts'
import type { Call } from './cancelling.ts'
import { KsnetError } from './codes.ts'
import type { Done, Work } from './desk.ts'
import { head } from './layouts.ts'
import { findMerchant } from './merchant.ts'
import type { Family } from './operations/family.ts'
import { cancelCard, refuseApproval } from './operations/card.ts'
import { closeAccount, issueAccount } from './operations/account.ts'
import { cancelReceipt, issueReceipt } from './operations/cash-receipt.ts'
import { cancelMobile } from './operations/mobile.ts'
import { cancelTransfer } from './operations/transfer.ts'
import { day, time } from './stamp.ts'
import type { KsnetState } from './state.ts'

/** By approval type (ksnet.md 2.3). Approving a card by socket is refused; what is not here gets no answer. */
const families: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['1000', refuseApproval],
  ['1300', refuseApproval],
  ['I000', refuseApproval],
  ['1010', cancelCard],
  ['2010', cancelTransfer],
  ['6000', issueAccount],
  ['6010', closeAccount],
  ['M110', cancelMobile],
  ['H000', issueReceipt],
  ['H200', issueReceipt],
  ['H600', issueReceipt],
  ['H010', cancelReceipt],
  ['H210', cancelReceipt],
  ['H610', cancelReceipt],
])

const HEAD_BYTES = sizeOf(head)
const TYPE_BYTES = 4

/** What a record asks for; its approval type where nothing here answers that. */
export function socketWork(record: Buffer, state: KsnetState, now: Instant): Work | string {
  const body = record.subarray(HEAD_BYTES)
  const type = body.subarray(0, TYPE_BYTES).toString('latin1')
  const family = families.get(type)
  // Several approvals in one record are documented nowhere but by their number.
  if (!family || headField(record, 'approvalCount') !== '1') return type
  const fields = family.requests.map((layout) => readRecord(layout, body)).find((one) => one !== null) ?? null
  const asked = /^[0-9A-Za-z]*$/.exec(fields?.['transactionNo'] ?? '')?.[0] ?? ''
  const answer = (values: Fields, orderNo: string | null) =>
    Buffer.concat([answerHead(record, family.answer, orderNo), bodyOf(family.answer, values)])
  const common = { approvalType: answerType(type), tradeDate: day(now), tradeTime: time(now) }
  return {
    operation: family.operation,
    type,
    asked: asked === '' ? null : asked,
    run(): Done {
      const ran = family.run(callOf(record, state, now), {
        type,
        fields: wellFormed(family, fields),
        head: headFields(record),
      })
      const { orderNo, values, ...done } = ran
      return { ...done, answer: answer({ ...common, ...values }, orderNo) }
    },
    refuse: (error) => answer({ ...common, transactionNo: asked, status: 'X', ...family.refused(error) }, null),
  }
}

type Fields = Readonly<Record<string, string>>

function wellFormed({ requests }: Family, fields: Fields | null): Fields {
  if (!fields && requests.length > 0) throw new KsnetError('8038')
  return fields ?? {}
}

function callOf(record: Buffer, state: KsnetState, now: Instant): Call {
  const merchant = findMerchant(headField(record, 'storeId'))
  if (!merchant) throw new KsnetError('P002')
  return { state, now, merchant, way: 'socket' }
}

/** The answer's type is the request's with 1 in the place of the last 0. */
const answerType = (type: string): string => type.replace(/0$/, '1')

/** The request's own bytes with the answer's length; where it worked, with the order number of the transaction (log). */
function answerHead(record: Buffer, body: Layout, orderNo: string | null): Buffer {
  const bytes = Buffer.from(record.subarray(0, HEAD_BYTES))
  bytes.write(String(HEAD_BYTES - 4 + sizeOf(body)).padStart(4, '0'), 0, 'latin1')
  if (orderNo === null) return bytes
  const { at, size } = placeOf('orderNumber')
  const text = encodeCp949(fitCp949(orderNo, size)) ?? Buffer.alloc(0)
  bytes.fill(' ', at, at + size)
  text.copy(bytes, at)
  return bytes
}

function bodyOf(layout: Layout, values: Fields): Buffer {
  const bytes = writeRecord(layout, values)
  if (!bytes) throw new Error(`an answer that its record cannot hold: ${JSON.stringify(values)}`)
  return bytes
}

type HeadName = (typeof head)[number][0]

function placeOf(name: HeadName): { at: number; size: number } {
  const index = head.findIndex(([one]) => one === name)
  return { at: sizeOf(head.slice(0, index)), size: head[index]?.[1] ?? 0 }
}

/** One field of the head, whatever the others hold: clients cut long text anywhere, and that is no reason to refuse. */
function headField(record: Buffer, name: HeadName): string {
  const { at, size } = placeOf(name)
  const bytes = record.subarray(at, at + size)
  return (decodeCp949(bytes) ?? decodeCp949(bytes.subarray(0, -1)) ?? '').trim()
}

const headFields = (record: Buffer): Fields => Object.fromEntries(head.map(([name]) => [name, headField(record, name)]))
