import { z } from 'zod'
import { banks } from '#lib/domain/banks.ts'
import { kstDate, parseKst, type Instant } from '#lib/domain/kst.ts'
import { encodeCp949 } from '#lib/gateways/wire/cp949.ts'
import { parseJson, type JsonObject } from '../json.ts'
import { approve, cards } from './approval.ts'
import { cancel, checkMethod, findPayment, type Call, type Named, type Part } from './cancelling.ts'
import { alreadyCancelled, KsnetError } from './codes.ts'
import type { Done, OperationName, Work } from './desk.ts'
import { findMerchant, merchants } from './merchant.ts'
import type { Method, Payment } from './payment.ts'
import { digits, readDay, stamp } from './stamp.ts'
import type { KsnetState } from './state.ts'
import type { Order } from './window.ts'

/** KSNET's REST interface "webfep" (ksnet.md 5): JSON, a key, and HTTP 200 whatever it says. */

type Body = Readonly<Record<string, string>>

interface Endpoint {
  readonly operation: OperationName
  readonly aid: string
  readonly required: readonly string[]
  /** What is done, and `data`; throws a `KsnetError`. */
  run(call: Call, body: Body): Omit<Done, 'answer'> & { readonly data: JsonObject }
  refused(error: KsnetError, body: Body): JsonObject
}

const PREFIX = /^\/kspay\/webfep\/+api\/v1/

export const isRest = (path: string): boolean => PREFIX.test(path)

export interface RestRequest {
  readonly path: string
  readonly authorization: string
  readonly text: string
}

/** An answer at once, where the request never got in. */
export type Refused = { readonly code: string; readonly answer: Buffer }

export function restWork(request: RestRequest, state: KsnetState, now: Instant): Work | Refused {
  const path = request.path.replace(PREFIX, '')
  const endpoint = endpoints.get(path)
  if (!endpoint) return refuseAtOnce('A0403', 'Unknown api')
  const key = /^pgapi (\S+)$/.exec(request.authorization)?.[1]
  if (key === undefined) return refuseAtOnce('A0403', 'Invalid authorization header format')
  const body = bodyOf(request.text)
  const missing = ['mid', ...endpoint.required].find((name) => namesOf(name).every((one) => (body?.[one] ?? '') === ''))
  const merchant = findMerchant(body?.['mid'] ?? '')
  if (!merchants.some((one) => one.apiKey === key) || (merchant && merchant.apiKey !== key)) {
    return refuseAtOnce('A0401', 'Authentication error')
  }
  if (!body || missing !== undefined || !merchant)
    return refuseAtOnce('A0400', `Invalid parameter: ${missing ?? 'body'}`)
  const call: Call = { state, now, merchant, way: 'rest' }
  const envelope = (code: string, message: string, data: JsonObject) =>
    json({ aid: `${endpoint.aid}${digits(17)}`, code, message, data: { payload: body['payload'] ?? '', ...data } })
  return {
    operation: endpoint.operation,
    type: path,
    asked: body['orgTradeKey'] ?? null,
    run() {
      const { data, ...done } = endpoint.run(call, body)
      return { ...done, answer: envelope('A0200', 'Success', data) }
    },
    refuse: (error) =>
      envelope('A0201', 'Fail', {
        tid: `Lbd${digits(9)}`,
        tradeDateTime: stamp(now),
        ...endpoint.refused(error, body),
      }),
  }
}

const json = (body: JsonObject): Buffer => Buffer.from(JSON.stringify(body), 'utf8')
const refuseAtOnce = (code: string, message: string): Refused => ({
  code,
  answer: json({ aid: `WFVEERR${digits(17)}`, code, message, data: null }),
})

/** Two names of one field, where KSNET's table and its example contradict each other. */
const namesOf = (name: string): readonly string[] => name.split('|')
const field = (body: Body, names: string): string =>
  namesOf(names)
    .map((name) => body[name] ?? '')
    .find((value) => value !== '') ?? ''

const bodySchema = z.record(
  z.string(),
  z.union([z.string(), z.number().int().transform(String), z.null().transform(() => '')]),
)

/** Numbers are taken as numbers and as strings; what EUC-KR cannot say has no place here. */
function bodyOf(text: string): Body | null {
  const body = bodySchema.safeParse(parseJson(text))
  if (!body.success) return null
  return Object.values(body.data).every((value) => encodeCp949(value) !== null) ? body.data : null
}

const said = ([first, second]: readonly [string, string]): string => (second === '' ? first : `${first}/${second}`)

/** Only HYUNDAI and UNDEFINED are known of these names. */
const cardTypes: Readonly<Record<string, string>> = {
  '01': 'BC',
  '02': 'KOOKMIN',
  '04': 'SAMSUNG',
  '05': 'SHINHAN',
  '08': 'HYUNDAI',
  '15': 'NONGHYUP',
}

const cardNames = (type: string, name: string): JsonObject => ({
  issuerCardType: type,
  issuerCardName: name,
  purchaseCardType: type,
  purchaseCardName: name,
})

function cardData(payment: Payment): JsonObject {
  const type = cardTypes[payment.institution]
  return {
    ...(type === undefined
      ? cardNames('UNDEFINED', '미등록카드사')
      : cardNames(type, (payment.approval['msg1'] ?? '').trim())),
    approvalNumb: payment.approvalNo,
    cardNumb: payment.cardNo,
    expiryDate: '',
    installMonth: payment.installment,
  }
}

const cardRefused =
  (amountName: string) =>
  ({ code, messages }: KsnetError): JsonObject => ({
    [amountName]: '',
    respCode: code,
    respMessage: said(messages),
    ...cardNames('UNDEFINED', '미등록카드사'),
    approvalNumb: code,
    cardNumb: '',
    expiryDate: '',
    installMonth: '',
  })

const account = { agencyType: '5', agencyName: '금융결제원' }
const accountRefused = ({ code, messages }: KsnetError): JsonObject => ({
  cancelAmount: '',
  respCode: code === 'P10O' || code === '7003' ? '994' : code,
  respMessage: said(code === 'P10O' ? new KsnetError('994').messages : messages),
  ...account,
  approvalNumb: '',
})

/** Which payment, and how much of it. */
function wishIn(body: Body): { named: Named; part: Part | null } {
  const { orgTradeKeyType, orgTradeKey = '', orgTradeDate = '', cancelType } = body
  const isTrno = orgTradeKeyType === 'TID'
  if (!isTrno && orgTradeKeyType !== 'ORDER_NUMB') throw new KsnetError('8038')
  const named: Named = isTrno
    ? { by: 'trno', trno: orgTradeKey }
    : { by: 'order', orderNo: orgTradeKey, day: readDay(orgTradeDate) }
  if (cancelType === 'FULL') return { named, part: null }
  const { cancelTotalAmount = '', cancelSeq = '', cancelTaxFreeAmount = '' } = body
  const isPart = cancelType === 'PARTIAL' && /^\d{1,9}$/.test(cancelTotalAmount) && /^[1-9]$/.test(cancelSeq)
  if (!isPart) throw new KsnetError('8038')
  if (Number(cancelTaxFreeAmount) > Number(cancelTotalAmount)) throw new KsnetError('P10I')
  return { named, part: { amount: Number(cancelTotalAmount), sequence: cancelSeq } }
}

/** Done, or done before: that is A0200 too, with P10Q (5.4). */
function cancelBy(methods: readonly Method[], dataOf: (payment: Payment) => JsonObject, ok: readonly [string, string]) {
  return (call: Call, body: Body) => {
    const { named, part } = wishIn(body)
    const payment = findPayment(call, named)
    checkMethod(payment, methods)
    const { trno } = payment
    const head = { tid: trno, tradeDateTime: stamp(call.now) }
    const done = cancel(call, payment, part)
    if (!done) {
      const data = {
        ...head,
        cancelAmount: '',
        respCode: 'P10Q',
        respMessage: said(alreadyCancelled),
        ...dataOf(payment),
      }
      return { data, events: [], effect: 'declined' as const, payment: trno, code: 'P10Q' }
    }
    const { amount, events } = done
    const data = { ...head, cancelAmount: String(amount), respCode: ok[0], respMessage: ok[1], ...dataOf(payment) }
    return { data, events, effect: 'executed' as const, payment: trno, amount, code: ok[0] }
  }
}

const cancelFields = ['cancelType', 'orgTradeKeyType', 'orgTradeKey']

const cardCancel: Endpoint = {
  operation: 'cancel',
  aid: 'WFVCCSE',
  required: cancelFields,
  run: cancelBy(['CARD', 'EASY_PAY'], cardData, ['0000', '승인취소완료/매입취소요청']),
  refused: cardRefused('cancelAmount'),
}

const accountCancel: Endpoint = {
  operation: 'cancel',
  aid: 'WFVCASE',
  required: cancelFields,
  run: cancelBy(['TRANSFER'], (payment) => ({ ...account, approvalNumb: payment.approvalNo.slice(0, 12) }), [
    '000',
    '취소완료',
  ]),
  refused: accountRefused,
}

function amountIn(body: Body): number {
  const text = body['totalAmount'] ?? ''
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new KsnetError('P10I')
  return Number(text)
}

function orderOf(call: Call, body: Body, method: Method): Order {
  return {
    mid: call.merchant.mid,
    orderNo: body['orderNumb'] ?? '',
    method,
    amount: amountIn(body),
    taxFree: Number(body['taxFreeAmount'] ?? '') || 0,
    orderName: field(body, 'productName|goodName'),
    buyer: field(body, 'userName|orderName'),
    escrow: false,
    easyPay: 'NAVERPAY',
    card: '05',
    bank: '04',
    installmentMonths: 0,
    cashReceipt: false,
  }
}

/** Bank names: only NONGHYUP is known; PortOne's have it too, so theirs are taken. */
const vaIssue: Endpoint = {
  operation: 'va-issue',
  aid: 'WFVVVSE',
  required: ['orderNumb', 'userName|orderName', 'productName|goodName', 'totalAmount', 'bankType', 'virtAccountType'],
  run(call, body) {
    const bank = banks.find((one) => one.portone === body['bankType'])
    if (!bank) throw new KsnetError('B014')
    const due = (body['closeDateTime'] ?? '').replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6')
    const dueAt = parseKst(due)
    if (body['virtAccountType'] === '0' && dueAt === null) throw new KsnetError('B013')
    const escrow = call.merchant.escrow && body['escrowType'] === '1'
    const order = {
      ...orderOf(call, body, 'VIRTUAL_ACCOUNT'),
      bank: bank.code,
      escrow,
      ...(dueAt !== null && { dueAt }),
    }
    const { payment, events } = approve(call.state, order, { at: call.now })
    const data = {
      tid: payment.trno,
      tradeDateTime: stamp(call.now),
      totalAmount: String(payment.amount),
      respCode: '0000',
      respMessage: '계좌요청완료',
      bankType: bank.portone,
      bankName: bank.ko,
      virtualAccountNumb: payment.accountNo,
      accountHolder: call.merchant.name,
    }
    return { data, events, effect: 'executed', payment: payment.trno, amount: payment.amount, code: '0000' }
  },
  refused: ({ code, messages }) => ({
    totalAmount: '',
    respCode: code,
    respMessage: said(messages),
    bankType: '',
    bankName: '',
    virtualAccountNumb: '',
    accountHolder: '',
  }),
}

const CARD_MINIMUM = 1000

/** The company by the first digits of the numbers this sandbox knows; nothing of the number is kept but its ends. */
function keyedIn(body: Body, now: Instant): { card: string; masked: string } {
  const { cardNumb = '', expiryDate = '' } = body
  if (!/^\d{14,16}$/.test(cardNumb)) throw new KsnetError('P10B')
  const [, year = '', month = ''] = /^(\d\d)(0[1-9]|1[0-2])$/.exec(expiryDate) ?? []
  if (`20${year}-${month}` < kstDate(now).slice(0, 7)) throw new KsnetError('P10J')
  const card = Object.entries(cards).find(([, [, bin]]) => cardNumb.startsWith(bin))?.[0] ?? '05'
  return { card, masked: `${cardNumb.slice(0, 6)}XXXXXX${cardNumb.slice(12)}` }
}

const keyIn = (more: readonly string[]): Endpoint => ({
  operation: 'approve',
  aid: 'WFVPCSE',
  required: ['orderNumb', 'userName', 'productType', 'productName', 'totalAmount', 'cardNumb', ...more],
  run(call, body) {
    const order = orderOf(call, body, 'CARD')
    if (order.amount < CARD_MINIMUM) throw new KsnetError('8006')
    const { card } = keyedIn(body, call.now)
    const months = Number(body['installMonth'] ?? '') || 0
    const { payment, events } = approve(call.state, { ...order, card, installmentMonths: months }, { at: call.now })
    const { trno, amount } = payment
    const head = { tid: trno, tradeDateTime: stamp(call.now), totalAmount: String(amount) }
    const ok = { respCode: '0000', respMessage: `${(payment.approval['msg1'] ?? '').trim()}/OK: ${payment.approvalNo}` }
    const data = { ...head, ...ok, ...cardData(payment), cardType: 'CREDIT', partCancYn: 'Y' }
    return { data, events, effect: 'executed', payment: trno, amount, code: '0000' }
  },
  refused: cardRefused('totalAmount'),
})

/** Whether a card is good; no money moves. */
const cert: Endpoint = {
  operation: 'approve',
  aid: 'WFVPCSE',
  required: ['orderNumb', 'userName', 'productName', 'cardNumb', 'expiryDate', 'password2', 'userInfo'],
  run(call, body) {
    const { card, masked } = keyedIn(body, call.now)
    const head = { tid: call.state.freeTrno('CARD', call.now), tradeDateTime: stamp(call.now), totalAmount: '' }
    const names = cardNames(cardTypes[card] ?? 'UNDEFINED', cards[card]?.[0] ?? '미등록카드사')
    const rest = { approvalNumb: '', cardNumb: masked, expiryDate: '', installMonth: '', cardType: 'CREDIT' }
    const data = { ...head, respCode: '0000', respMessage: '정상', ...names, ...rest }
    return { data, events: [], effect: 'none', payment: null, code: '0000' }
  },
  refused: cardRefused('totalAmount'),
}

const noncert = ['expiryDate', 'installMonth', 'currencyType']
const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  ['/card/cancel', cardCancel],
  ['/account/cancel', accountCancel],
  ['/vaccount/permanent', vaIssue],
  ['/card/cert', cert],
  ['/card/pay/noncert', keyIn(noncert)],
  ['/card/pay/oldcert', keyIn([...noncert, 'password2', 'userInfo'])],
])
