import { createServer as createTcp, type Server } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { decodeCp949 } from '#lib/gateways/wire/cp949.ts'
import { sizeOf } from '#lib/gateways/wire/fixed-length.ts'
import { listen } from '../http.ts'
import { createServer } from 'node:http'
import { example, partsOf, useKsnet, type Fields } from './ksnet-under-test.ts'
import { depositNew, depositOld, head } from './layouts.ts'

const ksnet = useKsnet()

/** What came, in bytes, by whatever way. */
const received: { readonly method: string; readonly bytes: Buffer }[] = []
let answers: (string | number)[] = []

const bytesOf = (form: string): Buffer =>
  Buffer.from(
    form
      .replace(/^.*data=/s, '')
      .replaceAll('+', ' ')
      .replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`))),
    'latin1',
  )

const http = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')))
  request.on('end', () => {
    received.push({
      method: request.method ?? '',
      bytes: bytesOf(request.method === 'GET' ? (request.url ?? '') : body),
    })
    const answer = answers.shift() ?? 'result=OK'
    response.writeHead(typeof answer === 'number' ? answer : 200).end(typeof answer === 'number' ? '' : answer)
  })
})
/** One record a connection, one byte back. */
const tcp: Server = createTcp((socket) => {
  let bytes = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    if (bytes.length < sizeOf(depositOld)) return
    received.push({ method: 'TCP', bytes })
    const answer = answers.shift() ?? 0x06
    if (typeof answer === 'number') socket.end(Buffer.from([answer]))
    else socket.destroy()
  })
})
let httpUrl = ''
let tcpUrl = ''

beforeAll(async () => {
  httpUrl = `http://127.0.0.1:${await listen(http, 0)}/notice`
  tcpUrl = `tcp://127.0.0.1:${await listen(tcp, 0)}`
})
afterAll(() => {
  http.closeAllConnections()
  http.close()
  tcp.close()
})
beforeEach(async () => {
  received.length = 0
  answers = []
  await ksnet.settings({ noticeRetrySeconds: 0 })
  await target(httpUrl)
})

const target = (url: string) =>
  ksnet.sandbox.control('POST', '/webhook-target', { gateway: 'ksnet', mid: '2041700201', url })
const mode = (payment: string, to: string) => ksnet.sandbox.control('POST', '/notices', { payment, mode: to })
const waiting = (wish: object = {}) => ksnet.pay({ method: 'VIRTUAL_ACCOUNT', ...wish })
const until = (count: number) =>
  vi.waitFor(() => {
    if (received.length < count) throw new Error(`${received.length} of ${count} notices`)
  }, 20_000)
const stateOf = async (trno: string) => (await ksnet.notices(trno)).map((notice) => notice.state)
const ended = (trno: string, ...states: string[]) =>
  vi.waitFor(async () => expect(await stateOf(trno)).toEqual(states), 20_000)
const old = (index: number): Fields => partsOf(received[index]?.bytes ?? Buffer.alloc(0), depositOld)[0] ?? {}
const dedupKey = ({ dealSele, cmsNo, seqNo, dealStarDate, dealStarTime }: Fields) =>
  [dealSele, cmsNo, seqNo, dealStarDate, dealStarTime].join('/')

test('a deposit is the record of 314 bytes, by GET, in EUC-KR', async () => {
  const { trno, accountNumber } = await waiting()
  await ksnet.happen(trno, 'deposit', { depositor: '홍길 동' })
  await ended(trno, 'delivered')
  expect(received).toHaveLength(1)
  expect(received[0]).toMatchObject({ method: 'GET' })
  expect(received[0]?.bytes).toHaveLength(314)
  expect(old(0)).toMatchObject({
    busiSele: 'VR',
    transactionNo: trno,
    dealSele: '20',
    totalAmt: '0000000010000',
    receNm: '홍길 동',
    cmsNo: accountNumber,
    dealStarDate: '20261121',
    dealStarTime: '120000',
    filler2: '2041700201',
  })
})

/** What in the example differs from one made here: number, times, and the account. */
const notMade: readonly (readonly [number, number])[] = [
  [2, 12],
  [230, 16],
]

test('the record is the example’s, but for its number and its account', async () => {
  await ksnet.sandbox.clock('2026-09-02T10:15:00+09:00')
  const { trno } = await waiting({ bank: '04', mid: '2999199999' })
  await ksnet.sandbox.control('POST', '/webhook-target', { gateway: 'ksnet', mid: '2999199999', url: httpUrl })
  await ksnet.happen(trno, 'notice', { fields: { tranTime: '101530', seqNo: '1' } })
  await ended(trno, 'delivered')
  const blank = (bytes: Buffer) => {
    const copy = Buffer.from(bytes)
    for (const [at, size] of notMade) copy.fill('?', at, at + size)
    return decodeCp949(copy)
  }
  expect(blank(received[0]?.bytes ?? Buffer.alloc(0))).toBe(blank(example('va_deposit_VR')))
})

test('or the newer one: the head with store and order, then 6100', async () => {
  await ksnet.settings({ noticeRecord: '61', noticeMethod: 'POST' })
  const { trno, orderNo } = await waiting()
  await ksnet.happen(trno, 'deposit', { amount: 9000 })
  await ended(trno, 'delivered')
  expect(received[0]).toMatchObject({ method: 'POST' })
  const [top, body] = partsOf(received[0]?.bytes ?? Buffer.alloc(0), head, depositNew)
  expect(top).toMatchObject({ length: '0620', storeId: '2041700201', orderNumber: orderNo, version: '0603' })
  expect(body).toMatchObject({ approvalType: '6100', transactionNo: trno, dealSele: '20', totalAmt: '0000000009000' })
})

test('again and again under one key until the page is result=OK and nothing else', async () => {
  answers = [500, 'result=false', '', 'OK', ' result=OK', 'result=OK ']
  const { trno } = await waiting()
  await ksnet.happen(trno, 'deposit')
  await ended(trno, 'delivered')
  expect(received).toHaveLength(7)
  const records = received.map((_, index) => old(index))
  expect(new Set(records.map(dedupKey)).size).toBe(1)
  expect(records.map((fields) => fields['tranNumb'])).toEqual(['1', '2', '3', '4', '5', '6', '7'])
})

test('by TCP: ACK ends it, NAK and silence do not', async () => {
  await target(tcpUrl)
  answers = [0x15, 'closes', 0x41]
  const { trno } = await waiting()
  await ksnet.happen(trno, 'deposit')
  await ended(trno, 'delivered')
  expect(received.map(({ method }) => method)).toEqual(['TCP', 'TCP', 'TCP', 'TCP'])
  expect(new Set(received.map((_, index) => dedupKey(old(index)))).size).toBe(1)
  const [notice] = await ksnet.notices(trno)
  expect(notice?.attempts.map((one) => one.answer)).toEqual(['0x15', undefined, '0x41', '0x06'])
})

test('not for ever', async () => {
  await ksnet.settings({ noticeAttempts: 3 })
  answers = ['no', 'no', 'no', 'no']
  const { trno } = await waiting()
  await ksnet.happen(trno, 'deposit')
  await ended(trno, 'gave-up')
  expect(received).toHaveLength(3)
})

test('a deposit that the bank takes back is 51, with a key of its own', async () => {
  const { trno } = await waiting()
  await ksnet.happen(trno, 'deposit', { amount: 9000 })
  await ksnet.happen(trno, 'reverse-deposit')
  await ended(trno, 'delivered', 'delivered')
  expect([old(0), old(1)].map(({ dealSele, totalAmt }) => [dealSele, totalAmt])).toEqual([
    ['20', '0000000009000'],
    ['51', '0000000009000'],
  ])
  expect(dedupKey(old(0))).not.toBe(dedupKey(old(1)))
  expect(await ksnet.show(trno)).toMatchObject({ status: 'ISSUED', received: 0 })
})

test('held back, twice, the newer first, and once more when asked', async () => {
  const { trno } = await waiting()
  await mode(trno, 'reorder')
  await ksnet.happen(trno, 'deposit')
  await ksnet.happen(trno, 'reverse-deposit')
  await until(2)
  expect([old(0), old(1)].map((fields) => fields['dealSele'])).toEqual(['51', '20'])
  await mode(trno, 'withhold')
  await ksnet.happen(trno, 'deposit')
  expect(await stateOf(trno)).toEqual(['delivered', 'delivered', 'held'])
  await mode(trno, 'duplicate')
  await until(4)
  await ksnet.sandbox.control('POST', '/notices/send', { payment: trno })
  await until(5)
  expect(new Set([old(2), old(3), old(4)].map(dedupKey)).size).toBe(1)
})

test('closed by somebody, paid late, paid twice, and what is not true; closing is told to nobody', async () => {
  const { trno } = await waiting()
  await ksnet.happen(trno, 'close')
  await ksnet.happen(trno, 'deposit', { late: true, amount: 4000 })
  await ksnet.happen(trno, 'deposit', { again: true, amount: 6000 })
  await ksnet.happen(trno, 'notice', { type: '51', fields: { transactionNo: '697430000011' } })
  await until(3)
  expect([old(0), old(1), old(2)].map(({ dealSele, totalAmt }) => [dealSele, totalAmt])).toEqual([
    ['20', '0000000004000'],
    ['20', '0000000006000'],
    ['51', '0000000010000'],
  ])
  expect(await ksnet.show(trno)).toMatchObject({ received: 10_000 })
  const wrong = { fields: { receNm: '가'.repeat(8) } }
  expect(await ksnet.sandbox.ask('POST', `/payments/${trno}/notice`, wrong)).toMatchObject({ status: 400 })
})

test('with the bank’s comparison only the issued amount can be paid in', async () => {
  await ksnet.settings({ amountComparison: true })
  const { trno } = await waiting()
  const refused = await ksnet.sandbox.ask('POST', `/payments/${trno}/deposit`, { amount: 9000 })
  expect(refused).toMatchObject({ status: 400 })
  await ksnet.happen(trno, 'deposit')
  await ended(trno, 'delivered')
})

test('a merchant without an address gets none', async () => {
  const { trno } = await waiting({ mid: '2041700203', status: 'PAID' })
  await ended(trno, 'no-target')
  const targets = await ksnet.sandbox.control('GET', '/webhook-target?gateway=ksnet')
  expect(targets).toContainEqual({ mid: '2041700203', url: null })
  const wrong = { gateway: 'ksnet', url: 'tcp://127.0.0.1' }
  expect(await ksnet.sandbox.ask('POST', '/webhook-target', wrong)).toMatchObject({ status: 400 })
})
