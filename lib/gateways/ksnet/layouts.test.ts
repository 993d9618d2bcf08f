import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as theirs from '#sandbox/ksnet/layouts.ts'
import { fitCp949 } from '../wire/cp949.ts'
import { readRecord, sizeOf, splitRecord, writeRecord, type Layout } from '../wire/fixed-length.ts'
import {
  accountReply,
  cancelRequest,
  cardReply,
  cashReceiptReply,
  layoutOf,
  mobileReply,
  transferReply,
} from './layouts.ts'
import { oldNotice } from './notice.ts'

const example = (name: string) => readFileSync(join(import.meta.dirname, 'examples', `${name}.bin`))

const tables: Readonly<Record<string, Layout>> = {
  cancelRequest,
  cardReply,
  accountReply,
  transferReply,
  mobileReply,
  cashReceiptReply,
  oldNotice,
}

describe('the example records', () => {
  it.each<[string, Layout]>([
    ['cancel_full_req', cancelRequest],
    ['cancel_partial_req', cancelRequest],
    ['cancel_full_res_ok', cardReply],
    ['cancel_partial_res_ok', cardReply],
    ['cancel_res_already', cardReply],
    ['cancel_res_fail', cardReply],
    ['va_issue_res_ok', accountReply],
    ['va_deposit_VR', oldNotice],
  ])('%s is read and written byte for byte', (name, table) => {
    const bytes = example(name)
    const values = readRecord(table, bytes) ?? expect.fail('not read')
    expect(writeRecord(table, values)).toEqual(bytes)
  })
  it('say what they say', () => {
    expect(readRecord(cancelRequest, example('cancel_partial_req'))).toMatchObject({
      length: '0446',
      storeId: '2999199999',
      userName: '홍길동',
      approvalType: '1010',
      cancelType: '3',
      transactionNo: '197430000012',
      cancelAmount: '000001000',
      cancelSequence: '01',
    })
    expect(readRecord(cardReply, example('cancel_full_res_ok'))).toMatchObject({
      approvalType: '1011',
      status: 'O',
      approvalNo: '15608820',
      message1: '신한카드-체크',
      amount: '000010000',
      vanTransactionNo: '059743000001',
      filler: '1',
    })
    expect(readRecord(cardReply, example('cancel_res_already'))).toMatchObject({
      status: 'O',
      approvalNo: '',
      message2: '기취소거래',
      amount: '',
    })
    expect(readRecord(accountReply, example('va_issue_res_ok'))).toMatchObject({
      transactionNo: '697430000011',
      accountNo: '79012345678901',
      holder: '테스트상점',
      responseCode: '0000',
    })
  })
  it('are known by length and type', () => {
    expect(layoutOf(example('cancel_full_req'))).toBe(cancelRequest)
    expect(layoutOf(example('cancel_res_fail'))).toBe(cardReply)
    // An issue's answer, and a notice: nothing that this side sends or hears by socket.
    for (const name of ['va_issue_res_ok', 'va_deposit_VR', 'wh_response']) expect(layoutOf(example(name))).toBeNull()
    expect(layoutOf(example('cancel_full_req').subarray(0, 449))).toBeNull()
    expect(layoutOf(new Uint8Array())).toBeNull()
  })
})

/** The sandbox has its head apart, the cancel data in one, and names of its own. */
const sizes = (table: Layout): number[] => table.map(([, bytes]) => bytes)
const apart = (table: Layout): number[] => {
  const cancelData = table.findIndex(([name]) => name === 'cancelData')
  const all = sizes(table)
  return cancelData < 0 ? all : [...all.slice(0, cancelData), 9, 2, 31, ...all.slice(cancelData + 1)]
}

describe('the tables of the two sides', () => {
  it.each<[string, Layout, Layout]>([
    ['cancel', cancelRequest, theirs.cancelRequest],
    ['card', cardReply, theirs.cardAnswer],
    ['account', accountReply, theirs.accountAnswer],
    ['transfer', transferReply, theirs.transferAnswer],
    ['mobile', mobileReply, theirs.mobileAnswer],
    ['cash receipt', cashReceiptReply, theirs.receiptAnswer],
  ])('%s: the same fields of the same lengths', (_, ours, body) => {
    expect(sizes(ours)).toEqual([...sizes(theirs.head), ...apart(body)])
  })
  it.each<[string, Layout, string, string]>([
    ['cancel', cancelRequest, 'transactionNo', 'transactionNo'],
    ['card', cardReply, 'approvalNo', 'authNo'],
    ['card', cardReply, 'amount', 'amount'],
    ['card', cardReply, 'message2', 'message2'],
    ['transfer', transferReply, 'amount', 'amount'],
    ['transfer', transferReply, 'bankTransactionNo', 'bankTransactionNo'],
    ['transfer', transferReply, 'responseCode', 'bankRespCode'],
    ['account', accountReply, 'responseCode', 'respCode'],
    ['mobile', mobileReply, 'responseCode', 'respCode'],
  ])('%s: %s stands where the other side has its %s', (kind, ours, name, itsName) => {
    const body = {
      cancel: theirs.cancelRequest,
      card: theirs.cardAnswer,
      transfer: theirs.transferAnswer,
      account: theirs.accountAnswer,
      mobile: theirs.mobileAnswer,
    }[kind]
    expect(placeOf(ours, name)).toEqual(placeOf([...theirs.head, ...(body ?? [])], itsName, 300))
  })
})

function placeOf(table: Layout, wanted: string, from = 0): readonly number[] {
  let at = 0
  for (const [name, bytes] of table) {
    if (name === wanted && at >= from) return [at, bytes]
    at += bytes
  }
  return expect.fail(`no field ${wanted}`)
}

describe.each(Object.entries(tables))('%s', (_, table) => {
  const record = fc.tuple(
    ...table.map(([, bytes, kind]) =>
      kind === '9'
        ? fc.stringMatching(/^\d*$/).map((text) => text.slice(0, bytes))
        : fc.string({ unit: 'grapheme' }).map((text) => fitCp949(text.replace(/\p{Cc}/gu, ''), bytes)),
    ),
  )
  const valuesOf = (texts: readonly string[]) =>
    Object.fromEntries(table.map(([name], index) => [name, texts[index] ?? '']))

  it('takes whatever fits, and gives it back', () => {
    fc.assert(
      fc.property(record, (texts) => {
        const bytes = writeRecord(table, valuesOf(texts)) ?? expect.fail('not written')
        expect(bytes).toHaveLength(sizeOf(table))
        const values = readRecord(table, bytes) ?? expect.fail('not read')
        for (const [index, [name, size, kind]] of table.entries()) {
          const text = texts[index] ?? ''
          expect(values[name]).toBe(kind === '9' && text !== '' ? text.padStart(size, '0') : text.trim())
        }
        expect(splitRecord(table, bytes).map(([, part]) => part.length)).toEqual(table.map(([, size]) => size))
      }),
      { numRuns: 50 },
    )
  })
  it('refuses what does not fit, in any field: never cut, never a question mark', () => {
    for (const [name, bytes, kind] of table) {
      expect(writeRecord(table, { [name]: '9'.repeat(bytes + 1) }), name).toBeNull()
      expect(writeRecord(table, { [name]: '😀' }), name).toBeNull()
      expect(writeRecord(table, { [name]: '\n' }), name).toBeNull()
      if (kind === '9') expect(writeRecord(table, { [name]: '-1' }), name).toBeNull()
      if (kind !== '9' && bytes > 1) expect(writeRecord(table, { [name]: '가' }), name).not.toBeNull()
    }
  })
  it('is read from bytes of its own length only, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 900 }), (bytes) => {
        const read = readRecord(table, bytes)
        if (bytes.length !== sizeOf(table)) expect(read).toBeNull()
      }),
    )
    const random = fc.uint8Array({ minLength: sizeOf(table), maxLength: sizeOf(table) })
    fc.assert(
      fc.property(random, (bytes) => {
        const read = readRecord(table, bytes)
        if (read) expect(Object.keys(read)).toEqual(table.map(([name]) => name))
      }),
    )
  })
  it('is read where the other side cut a character in two', () => {
    const [name, bytes] = table.find(([, size, kind]) => kind !== '9' && size >= 4) ?? expect.fail()
    const text = (bytes % 2 === 0 ? 'a' : '') + '가'.repeat(Math.floor((bytes - 1) / 2))
    const parts = splitRecord(table, writeRecord(table, { [name]: text }) ?? expect.fail('not written'))
    const halved = parts.map(([other, part]) =>
      other === name ? Buffer.concat([part.subarray(0, -1), Buffer.of(0xb0)]) : part,
    )
    expect(readRecord(table, Buffer.concat(halved))?.[name]).toBe(text)
  })
})
