import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sizeOf, writeRecord } from '#lib/gateways/wire/fixed-length.ts'
import { example, record, useKsnet, type Fields } from './ksnet-under-test.ts'
import {
  accountAnswer,
  accountRequest,
  cancelRequest,
  cardAnswer,
  head,
  mobileAnswer,
  oldAccountRequest,
  receiptAnswer,
  receiptRequest,
  transferAnswer,
} from './layouts.ts'
import { escrowMerchant } from './merchant.ts'

const ksnet = useKsnet()
const noon = '2026-11-21T12:00:00+09:00'

/** The payment the example records tell of, at the time they were made. */
async function examplePayment() {
  await ksnet.sandbox.clock('2026-09-01T12:34:57+09:00')
  const wish = { mid: '2999199999', trno: '197430000012', approvalNo: '15608820', orderNo: 'ORD-20260901-0001' }
  return ksnet.pay({ ...wish, card: '05' })
}

/** What is invented in the examples without a rule: the VAN's number, the card's. */
const without = (bytes: Buffer, ...places: readonly (readonly [number, number])[]): Buffer => {
  const copy = Buffer.from(bytes)
  for (const [at, size] of places) copy.fill('?', at, at + size)
  return copy
}
const van = [483, 12] as const
const cardNo = [387, 16] as const

test('the example request of a whole cancel gets the example answer, byte for byte', async () => {
  await examplePayment()
  const answer = await ksnet.exchange(example('cancel_full_req'))
  expect(without(answer, van)).toEqual(without(example('cancel_full_res_ok'), van))
  expect(await ksnet.show('197430000012')).toMatchObject({ left: 0 })
})

test('so does the one of a part', async () => {
  await examplePayment()
  const answer = await ksnet.exchange(example('cancel_partial_req'))
  expect(without(answer, van, cardNo)).toEqual(without(example('cancel_partial_res_ok'), van, cardNo))
  expect(await ksnet.show('197430000012')).toMatchObject({ left: 9000 })
})

/** Without an order and a buyer, as the merchant's program of the log sends it. */
const bare = (cancelType: string): Buffer => {
  const top = { storeId: '2999199999', encType: '0', requestDate: '20260901123456' }
  return record(cancelRequest, { approvalType: '1010', cancelType, transactionNo: '197430000012' }, top)
}

test('once more: Status O, as in the example, and nothing is done', async () => {
  await examplePayment()
  await ksnet.exchange(example('cancel_full_req'))
  expect(await ksnet.exchange(bare('0'))).toEqual(example('cancel_res_already'))
  expect(await ksnet.journal('197430000012')).toEqual({ executed: 1, asked: 2 })
})

test('whole after a part: the example’s 6101, though the rest goes as a part', async () => {
  await examplePayment()
  await ksnet.exchange(example('cancel_partial_req'))
  expect(await ksnet.exchange(bare('0'))).toEqual(example('cancel_res_fail'))
  const top = { storeId: '2999199999' }
  const rest = { cancelType: '3', cancelData: '00000900002' }
  expect(await ksnet.cancelCard('197430000012', rest, top)).toMatchObject({ status: 'O', amount: '000009000' })
  expect(await ksnet.cancelCard('197430000012', {}, top)).toMatchObject({ status: 'O', message2: '기취소거래' })
})

test('where it worked the head has the order number, though the request had none', async () => {
  const { trno, orderNo, approvalNumber } = await ksnet.pay()
  expect(await ksnet.cancelCard(trno)).toMatchObject({
    headOrder: orderNo,
    approvalType: '1011',
    transactionNo: trno,
    status: 'O',
    authNo: approvalNumber,
    amount: '000010000',
    tradeDate: '20261121',
    tradeTime: '120000',
  })
  expect(await ksnet.cancelCard(trno)).toMatchObject({ headOrder: '', status: 'O', authNo: '', amount: '' })
})

test('a partial number is declined when it comes again, 00 is not: it protects against nothing', async () => {
  const { trno } = await ksnet.pay()
  expect(await ksnet.part(trno, 1000, '01')).toMatchObject({ status: 'O', amount: '000001000' })
  expect(await ksnet.part(trno, 1000, '01')).toMatchObject({ status: 'X', authNo: 'P105' })
  expect(await ksnet.part(trno, 1000, '00')).toMatchObject({ status: 'O' })
  expect(await ksnet.part(trno, 1000, '00')).toMatchObject({ status: 'O' })
  await ksnet.settings({ duplicateSequence: 'accepted' })
  expect(await ksnet.part(trno, 1000, '01')).toMatchObject({ status: 'O' })
  expect(await ksnet.show(trno)).toMatchObject({ left: 6000 })
  expect(await ksnet.journal(trno)).toEqual({ executed: 4, asked: 5 })
})

test('nine parts, then no more; and never more than is left, or nothing', async () => {
  const { trno } = await ksnet.pay()
  expect(await ksnet.part(trno, 10_001, '01')).toMatchObject({ status: 'X', authNo: 'P10I' })
  expect(await ksnet.part(trno, 0, '01')).toMatchObject({ status: 'X', authNo: 'P10I' })
  for (let part = 1; part <= 9; part++) expect(await ksnet.part(trno, 100, `0${part}`)).toMatchObject({ status: 'O' })
  expect(await ksnet.part(trno, 100, '10')).toMatchObject({ status: 'X', authNo: 'P10G' })
  await ksnet.settings({ maxPartialCancels: null })
  expect(await ksnet.part(trno, 100, '10')).toMatchObject({ status: 'O' })
})

test('by order number and day', async () => {
  const { trno, orderNo } = await ksnet.pay()
  const named = { cancelType: '1', orderNumber: orderNo, tradeDate: '20261121' }
  expect(await ksnet.cancelCard('', { ...named, tradeDate: '20261120' })).toMatchObject({ status: 'X', authNo: 'P10O' })
  expect(await ksnet.cancelCard('', named)).toMatchObject({ status: 'O', transactionNo: trno, amount: '000010000' })
})

test.each<[string, Fields, Fields]>([
  ['6051', {}, { storeId: escrowMerchant.mid }],
  ['P002', {}, { storeId: '1000000000' }],
  ['P10O', { transactionNo: '199999999999' }, {}],
  ['8038', { cancelType: '2' }, {}],
  ['8038', { cancelType: '3', cancelData: '1000' }, {}],
])('%s: another store, no such payment, no such form', async (code, fields, top) => {
  const { trno } = await ksnet.pay()
  const answer = await ksnet.cancelCard(trno, fields, top)
  expect(answer).toMatchObject({ status: 'X', authNo: code, amount: '' })
  expect(await ksnet.show(trno)).toMatchObject({ left: 10_000 })
})

test('six months and not a day more; 7003 where the settings say so', async () => {
  const { trno } = await ksnet.pay({ paidAt: '2026-05-21T00:00:00+09:00' })
  expect(await ksnet.part(trno, 100, '01')).toMatchObject({ status: 'O' })
  const other = await ksnet.pay({ paidAt: '2026-05-20T23:59:59+09:00' })
  expect(await ksnet.cancelCard(other.trno)).toMatchObject({ status: 'X', authNo: 'P118' })
  await ksnet.settings({ noOriginal: '7003' })
  const none = await ksnet.cancelCard('199999999999')
  expect(none).toMatchObject({ authNo: '7003', message1: '취소거절', message2: '취소원거래없음' })
})

test('an easy payment is a card’s', async () => {
  const { trno, approval } = await ksnet.pay({ method: 'EASY_PAY', easyPay: 'KAKAOPAY' })
  expect(approval).toMatchObject({ result: '1001', cardno: 'KAKAO', isscd: '      ' })
  expect(await ksnet.cancelCard(trno)).toMatchObject({ status: 'O', issCode: '', amount: '000010000' })
})

test('a transfer: 2010, on the day, in its own record', async () => {
  const { trno, orderNo, approvalNumber } = await ksnet.pay({ method: 'TRANSFER' })
  expect(trno).toMatch(/^298249\d{6}$/)
  expect(await ksnet.cancelCard(trno)).toMatchObject({ status: 'X', authNo: 'P10B' })
  expect(await ksnet.cancel('2010', trno, transferAnswer)).toMatchObject({
    headOrder: orderNo,
    approvalType: '2011',
    transactionNo: trno,
    status: 'O',
    amount: '0000000010000',
    bankTransactionNo: approvalNumber,
    bankRespCode: '0000',
    cavvSele: '0',
  })
  const again = { status: 'O', message2: '기취소거래', bankRespCode: '' }
  expect(await ksnet.cancel('2010', trno, transferAnswer)).toMatchObject(again)
  await ksnet.settings({ alreadyCancelled: 'X' })
  expect(await ksnet.cancel('2010', trno, transferAnswer)).toMatchObject({ status: 'X', bankRespCode: '7001' })
  const old = await ksnet.pay({ method: 'TRANSFER', paidAt: '2026-11-20T23:59:59+09:00' })
  expect(await ksnet.cancel('2010', old.trno, transferAnswer)).toMatchObject({ status: 'X', bankRespCode: 'P118' })
  expect(await ksnet.journal(trno)).toEqual({ executed: 1, asked: 4 })
})

test('a mobile phone: M110, whole, in the month', async () => {
  const { trno } = await ksnet.pay({ method: 'MOBILE' })
  expect(trno).toMatch(/^M98249/)
  const part = { cancelType: '3', cancelData: '00000100001' }
  expect(await ksnet.cancel('M110', trno, mobileAnswer, part)).toMatchObject({ status: 'X', respCode: 'P10G' })
  expect(await ksnet.cancel('M110', trno, mobileAnswer)).toMatchObject({
    approvalType: 'M111',
    transactionNo: trno,
    status: 'O',
    respCode: '0000',
    respMsg: '취소완료',
  })
  const old = await ksnet.pay({ method: 'MOBILE', paidAt: '2026-10-31T23:59:59+09:00' })
  expect(await ksnet.cancel('M110', old.trno, mobileAnswer)).toMatchObject({ status: 'X', respCode: 'P118' })
})

test('the example request of an account gets the example answer; 6010 closes it, once, while nobody has paid', async () => {
  await ksnet.sandbox.clock('2026-09-01T12:34:57+09:00')
  const answer = await ksnet.exchange(example('va_issue_req'))
  const places = [[304, 12] as const, [337, 15] as const]
  expect(without(answer, ...places)).toEqual(without(example('va_issue_res_ok'), ...places))
  const trno = answer.subarray(304, 316).toString('latin1')
  expect(await ksnet.show(trno)).toMatchObject({ status: 'ISSUED', received: 0, orderNo: 'ORD-20260901-0002' })
  const close = () => {
    const body = { approvalType: '6010', cancelType: '0', transactionNo: trno }
    return ksnet.ask(record(cancelRequest, body, { storeId: '2999199999' }), accountAnswer)
  }
  const closed = { approvalType: '6011', transactionNo: trno, status: 'O', respCode: '0000', closeDate: '20260908' }
  expect(await close()).toMatchObject(closed)
  expect(await close()).toMatchObject({ status: 'O', message2: '기취소거래', respCode: '' })
  expect(await ksnet.show(trno)).toMatchObject({ status: 'CLOSED' })
})

test('a paid account has no message that pays back', async () => {
  const { trno } = await ksnet.pay({ method: 'VIRTUAL_ACCOUNT', status: 'PAID' })
  expect(await ksnet.cancel('6010', trno, accountAnswer)).toMatchObject({ status: 'X', respCode: 'P10G' })
  expect(await ksnet.cancelCard(trno)).toMatchObject({ status: 'X', authNo: 'P10B' })
  expect(await ksnet.show(trno)).toMatchObject({ left: 10_000 })
})

test('accounts at Citi end on 2022-05-23; the old record has no due date', async () => {
  const body = { approvalType: '6000', bankCode: '27', amount: '10000', closeDate: '20220601', closeTime: '235959' }
  const ask = () => ksnet.ask(record(accountRequest, body, { orderNumber: 'ORD-1', version: '0603' }), accountAnswer)
  await ksnet.sandbox.clock('2022-05-22T23:59:59+09:00')
  expect(await ask()).toMatchObject({ status: 'O', bankCode: '27' })
  await ksnet.sandbox.clock('2022-05-23T00:00:00+09:00')
  expect(await ask()).toMatchObject({ status: 'X', virAcctNo: '' })
  await ksnet.sandbox.clock(noon)
  const { closeDate: _, closeTime: __, ...old } = { ...body, bankCode: '04' }
  const request = record(oldAccountRequest, old, { orderNumber: 'ORD-2', version: '0311' })
  expect(await ksnet.ask(request, accountAnswer)).toMatchObject({ status: 'O', closeDate: '20261124' })
  const late = record(accountRequest, { ...body, bankCode: '04' }, { orderNumber: 'ORD-3', version: '0603' })
  expect(await ksnet.ask(late, accountAnswer)).toMatchObject({ status: 'X', respCode: 'B013' })
})

const receipt = { issuSele: '1', userInfoSele: '3', userInfo: '01012345678', tranSele: '0', callCode: '0' }
const money = { supplyAmt: '9091', taxAmt: '909', svcAmt: '0', totalAmt: '10000' }

test.each([
  ['H000', 'H010', null],
  ['H200', 'H210', { method: 'TRANSFER' }],
  ['H600', 'H610', { method: 'VIRTUAL_ACCOUNT', status: 'PAID' }],
])('a cash receipt: %s issues, %s cancels by its own number', async (issue, undo, paid) => {
  const payment = paid ? await ksnet.pay(paid) : null
  const body = { approvalType: issue, transactionNo: payment?.trno ?? '', ...receipt, ...money }
  const top = { version: '0412', orderNumber: 'ORD-7' }
  const issued = await ksnet.ask(record(receiptRequest, body, top), receiptAnswer)
  expect(issued).toMatchObject({ approvalType: issue.replace(/0$/, '1'), status: 'O', incomeType: '0' })
  expect(issued['transactionNo']).toMatch(/^H98249/)
  const number = issued['transactionNo'] ?? ''
  const wrong = undo === 'H010' ? 'H210' : 'H010'
  expect(await ksnet.cancel(wrong, number, receiptAnswer)).toMatchObject({ status: 'X', cashMessage1: 'P10B' })
  const cancelled = await ksnet.cancel(undo, number, receiptAnswer, { refundCheck: '1' })
  expect(cancelled).toMatchObject({ status: 'O', transactionNo: number })
  expect(await ksnet.cancel(undo, number, receiptAnswer)).toMatchObject({ status: 'O', message2: '기취소거래' })
})

test('the receipt of the window outlives the cancel of what was paid', async () => {
  const { trno, approval } = await ksnet.pay({ method: 'TRANSFER', cashReceipt: true })
  await ksnet.cancel('2010', trno, transferAnswer)
  const receipts = () => ksnet.sandbox.control('GET', `/payments/${trno}`)
  expect(await receipts()).toMatchObject({ cashReceipts: [{ trno: approval['cbtrno'], isCancelled: false }] })
  await ksnet.cancel('H210', approval['cbtrno'] ?? '', receiptAnswer, { refundCheck: '1' })
  expect(await receipts()).toMatchObject({ cashReceipts: [{ trno: approval['cbtrno'], isCancelled: true }] })
})

test('one receipt at a time for what was paid, and sums that are right', async () => {
  const { trno } = await ksnet.pay({ method: 'TRANSFER', cashReceipt: true })
  const body = { approvalType: 'H200', transactionNo: trno, ...receipt, ...money }
  expect(await ksnet.ask(record(receiptRequest, body), receiptAnswer)).toMatchObject({ cashMessage1: 'P105' })
  const general = { ...body, approvalType: 'H000', transactionNo: '' }
  const wrong = record(receiptRequest, { ...general, taxAmt: '910' })
  expect(await ksnet.ask(wrong, receiptAnswer)).toMatchObject({ status: 'X', cashMessage1: 'P10I' })
})

test('cards are not keyed in here', async () => {
  const body = Buffer.concat([Buffer.from('1000'), Buffer.alloc(276, ' ')])
  const top = writeRecord(head, { length: '576', storeId: '2041700201', approvalCount: '1' })
  expect(await ksnet.ask(Buffer.concat([top ?? Buffer.alloc(0), body]), cardAnswer)).toMatchObject({
    approvalType: '1001',
    status: 'X',
    authNo: '8120',
  })
})

test('a text that a client cut in the middle of a character is no reason to refuse', async () => {
  const { trno } = await ksnet.pay()
  const request = record(cancelRequest, { approvalType: '1010', cancelType: '0', transactionNo: trno })
  request.fill(0xb0, 200, 250)
  request.write('홍', 200, 'latin1')
  const answer = await ksnet.exchange(request)
  expect(answer.subarray(200, 250)).toEqual(request.subarray(200, 250))
  expect(answer.subarray(316, 317).toString()).toBe('O')
})

test('slowly sent, or with bytes behind it, or half closed: one answer in one piece, then the end', async () => {
  const { trno } = await ksnet.pay()
  const request = record(cancelRequest, { approvalType: '1010', cancelType: '0', transactionNo: trno })
  const socket = connect(ksnet.sandbox.running.ksnetTcpPort, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const answer = buffer(socket)
  for (const part of [request.subarray(0, 2), request.subarray(2, 150), request.subarray(150)]) {
    socket.write(part)
    await wait(20)
  }
  socket.end(Buffer.from('more'))
  expect((await answer).length).toBe(sizeOf(head) + sizeOf(cardAnswer))
  expect(chunks).toHaveLength(1)
})

test.each([
  ['no digits', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['too short', Buffer.from('0100abc')],
  ['a type nobody knows', record(cancelRequest, { approvalType: '9990', cancelType: '0', transactionNo: '1' })],
  [
    'two in one',
    record(cancelRequest, { approvalType: '1010', cancelType: '0', transactionNo: '1' }, { approvalCount: '2' }),
  ],
])('%s: the connection ends without an answer', async (_, bytes) => {
  expect(await ksnet.exchange(bytes).catch(() => Buffer.alloc(0))).toHaveLength(0)
  expect(await ksnet.sandbox.journal()).toMatchObject([{ operation: 'unreadable', effect: 'none', status: null }])
})

test('whatever stands in the fields, a record with the right length and type is answered', async () => {
  const { trno } = await ksnet.pay()
  const bytes = [0x00, 0x0a, 0x20, 0x39, 0x60, 0x7f, 0x80, 0xb0, 0xff]
  for (const type of ['1010', '2010', '6010', 'M110', 'H010']) {
    for (const [index, byte] of bytes.entries()) {
      const request = record(cancelRequest, { approvalType: type, cancelType: '0', transactionNo: trno })
      request.fill(byte, 305 + index, 317 + index * 12)
      expect((await ksnet.exchange(request)).length).toBeGreaterThan(sizeOf(head))
    }
  }
  expect(await ksnet.show(trno)).toMatchObject({ left: 10_000 })
})

test('who closes before the record is whole leaves nothing behind', async () => {
  const { trno } = await ksnet.pay()
  const request = record(cancelRequest, { approvalType: '1010', cancelType: '0', transactionNo: trno })
  const socket = connect(ksnet.sandbox.running.ksnetTcpPort, '127.0.0.1')
  socket.end(request.subarray(0, 440))
  await buffer(socket)
  expect(await ksnet.show(trno)).toMatchObject({ left: 10_000 })
})
