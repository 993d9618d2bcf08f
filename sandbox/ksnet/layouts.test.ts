import { expect, test } from 'vitest'
import * as connector from '#lib/gateways/ksnet/layouts.ts'
import { newNotice, oldNotice } from '#lib/gateways/ksnet/notice.ts'
import { readRecord, sizeOf, writeRecord, type Layout } from '#lib/gateways/wire/fixed-length.ts'
import { example } from './ksnet-under-test.ts'
import {
  accountAnswer,
  accountRequest,
  cancelRequest,
  cardAnswer,
  depositNew,
  depositOld,
  head,
  mobileAnswer,
  receiptAnswer,
  transferAnswer,
} from './layouts.ts'

const records: readonly (readonly [string, Layout])[] = [
  ['cancel_full_req', [...head, ...cancelRequest]],
  ['cancel_partial_req', [...head, ...cancelRequest]],
  ['cancel_full_res_ok', [...head, ...cardAnswer]],
  ['cancel_partial_res_ok', [...head, ...cardAnswer]],
  ['cancel_res_already', [...head, ...cardAnswer]],
  ['cancel_res_fail', [...head, ...cardAnswer]],
  ['va_issue_req', [...head, ...accountRequest]],
  ['va_issue_res_ok', [...head, ...accountAnswer]],
  ['va_deposit_VR', depositOld],
  ['va_deposit_6100', [...head, ...depositNew]],
]

/** Names that both parts have do not matter: each field is read by itself. */
const numbered = (layout: Layout): Layout => layout.map(([name, ...rest], index) => [`${index} ${name}`, ...rest])

test.each(records)('%s goes through this side’s table byte for byte', (name, layout) => {
  const bytes = example(name)
  expect(sizeOf(layout)).toBe(bytes.length)
  const fields = readRecord(numbered(layout), bytes)
  expect(fields).not.toBeNull()
  expect(writeRecord(numbered(layout), fields ?? {})).toEqual(bytes)
})

/** Where each field begins; 300 is the first after the head. */
function startsOf(layout: Layout): number[] {
  let at = 0
  return layout.map(([, bytes]) => {
    const start = at
    at += bytes
    return start
  })
}

const known = (layout: Layout) => [...head, ...layout]
const pairs: readonly (readonly [string, Layout, Layout])[] = [
  ['cancel', known(cancelRequest), connector.cancelRequest],
  ['card', known(cardAnswer), connector.cardReply],
  ['account', known(accountAnswer), connector.accountReply],
  ['transfer', known(transferAnswer), connector.transferReply],
  ['mobile', known(mobileAnswer), connector.mobileReply],
  ['cash receipt', known(receiptAnswer), connector.cashReceiptReply],
  ['deposit of old', depositOld, oldNotice],
  // The connector stops where the last filler begins.
  ['deposit', known(depositNew.slice(0, -1)), newNotice],
]
/** The other side may read one of our fields as several: amount and number of a part, and the store in the old notice. */
const splits: ReadonlyMap<Layout, readonly number[]> = new Map<Layout, readonly number[]>([
  [connector.cancelRequest, [384, 386]],
  [oldNotice, [276]],
])

test.each(pairs)('%s: both sides of the wire cut the record at the same bytes', (_, ours, theirs) => {
  expect(sizeOf(theirs)).toBe(sizeOf(ours))
  const cuts = new Set(startsOf(theirs))
  expect(startsOf(ours).filter((start) => !cuts.has(start))).toEqual([])
  const more = startsOf(theirs).filter((start) => !startsOf(ours).includes(start))
  expect(more).toEqual(splits.get(theirs) ?? [])
})

test.each(records.slice(0, 6))('%s: both sides read the same values at the same places', (name, ours) => {
  const bytes = example(name)
  const theirs = connector.layoutOf(bytes)
  if (!theirs) throw new Error(`the connector does not know ${name}`)
  const valuesAt = (layout: Layout) => {
    const values = Object.values(readRecord(numbered(layout), bytes) ?? {})
    return new Map(startsOf(layout).map((start, index) => [start, values[index] ?? '']))
  }
  const [here, there] = [valuesAt(ours), valuesAt(theirs)]
  for (const [start, value] of here) {
    const split = start === 375 ? `${there.get(375)}${there.get(384)}${there.get(386)}` : there.get(start)
    expect([start, split]).toEqual([start, value])
  }
})
