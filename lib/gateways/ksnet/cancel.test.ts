import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseIso } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { Outcome } from '#lib/domain/outcome.ts'
import { methods } from '#lib/domain/payment.ts'
import type { Call, CancelInput, CancelReceipt, CancelReceiptInput, Reply, Wire } from '../connector.ts'
import { readRecord, sizeOf, splitRecord, writeRecord, type Layout } from '../wire/fixed-length.ts'
import { cancelCashReceipt } from './cash-receipt.ts'
import { refusals } from './codes.ts'
import { ksnetRest, ksnetSocket } from './connector.ts'
import { accountReply, cancelRequest, cardReply, cashReceiptReply, mobileReply, transferReply } from './layouts.ts'
import { cancelByRest } from './rest-cancel.ts'
import { cancelBySocket } from './socket-cancel.ts'

const MID = '2999199999'
const TRNO = '197430000012'
const input: CancelInput = {
  intentId: '11111111-1111-4111-8111-111111111111',
  at: parseIso('2026-09-01T12:34:56+09:00') ?? expect.fail(),
  token: 'JP-0011223344556677',
  kind: 'CANCEL',
  paymentId: TRNO,
  channelKey: MID,
  pgTxId: TRNO,
  method: 'CARD',
  currency: 'KRW',
  amount: minor(1_000),
  taxFree: minor(0),
  whole: false,
  mixedTax: false,
  escrow: null,
  remainder: minor(10_000),
  refunded: minor(0),
  sequence: 1,
  reason: '고객 변심',
  refundAccount: null,
  earlierUnresolved: false,
}
const whole: CancelInput = { ...input, amount: minor(10_000), whole: true, sequence: null }
const transfer: CancelInput = { ...whole, method: 'TRANSFER', paymentId: '297430000012' }
const mobile: CancelInput = { ...whole, method: 'MOBILE', paymentId: 'M97430000012' }
const close: CancelInput = {
  ...whole,
  kind: 'CLOSE',
  method: 'VIRTUAL_ACCOUNT',
  amount: minor(0),
  paymentId: '697430000011',
}
const socketCall: Call = { credentials: { mid: MID }, endpoint: 'tcp://127.0.0.1:29991', program: null }
const restCall: Call = {
  credentials: { mid: MID, apiKey: 'sandbox-key-of-2999199999__' },
  endpoint: 'https://paydev.ksnet.co.kr',
  program: null,
}

const example = (name: string) => readFileSync(join(import.meta.dirname, 'examples', `${name}.bin`))
const frameOf = (wish: CancelInput, call = socketCall): Buffer => {
  const wire = cancelBySocket.request(wish, call)
  return wire.via === 'tcp' ? Buffer.from(wire.frame, 'base64') : expect.fail('not by socket')
}
const saidIn = (wish: CancelInput) => readRecord(cancelRequest, frameOf(wish))
const bySocket = (bytes: Uint8Array, wish: CancelInput): Outcome<CancelReceipt> =>
  cancelBySocket.reply({ via: 'tcp', bytes }, wish)

describe('the record by socket', () => {
  it('is the example’s, but for what is nobody’s business', () => {
    for (const [name, wish] of [
      ['cancel_full_req', whole],
      ['cancel_partial_req', input],
    ] as const) {
      const theirs = readRecord(cancelRequest, example(name)) ?? expect.fail()
      const blank = { orderNumber: '', userName: '', email: '', goodName: '' }
      expect(frameOf(wish)).toEqual(writeRecord(cancelRequest, { ...theirs, ...blank }))
    }
  })
  it.each<[string, CancelInput, object]>([
    ['card, whole', whole, { version: '0210', approvalType: '1010', cancelType: '0', cancelAmount: '' }],
    ['easy payment, a part', { ...input, method: 'EASY_PAY' }, { approvalType: '1010', cancelType: '3' }],
    [
      'the last after a part',
      { ...input, amount: minor(9_000), sequence: 9 },
      { cancelType: '3', cancelSequence: '09' },
    ],
    ['transfer', transfer, { version: '0603', approvalType: '2010', cancelType: '0' }],
    ['mobile', mobile, { version: '0210', approvalType: 'M110', cancelType: '0' }],
    [
      'unpaid account',
      close,
      { version: '0603', approvalType: '6010', cancelType: '0', transactionNo: '697430000011' },
    ],
    ['whole, with tax', { ...whole, mixedTax: true, taxFree: minor(4_000) }, { cancelType: '0', cancelAmount: '' }],
  ])('%s', (_, wish, said) => {
    expect(saidIn(wish)).toMatchObject({ length: '0446', resend: '0', storeId: MID, ...said })
  })
  it.each<[string, Partial<CancelInput>]>([
    ['a paid account', { ...whole, method: 'VIRTUAL_ACCOUNT' }],
    ['points and gifts', { ...whole, method: 'OTHER' }],
    ['a part of a transfer', { method: 'TRANSFER' }],
    ['a part of a mobile payment', { method: 'MOBILE' }],
    ['a part with tax', { mixedTax: true, taxFree: minor(400) }],
    ['a part without a number', { sequence: null }],
    ['a tenth part', { sequence: 10 }],
    ['number 00', { sequence: 0 }],
    ['ten digits', { amount: minor(1_000_000_000) }],
    ['nothing', { amount: minor(0) }],
    ['dollars', { ...whole, currency: 'USD' }],
    ['a number that is none', { paymentId: '1974300000' }],
    ['a number that breaks out', { paymentId: '19743000001\n' }],
    ['closing what is no account', { ...close, method: 'CARD' }],
  ])('%s is never sent', (_, wish) => {
    expect(frameOf({ ...input, ...wish })).toHaveLength(0)
  })
  it('is not sent for a merchant without a number, nor nowhere', () => {
    expect(frameOf(input, { ...socketCall, credentials: {} })).toHaveLength(0)
    expect(cancelBySocket.request(input, { ...socketCall, endpoint: '' })).toMatchObject({ host: '', port: 0 })
  })
})

describe('where the merchant’s program is', () => {
  const placeOf = (clientAddress: string) => ksnetSocket.endpointOf?.({ clientAddress })
  it.each(['127.0.0.1:29991', '10.1.2.3:1024', '172.16.0.9:65535', '192.168.0.10:30000', '210.181.28.137:21001'])(
    '%s',
    (address) => expect(placeOf(address)).toBe(`tcp://${address}`),
  )
  it.each([
    '169.254.169.254:29991',
    '0.0.0.0:29991',
    '8.8.8.8:29991',
    '172.32.0.1:29991',
    '192.169.0.1:29991',
    '127.0.0.1:80',
    '127.0.0.1:1023',
    '127.0.0.1:65536',
    '127.0.0.1',
    '127.0.0.256:29991',
    '127.1:29991',
    '010.0.0.1:29991',
    'localhost:29991',
    '[::1]:29991',
    '210.181.28.137:22',
    '127.0.0.1:29991@example.com',
    ' 127.0.0.1:29991',
    '',
  ])('not %s', (address) => expect(placeOf(address)).toBeNull())
})

/** A record of the answers' own head and whatever a test says. */
function record<Name extends string>(table: Layout<Name>, values: Partial<Record<Name, string>>): Buffer {
  const head = { length: String(sizeOf(table) - 4), storeId: MID, approvalCount: '1' }
  return writeRecord(table, { ...head, ...values }) ?? expect.fail('no record')
}
const at = { tradeDate: '20260901', tradeTime: '123457' }
const cardSaid = (values: Partial<Record<string, string>>) =>
  record<string>(cardReply, { approvalType: '1011', transactionNo: TRNO, ...at, ...values })
const cardDone = {
  status: 'O',
  approvalNo: '15608820',
  message1: '승인취소완료',
  message2: '매입취소요청',
  amount: '1000',
}
const transferDone = {
  approvalType: '2011',
  transactionNo: transfer.paymentId,
  status: 'O',
  ...at,
  amount: '10000',
  bankTransactionNo: '0000012345',
  responseCode: '0000',
}
const mobileDone = {
  approvalType: 'M111',
  transactionNo: mobile.paymentId,
  status: 'O',
  ...at,
  responseCode: '0000',
  message: '취소완료',
}
const accountDone = {
  approvalType: '6011',
  transactionNo: close.paymentId,
  status: 'O',
  ...at,
  accountNo: '79012345678901',
  responseCode: '0000',
}

describe('the answer by socket', () => {
  const cancelledAt = parseIso('2026-09-01T12:34:57+09:00')
  it('is done as the examples are', () => {
    expect(bySocket(example('cancel_partial_res_ok'), input)).toEqual({
      kind: 'done',
      reference: `${TRNO}/01`,
      value: { cancellationId: `${TRNO}/01`, amount: 1_000, taxFree: 0, approvalNumber: '15608820', cancelledAt },
    })
    expect(bySocket(example('cancel_full_res_ok'), whole)).toMatchObject({ kind: 'done', reference: `${TRNO}/00` })
    expect(bySocket(example('cancel_res_already'), whole)).toEqual({ kind: 'unknown', cause: 'already cancelled' })
    expect(bySocket(example('cancel_res_fail'), whole)).toEqual({
      kind: 'declined',
      code: '6101',
      reason: 'not_allowed',
      message: '잠시후 재시도 Tel:1544-6030',
    })
  })
  it('names the same cancel the same, told twice', () => {
    const once = bySocket(cardSaid(cardDone), input)
    expect(bySocket(cardSaid(cardDone), input)).toEqual(once)
    expect(bySocket(cardSaid(cardDone), { ...input, sequence: 2 })).toMatchObject({ reference: `${TRNO}/02` })
  })
  it('of a transfer, a mobile payment and an account', () => {
    expect(bySocket(record(transferReply, transferDone), transfer)).toMatchObject({
      kind: 'done',
      reference: '297430000012/00',
      value: { amount: 10_000, approvalNumber: '0000012345' },
    })
    expect(bySocket(record(mobileReply, mobileDone), mobile)).toMatchObject({
      kind: 'done',
      value: { amount: 10_000, approvalNumber: null },
    })
    expect(bySocket(record(accountReply, accountDone), close)).toMatchObject({
      kind: 'done',
      reference: 'close:697430000011',
      value: { amount: 0 },
    })
  })
  it.each<[string, Uint8Array, CancelInput]>([
    ['another amount', cardSaid({ ...cardDone, amount: '1001' }), input],
    ['no amount', cardSaid({ ...cardDone, amount: '' }), input],
    ['no approval number', cardSaid({ ...cardDone, approvalNo: '' }), input],
    ['a code where the approval number stands', cardSaid({ ...cardDone, approvalNo: '6101' }), input],
    ['another payment', cardSaid({ ...cardDone, transactionNo: '197430000013' }), input],
    ['another store', cardSaid({ ...cardDone, storeId: '2999199990' }), input],
    ['the type of an approval', cardSaid({ ...cardDone, approvalType: '1001' }), input],
    ['its own request', frameOf(input), input],
    ['a status that is neither', cardSaid({ ...cardDone, status: 'S' }), input],
    ['no status', cardSaid({ ...cardDone, status: '' }), input],
    ['a status of success that says no', cardSaid({ ...cardDone, message1: '취소거절' }), input],
    ['a day that is none', cardSaid({ ...cardDone, tradeDate: '20260231' }), input],
    ['one byte too few', cardSaid(cardDone).subarray(0, 579), input],
    ['the answer twice', Buffer.concat([cardSaid(cardDone), cardSaid(cardDone)]), input],
    ['nothing', new Uint8Array(), input],
    ['four digits', Buffer.from('0576'), input],
    ['another length', cardSaid({ ...cardDone, length: '0575' }), input],
    [
      'a transfer without the bank’s number',
      record(transferReply, { ...transferDone, bankTransactionNo: '' }),
      transfer,
    ],
    ['a transfer with a code', record(transferReply, { ...transferDone, responseCode: '0994' }), transfer],
    ['a transfer of another amount', record(transferReply, { ...transferDone, amount: '9999' }), transfer],
    ['a mobile payment without a code', record(mobileReply, { ...mobileDone, responseCode: '' }), mobile],
    ['a mobile payment that was cancelled', record(mobileReply, { ...mobileDone, message: '기취소거래' }), mobile],
    [
      'a mobile payment that was cancelled, in other words',
      record(mobileReply, { ...mobileDone, message: '이미 취소된 거래' }),
      mobile,
    ],
    ['a mobile payment refused', record(mobileReply, { ...mobileDone, status: 'X', responseCode: 'PM09' }), mobile],
    ['an account with a code', record(accountReply, { ...accountDone, responseCode: '9999' }), close],
    ['an account refused', record(accountReply, { ...accountDone, status: 'X', responseCode: 'P10B' }), close],
    ['the answer of a card to a transfer', cardSaid({ ...cardDone, transactionNo: transfer.paymentId }), transfer],
  ])('%s is unknown', (_, bytes, wish) => {
    expect(bySocket(bytes, wish).kind).toBe('unknown')
  })
  it('that is half of itself is unknown, wherever it was cut', () => {
    const bytes = cardSaid(cardDone)
    for (let end = 0; end < bytes.length; end++) expect(bySocket(bytes.subarray(0, end), input).kind).toBe('unknown')
  })
  it('never becomes done by one field more or less', () => {
    // Each of these alone takes the evidence away; all other fields may say what they like.
    const evidence = ['length', 'storeId', 'approvalType', 'transactionNo', 'status', 'approvalNo', 'amount']
    const bytes = cardSaid(cardDone)
    for (const wanted of evidence) {
      const parts = splitRecord(cardReply, bytes).map(([name, part]) => (name === wanted ? part.map(() => 0x20) : part))
      expect(bySocket(Buffer.concat(parts), input).kind, wanted).toBe('unknown')
    }
  })
})

const refusedBySocket = (code: string, message = ['', '']): Uint8Array =>
  cardSaid({ status: 'X', approvalNo: code, message1: message[0] ?? '', message2: message[1] ?? '' })

describe('what a refusal means', () => {
  it.each<[string, readonly string[], CancelInput, string | null]>([
    ['7003', ['취소거절', '취소원거래없음'], whole, 'not_found'],
    ['7003', ['취소거절기간경과', 'Tel:1544-6030'], whole, 'outside_window'],
    ['7003', ['취소거절', '다른 사유'], whole, null],
    ['7003', ['', ''], whole, null],
    ['7003', ['취소거절', '기취소거래'], whole, null],
    ['6101', ['잠시후 재시도', 'Tel:1544-6030'], whole, 'not_allowed'],
    ['6101', ['잠시후 재시도', 'Tel:1544-6030'], input, null],
    ['6051', ['잠시후 재시도', 'Tel:1544-6030'], input, 'not_found'],
    ['P118', ['', ''], input, 'outside_window'],
    ['P10F', ['', ''], input, 'too_early'],
    ['P002', ['거래거절', '미등록 상점'], input, 'not_contracted'],
    ...['7001', '7803', '8380', '8381', 'P1D1', 'X102', 'X103', 'P10G', 'P10I', 'P10Q', 'P105', '0000', ''].map(
      (code) => [code, ['', ''], whole, null] as [string, readonly string[], CancelInput, null],
    ),
  ])('%s %s', (code, message, wish, reason) => {
    const heard = bySocket(refusedBySocket(code, [...message]), wish)
    if (reason === null) expect(heard.kind).toBe('unknown')
    else expect(heard).toMatchObject({ kind: 'declined', code, reason })
  })
  it('says nothing of an earlier sending without an end', () => {
    for (const { code } of refusals)
      expect(bySocket(refusedBySocket(code), { ...whole, earlierUnresolved: true }).kind).toBe('unknown')
  })
  it('speaks for its own methods only', () => {
    for (const { code } of refusals) {
      const said = { status: 'X', responseCode: code.slice(0, 4) }
      expect(bySocket(record(transferReply, { ...transferDone, ...said }), transfer).kind).toBe('unknown')
      expect(bySocket(record(mobileReply, { ...mobileDone, ...said }), mobile).kind).toBe('unknown')
      expect(bySocket(record(accountReply, { ...accountDone, ...said }), close).kind).toBe('unknown')
    }
  })
  it('of no code that is not in the table', () => {
    const known = new Set(refusals.map(({ code }) => code))
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z]{4}$/), fc.constantFrom(...methods), (code, method) => {
        fc.pre(!known.has(code))
        expect(bySocket(refusedBySocket(code), { ...whole, method }).kind).toBe('unknown')
      }),
    )
  })
})

describe('a cash receipt', () => {
  const receipt: CancelReceiptInput = {
    orderId: '22222222-2222-4222-8222-222222222222',
    paymentId: transfer.paymentId,
    channelKey: MID,
    reference: 'H97430000013',
    method: 'TRANSFER',
    refunded: true,
    at: input.at,
    amount: null,
  }
  const said = (wish: CancelReceiptInput) => {
    const wire = cancelCashReceipt.request(wish, socketCall)
    return wire.via === 'tcp' ? readRecord(cancelRequest, Buffer.from(wire.frame, 'base64')) : null
  }
  const done = { approvalType: 'H211', transactionNo: 'H97430000013', status: 'O', ...at, message1: '정상처리' }
  const heard = (values: Partial<Record<string, string>>, wish = receipt) =>
    cancelCashReceipt.reply({ via: 'tcp', bytes: record<string>(cashReceiptReply, { ...done, ...values }) }, wish)

  it('is cancelled by its own number, in the form it was issued in', () => {
    expect(said(receipt)).toMatchObject({
      version: '0210',
      approvalType: 'H210',
      cancelType: '0',
      transactionNo: 'H97430000013',
      refundCheck: '1',
      userName: '',
    })
    expect(said({ ...receipt, method: 'VIRTUAL_ACCOUNT', refunded: false })).toMatchObject({
      approvalType: 'H610',
      refundCheck: '3',
    })
    expect(said({ ...receipt, method: 'OTHER' })).toMatchObject({ approvalType: 'H010' })
    expect(said({ ...receipt, reference: null })).toBeNull()
  })
  it('is cancelled where KSNET says so, now or before', () => {
    const isDone = { kind: 'done', reference: 'H97430000013' }
    expect(heard({})).toMatchObject(isDone)
    expect(heard({ message1: '취소거절', message2: '기취소거래' })).toMatchObject(isDone)
    expect(heard({ status: 'X', message1: '취소거절', message2: '기취소거래' })).toMatchObject(isDone)
  })
  it.each<[string, Partial<Record<string, string>>]>([
    ['another receipt', { transactionNo: 'H97430000014' }],
    ['another store', { storeId: '2999199990' }],
    ['another type', { approvalType: 'H201' }],
    ['another length', { length: '0561' }],
    ['a refusal', { status: 'X', message1: '취소거절', message2: '취소원거래없음' }],
    ['a success that says no', { message1: '취소거절' }],
    ['no status', { status: '' }],
    ['no time', { tradeTime: '' }],
  ])('%s is unknown', (_, values) => {
    expect(heard(values).kind).toBe('unknown')
  })
})

const wireOf = (wish: CancelInput, call = restCall): Wire => cancelByRest.request(wish, call)
const bodyOf = (wish: CancelInput): unknown => {
  const wire = wireOf(wish)
  return wire.via === 'http' && wire.body !== null ? JSON.parse(wire.body) : null
}
const data = {
  payload: input.token,
  tid: TRNO,
  tradeDateTime: '20260901123457',
  cancelAmount: '1000',
  respCode: '0000',
  respMessage: '승인취소완료/매입취소요청',
  approvalNumb: '00876543',
  cardNumb: '40176201XXXX825X',
}
const heardOf = (code: string, more: object | null, status = 200): Reply => ({
  via: 'http',
  status,
  contentType: 'application/json',
  body: JSON.stringify({ aid: 'WFVCCSE1', code, message: 'M', data: more }),
})
const byRest = (raw: Reply, wish = input): Outcome<CancelReceipt> => cancelByRest.reply(raw, wish)

describe('by REST', () => {
  const common = { mid: MID, payload: input.token, orgTradeKeyType: 'TID', orgTradeKey: TRNO, orgTradeDate: '' }
  const none = { cancelTotalAmount: '', cancelSeq: '', cancelTaxFreeAmount: '' }
  it.each<[string, CancelInput, string, object]>([
    ['whole', whole, 'card', { ...common, cancelType: 'FULL', ...none }],
    ['a part', input, 'card', { ...common, ...none, cancelType: 'PARTIAL', cancelTotalAmount: '1000', cancelSeq: '1' }],
    [
      'a part with tax',
      { ...input, mixedTax: true, taxFree: minor(0) },
      'card',
      { ...common, cancelType: 'PARTIAL', cancelTotalAmount: '1000', cancelSeq: '1', cancelTaxFreeAmount: '0' },
    ],
    [
      'a part that is all free of tax',
      { ...input, taxFree: minor(1_000), sequence: 9 },
      'card',
      { ...common, cancelType: 'PARTIAL', cancelTotalAmount: '1000', cancelSeq: '9', cancelTaxFreeAmount: '1000' },
    ],
    [
      'a part of a transfer',
      { ...input, method: 'TRANSFER' },
      'account',
      { ...common, cancelType: 'PARTIAL', cancelTotalAmount: '1000', cancelSeq: '1' },
    ],
  ])('%s', (_, wish, path, body) => {
    expect(wireOf(wish)).toMatchObject({ url: `https://paydev.ksnet.co.kr/kspay/webfep/api/v1/${path}/cancel` })
    expect(bodyOf(wish)).toEqual(body)
  })
  it.each<[string, Partial<CancelInput>]>([
    ['a paid account', { ...whole, method: 'VIRTUAL_ACCOUNT' }],
    ['an unpaid account', close],
    ['mobile', mobile],
    ['points and gifts', { ...whole, method: 'OTHER' }],
    ['a part of a transfer with tax', { method: 'TRANSFER', mixedTax: true, taxFree: minor(1) }],
    ['a part without a number', { sequence: null }],
    ['more free of tax than it is', { taxFree: minor(1_001) }],
    ['dollars', { ...whole, currency: 'USD' }],
    ['a number that is none', { paymentId: 'tno' }],
  ])('%s is never sent', (_, wish) => {
    expect(wireOf({ ...input, ...wish })).toMatchObject({ url: '', body: null })
  })
  it('is signed with the key, which stands nowhere else', () => {
    const wire = wireOf(input)
    expect(JSON.stringify(wire)).not.toContain('sandbox-key')
    expect(ksnetRest.sign(wire, restCall.credentials)).toMatchObject({
      headers: { Authorization: 'pgapi sandbox-key-of-2999199999__' },
    })
  })

  it('is done by all the evidence together', () => {
    expect(byRest(heardOf('A0200', data))).toMatchObject({
      kind: 'done',
      reference: `${TRNO}/01`,
      value: { amount: 1_000, approvalNumber: '00876543', cancelledAt: parseIso('2026-09-01T12:34:57+09:00') },
    })
    expect(byRest(heardOf('A0200', { ...data, cancelAmount: 1_000 })).kind).toBe('done')
    const account = { ...data, tid: transfer.paymentId, respCode: '000', cancelAmount: '10000' }
    expect(byRest(heardOf('A0200', account), transfer)).toMatchObject({ kind: 'done', reference: '297430000012/00' })
  })
  it.each<[string, string, object | null]>([
    ['nothing inside', 'A0200', null],
    ['cancelled before', 'A0200', { ...data, respCode: 'P10Q', respMessage: '취소거절/기취소거래' }],
    ['cancelled before, in words', 'A0200', { ...data, respMessage: '취소거절/기취소거래' }],
    ['another code', 'A0200', { ...data, respCode: '8380' }],
    ['three zeros of a card', 'A0200', { ...data, respCode: '000' }],
    ['a refusal’s code in a success', 'A0200', { ...data, respCode: 'P118' }],
    ['another payment', 'A0200', { ...data, tid: 'Lbd124090990' }],
    ['another question', 'A0200', { ...data, payload: 'JP-9911223344556677' }],
    ['no question', 'A0200', { ...data, payload: '' }],
    ['another amount', 'A0200', { ...data, cancelAmount: '10000' }],
    ['an amount with a point', 'A0200', { ...data, cancelAmount: '1000.0' }],
    ['no amount', 'A0200', { ...data, cancelAmount: '' }],
    ['no approval number', 'A0200', { ...data, approvalNumb: '' }],
    ['an error’s code for one', 'A0200', { ...data, approvalNumb: '7003' }],
    ['a time that is none', 'A0200', { ...data, tradeDateTime: '20260231000000' }],
    ['refused, of another question', 'A0201', { ...data, respCode: 'P118', payload: 'other' }],
    ['refused without saying why', 'A0201', null],
    ['7003 that says neither', 'A0201', { ...data, respCode: '7003', respMessage: '' }],
    ['7001', 'A0201', { ...data, respCode: '7001' }],
    ['6101, known by socket only', 'A0201', { ...data, respCode: '6101' }],
    ['a server in trouble', 'A0500', null],
    ['other', 'A0999', null],
    ['a code nobody knows', 'A0205', data],
  ])('%s is unknown', (_, code, more) => {
    expect(byRest(heardOf(code, more)).kind).toBe('unknown')
    expect(byRest(heardOf(code, more), { ...input, earlierUnresolved: true }).kind).toBe('unknown')
  })
  it.each<[string, object | null, CancelInput, string]>([
    ['A0201', { respCode: '7003', respMessage: '취소거절기간경과/Tel:1544-6030' }, input, 'outside_window'],
    ['A0201', { respCode: '7003', respMessage: '취소거절/취소원거래없음' }, input, 'not_found'],
    ['A0201', { respCode: '994', respMessage: '취소거절/취소원거래없음' }, transfer, 'not_found'],
    ['A0400', null, input, 'bad_request'],
    ['A0401', null, input, 'credentials'],
    ['A0403', null, transfer, 'credentials'],
  ])('%s %s', (code, more, wish, reason) => {
    const raw = heardOf(code, more && { ...data, tid: 'Lbd124090990', ...more })
    expect(byRest(raw, wish)).toMatchObject({ kind: 'declined', reason })
    expect(byRest(raw, { ...wish, earlierUnresolved: true }).kind).toBe('unknown')
  })
  it('believes no other status, no redirect and no page', () => {
    for (const status of [201, 301, 302, 400, 401, 404, 500, 502])
      expect(byRest(heardOf('A0200', data, status))).toEqual({ kind: 'unknown', cause: `status ${status}` })
    expect(byRest({ via: 'http', status: 200, contentType: 'text/html', body: '<html>' })).toEqual({
      kind: 'unknown',
      cause: 'status 200, not JSON',
    })
  })
})

const isEnd = ({ kind }: Outcome<unknown>): boolean => kind === 'done' || kind === 'declined'

/** Ways of spoiling an answer that was good. */
const spoiling = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 })
const often = { numRuns: 20_000 }

describe('whatever comes', () => {
  const wishes = [input, whole, transfer, mobile, close]
  it('random bytes prove nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 820 }), fc.constantFrom(...wishes), (bytes, wish) => {
        const length = Buffer.from(String(bytes.length).padStart(4, '0'))
        for (const each of [bytes, Buffer.concat([length, bytes])]) expect(bySocket(each, wish).kind).toBe('unknown')
      }),
      often,
    )
  })
  it('an answer spoilt in any of its bytes ends only as it would have, or not at all', () => {
    const good = [cardSaid(cardDone), refusedBySocket('P118')]
    fc.assert(
      fc.property(fc.constantFrom(...good), spoiling, (bytes, changes) => {
        const spoilt = Buffer.from(bytes)
        for (const [place, value] of changes) spoilt[place % spoilt.length] = value
        const heard = bySocket(spoilt, input)
        if (!isEnd(heard)) return
        const values = readRecord(cardReply, spoilt) ?? expect.fail('believed without being read')
        expect([values.transactionNo, values.storeId, values.approvalType]).toEqual([TRNO, MID, '1011'])
        if (heard.kind === 'done') expect([values.status, Number(values.amount)]).toEqual(['O', 1_000])
        else expect([values.status, values.approvalNo]).toEqual(['X', 'code' in heard ? heard.code : ''])
      }),
      often,
    )
  })
  it('any JSON proves nothing without the number, the question and the amount', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constantFrom(...Object.values(data)))
    const inside = fc.record(Object.fromEntries(Object.keys(data).map((name) => [name, value])), { requiredKeys: [] })
    const code = fc.constantFrom('A0200', 'A0201', 'A0999', '')
    fc.assert(
      fc.property(code, fc.option(inside), (said, more) => {
        const heard = byRest(heardOf(said, more))
        if (heard.kind !== 'done') return
        expect(more).toMatchObject({ payload: input.token, tid: TRNO, respCode: '0000' })
        expect(Number(more?.['cancelAmount'])).toBe(1_000)
      }),
      { numRuns: 5_000 },
    )
  })
})
