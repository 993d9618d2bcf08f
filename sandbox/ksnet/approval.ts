import { DAY_MS, plus, type Instant } from '#lib/domain/kst.ts'
import { encodeCp949, fitCp949 } from '#lib/gateways/wire/cp949.ts'
import type { KsnetError } from './codes.ts'
import { isCard, type Payment, type Receipt } from './payment.ts'
import { day, digits, time } from './stamp.ts'
import type { KsnetEvent, KsnetState } from './state.ts'
import { newKey, type Order, type Window } from './window.ts'

/** Bytes of CP949; infinite where it cannot be said in it. */
export const bytesOf = (text: string): number => encodeCp949(text)?.length ?? Number.POSITIVE_INFINITY

/** As KSNET leaves it: cut between characters, then spaces. */
export function padded(text: string, bytes: number): string {
  const fitting = fitCp949(text, bytes)
  return fitting + ' '.repeat(bytes - bytesOf(fitting))
}

/** Code (ksnet.md 7.3), name, and first digits of numbers that are nobody's. */
export const cards: Readonly<Record<string, readonly [name: string, bin: string]>> = {
  '01': ['BC카드', '404825'],
  '02': ['KB국민카드', '457973'],
  '04': ['삼성카드', '451245'],
  '05': ['신한카드-체크', '461954'],
  '08': ['현대카드', '433290'],
  '15': ['NH농협카드', '464959'],
}
/** Issuers whose cards are proven by ISP, which `result` tells. */
const ispIssuers: readonly string[] = ['01', '02']

const DAYS_TO_PAY = 3

/** Where the new payment stands among others: `trno` and `approvalNo` may be those of one that is known elsewhere. */
export interface Given {
  readonly at: Instant
  readonly trno?: string
  readonly approvalNo?: string
  readonly window?: Window
}

export interface Approved {
  readonly payment: Payment
  readonly events: readonly KsnetEvent[]
}

/** The approval of an order; a virtual account is issued. Everything that follows from it, for one line of the log. */
export function approve(
  state: KsnetState,
  order: Order,
  { at, trno: named, approvalNo: given, window }: Given,
): Approved {
  const trno = named ?? state.freeTrno(order.method, at)
  const receipt = order.cashReceipt ? newReceipt(state, order, { trno, at }) : null
  const facts = { ...factsOf(order), ...(given !== undefined && { approvalNo: given }), trno, at, receipt }
  const key = window?.key ?? newKey(at)
  const isAccount = order.method === 'VIRTUAL_ACCOUNT'
  const payment: Payment = {
    trno,
    mid: order.mid,
    orderNo: order.orderNo,
    method: order.method,
    amount: order.amount,
    taxFree: order.taxFree,
    buyer: order.buyer,
    orderName: order.orderName,
    escrow: order.escrow,
    institution: facts.institution,
    approvalNo: facts.approvalNo,
    cardNo: facts.cardNo,
    accountNo: facts.accountNo,
    status: isAccount ? 'ISSUED' : 'PAID',
    approvedAt: at,
    ...(isAccount && { dueAt: order.dueAt ?? plus(at, DAYS_TO_PAY * DAY_MS) }),
    installment: installmentOf(order),
    commConId: key,
    approval: whResult(order, facts),
    deposits: [],
    cancels: [],
  }
  const opened = window ?? { key, order, openedAt: at, declined: null, finished: false }
  return {
    payment,
    events: [
      { kind: 'payment', payment },
      { kind: 'window', window: { ...opened, approved: trno } },
      ...(receipt ? [{ kind: 'receipt' as const, receipt }] : []),
    ],
  }
}

const installmentOf = (order: Order): string =>
  isCard(order) ? String(order.installmentMonths).padStart(2, '0') : '00'

export function newReceipt(
  state: KsnetState,
  { mid, orderNo, amount }: Pick<Order, 'mid' | 'orderNo' | 'amount'>,
  { trno, at }: { trno: string | null; at: Instant },
): Receipt {
  const own = state.freeTrno('CASH_RECEIPT', at)
  return {
    trno: own,
    mid,
    orderNo,
    payment: trno,
    amount,
    issuedAt: at,
    approvalNo: digits(9),
    cancelledAt: null,
  }
}

interface Facts {
  readonly trno: string
  readonly at: Instant
  readonly receipt: Receipt | null
  readonly institution: string
  readonly approvalNo: string
  readonly cardNo: string
  readonly accountNo: string
}

const wallets = {
  NAVERPAY: { name: '네이버페이', cardNo: 'NPAY', institution: '52' },
  KAKAOPAY: { name: '카카오페이', cardNo: 'KAKAO', institution: '' },
  PAYCO: { name: '페이코', cardNo: 'PAYCO', institution: '' },
} as const

function factsOf(order: Order): Pick<Facts, 'institution' | 'approvalNo' | 'cardNo' | 'accountNo'> {
  const none = { institution: '', approvalNo: digits(8), cardNo: '', accountNo: '' }
  switch (order.method) {
    case 'CARD': {
      const bin = cards[order.card]?.[1] ?? '400000'
      return { ...none, institution: order.card, cardNo: `${bin}XXXXXX${digits(4)}` }
    }
    case 'EASY_PAY': {
      const { institution, cardNo } = wallets[order.easyPay]
      return { ...none, institution, cardNo }
    }
    case 'TRANSFER':
      return { ...none, institution: order.bank, approvalNo: digits(13) }
    case 'VIRTUAL_ACCOUNT':
      return { ...none, institution: order.bank, approvalNo: '', accountNo: `790${digits(11)}` }
    case 'MOBILE':
      return none
  }
}

type WhResult = Readonly<Record<string, string>>

/** `kspay_wh_result` in full, in the order of the samples (ksnet.md 1.6), with the spaces KSNET leaves in it. */
function whResult(order: Order, facts: Facts): WhResult {
  return {
    authyn: 'O',
    trno: facts.trno,
    trddt: day(facts.at),
    trdtm: time(facts.at),
    amt: String(order.amount),
    ...saidOf(order, facts),
    ordno: order.orderNo,
    halbu: installmentOf(order),
    cbtrno: facts.receipt?.trno ?? '',
    cbauthno: facts.receipt?.approvalNo ?? '',
    cardno: facts.cardNo,
    resultcd: '',
  }
}

function saidOf(order: Order, facts: Facts): WhResult {
  const ok = padded(`OK: ${facts.approvalNo}`, 16)
  const { institution: code } = facts
  switch (order.method) {
    case 'CARD': {
      const said = { authno: padded(facts.approvalNo, 12), msg1: padded(cards[code]?.[0] ?? '기타카드', 16), msg2: ok }
      const result = ispIssuers.includes(code) ? 'I001' : '1001'
      return { ...said, isscd: padded(code, 6), aqucd: padded(code, 6), result }
    }
    case 'EASY_PAY': {
      const isNaver = order.easyPay === 'NAVERPAY'
      const authno = padded(isNaver ? '' : facts.approvalNo, 12)
      const said = { authno, msg1: padded(wallets[order.easyPay].name, 16), msg2: isNaver ? padded('OK:', 16) : ok }
      return { ...said, isscd: padded(code, 6), aqucd: padded(code, 6), result: '1001' }
    }
    case 'TRANSFER':
      return { authno: padded(code, 12), msg1: padded('이체완료', 16), msg2: padded('', 16), ...none, result: '2201' }
    case 'VIRTUAL_ACCOUNT': {
      const said = { authno: padded(code, 12), msg1: padded('계좌요청완료', 16), msg2: padded('', 16) }
      return { ...said, isscd: padded(facts.accountNo, 15), aqucd: padded('', 6), result: '6001' }
    }
    case 'MOBILE': {
      const said = { authno: padded(facts.approvalNo, 12), msg1: padded('정상처리', 16), msg2: padded('', 16) }
      return { ...said, isscd: padded('', 6), aqucd: padded('1', 6), result: 'M131' }
    }
  }
}

const none = { isscd: padded('', 6), aqucd: padded('', 6) }

/** What a declined approval says: the code in the place of the approval number. */
export const declinedResult = (order: Order, { code, messages }: KsnetError, { trno, at }: Given): WhResult => ({
  authyn: 'X',
  trno: trno ?? '',
  trddt: day(at),
  trdtm: time(at),
  amt: String(order.amount),
  authno: padded(code, 12),
  msg1: padded(messages[0], 16),
  msg2: padded(messages[1], 16),
  ordno: order.orderNo,
})
