import { currentBank } from '#lib/domain/banks.ts'
import { parseKst, type Instant } from '#lib/domain/kst.ts'
import { maskAccount, maskCard } from '#lib/domain/mask.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { CashReceiptFacts, GatewayPayment, Method, MethodFacts } from '#lib/domain/payment.ts'
import type { Connector, Credentials, Told } from '../connector.ts'
import { TRNO } from './trno.ts'

/**
 * KSNET's answer to the confirm call (`recv_post.jsp`), as the shop's `kspay_wh_result` page got it (smartphone module guide and
 * KSPAY samples): values of fixed length with spaces around them. No merchant stands in it, nor what the shop itself asked: the
 * shop may send along the fields of its own order form (`sndStoreid`, `sndGoodname`, `sndOrdername`, `sndMobile`, `sndEmail`,
 * `sndEscrow`, `sndCurrencytype`), and `taxFreeAmount` as KSNET's REST names the tax-free part.
 */
type Fields = Readonly<Record<string, string>>

/** By these a body is known to be KSNET's; in those the shop names one of several merchants. */
export const approvalForm = {
  known: ['authyn', 'trno'],
  merchant: ['sndStoreid', 'storeid'],
} as const satisfies Connector['approvalForm']

/** Leaves the reading at the first field that is missing or wrong. */
class Unreadable extends Error {
  readonly field: string
  constructor(field: string) {
    super(field)
    this.field = field
  }
}

export function readApproval(fields: Fields, credentials: Credentials): Told {
  try {
    const mid = credentials['mid'] ?? ''
    for (const name of approvalForm.merchant)
      if (value(fields, name) !== '' && value(fields, name) !== mid) throw new Unreadable(name)
    const verdict = value(fields, 'authyn')
    if (!/^[OXS]$/.test(verdict)) throw new Unreadable('authyn')
    if (verdict !== 'O') return { kind: 'not_approved', code: refusalOf(fields, verdict) }
    const taxFreeSaid = value(fields, 'taxFreeAmount') !== ''
    return { kind: 'payment', payment: paymentOf(fields, mid), taxFreeSaid }
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', field: error.field }
    throw error
  }
}

/** The code stands where an approval has its number. `S`: KSNET does not know yet. */
function refusalOf(fields: Fields, verdict: string): string {
  const code = value(fields, 'authno')
  return verdict === 'X' && /^[0-9A-Z]{1,12}$/i.test(code) ? code : verdict
}

function paymentOf(fields: Fields, mid: string): GatewayPayment {
  const trno = needed(fields, 'trno', TRNO)
  const total = moneyOf(fields, 'amt')
  if (total === null || total === 0) throw new Unreadable('amt')
  const method = methodOf(fields)
  const approvedAt = approvedAtOf(fields)
  if (!isWon(value(fields, 'sndCurrencytype'))) throw new Unreadable('sndCurrencytype')
  const issued = method === 'VIRTUAL_ACCOUNT'
  const orderNumber = text(fields, 'ordno', 50)
  const taxFree = moneyOf(fields, 'taxFreeAmount') ?? minor(0)
  if (taxFree > total) throw new Unreadable('taxFreeAmount')
  return {
    paymentId: trno,
    transactionId: null,
    orderNumber,
    storeKey: mid,
    channelKey: mid,
    channelType: null,
    pg: 'KSNET',
    mid,
    pgTxId: trno,
    status: issued ? 'ISSUED' : 'PAID',
    method,
    methodFacts: factsOf(fields, method),
    // Of a transfer and a virtual account the bank stands there.
    approvalNumber: issued || method === 'TRANSFER' ? null : text(fields, 'authno', 40),
    currency: 'KRW',
    total,
    taxFree,
    discount: minor(0),
    paid: issued ? minor(0) : total,
    cancelled: minor(0),
    cancelledTaxFree: minor(0),
    orderName: text(fields, 'sndGoodname', 200) ?? orderNumber ?? '',
    requestedAt: approvedAt,
    approvedAt,
    paidAt: issued ? null : approvedAt,
    receiptUrl: null,
    escrow: value(fields, 'sndEscrow') === '1' ? { status: 'BEFORE_REGISTERED' } : null,
    cashReceipt: cashReceiptOf(fields, approvedAt),
    cancellations: [],
    personal: {
      name: text(fields, 'sndOrdername', 60) ?? undefined,
      phone: text(fields, 'sndMobile', 20) ?? undefined,
      email: text(fields, 'sndEmail', 100) ?? undefined,
      account: issued ? accountOf(fields) : undefined,
    },
  }
}

const value = (fields: Fields, name: string): string => fields[name]?.trim() ?? ''

function needed(fields: Fields, name: string, form: RegExp): string {
  const given = value(fields, name)
  if (!form.test(given)) throw new Unreadable(name)
  return given
}

/** One line, or null where there is none. Neither control characters nor half a character: no column takes them. */
function text(fields: Fields, name: string, max: number): string | null {
  const given = value(fields, name)
  if (given === '') return null
  if (given.length > max || /[\p{Cc}\p{Cs}]/u.test(given)) throw new Unreadable(name)
  return given
}

/** Whole won, to nine digits as everywhere at KSNET. */
function moneyOf(fields: Fields, name: string): Minor | null {
  const given = value(fields, name)
  if (given === '') return null
  if (!/^\d{1,9}$/.test(given)) throw new Unreadable(name)
  return minor(Number(given))
}

/** In Seoul, and of this century: beyond it neither lists nor rules go. */
function approvedAtOf(fields: Fields): Instant {
  const [, year, month, day] = /^(20\d\d)(\d\d)(\d\d)$/.exec(value(fields, 'trddt')) ?? []
  if (parseKst(`${year}-${month}-${day} 00:00:00`) === null) throw new Unreadable('trddt')
  const [, hour, minute, second] = /^(\d\d)(\d\d)(\d\d)$/.exec(value(fields, 'trdtm')) ?? []
  const at = parseKst(`${year}-${month}-${day} ${hour}:${minute}:${second}`)
  if (at === null) throw new Unreadable('trdtm')
  return at
}

/** Won only: what an amount in dollars counts is told differently by each of KSNET's documents. */
const isWon = (currency: string): boolean => ['', '410', 'WON', 'KRW'].includes(currency)

/**
 * `result` is the type of the answer's record: card 1001 and 1301, by ISP I001; transfer 2201, 2301, 2421; virtual account 6001;
 * mobile M101, M131; points, membership money and account pay (MyPay) as other. A cancel's type (…11), or one that stands in no
 * document, is not taken for an approval.
 */
const results: readonly (readonly [form: RegExp, method: Method])[] = [
  [/^(?:1001|1301|I001)$/, 'CARD'],
  [/^(?:2201|2301|2421)$/, 'TRANSFER'],
  [/^6001$/, 'VIRTUAL_ACCOUNT'],
  [/^M1[03]1$/, 'MOBILE'],
  [/^(?:4\d01|7001|B101)$/, 'OTHER'],
]

function methodOf(fields: Fields): Method {
  const result = value(fields, 'result')
  const method = results.find(([form]) => form.test(result))?.[1]
  if (method === undefined) throw new Unreadable('result')
  return method === 'CARD' && walletOf(fields) !== undefined ? 'EASY_PAY' : method
}

/** A wallet answers as a card: its name stands where the card's number or its issuer would (seen with shops, in no document). */
const wallets: readonly (readonly [names: RegExp, provider: string])[] = [
  [/^(?:KAKAO(?:PAY)?|카카오페이)/i, 'KAKAOPAY'],
  [/^(?:NPAY|NAVERPAY|네이버페이)/i, 'NAVERPAY'],
  [/^(?:PAYCO|페이코)/i, 'PAYCO'],
  [/^(?:SSG(?:PAY|페이))/i, 'SSGPAY'],
  [/^(?:L\.?PAY|엘페이)/i, 'LPAY'],
]
function walletOf(fields: Fields): string | undefined {
  const named = [value(fields, 'cardno'), value(fields, 'msg1')]
  if (value(fields, 'isscd') === '52') return 'NAVERPAY'
  return wallets.find(([names]) => named.some((one) => names.test(one)))?.[1]
}

/** Card companies by KSNET's code: two digits, or `0100` and two. Merged ones lead to who took them over. */
const issuers: Readonly<Record<string, string>> = {
  '01': 'BC_CARD',
  '02': 'KOOKMIN_CARD',
  '03': 'HANA_CARD',
  '04': 'SAMSUNG_CARD',
  '05': 'SHINHAN_CARD',
  '08': 'HYUNDAI_CARD',
  '09': 'LOTTE_CARD',
  '11': 'CITI_CARD',
  '12': 'SUHYUP_CARD',
  '14': 'WOORI_CARD',
  '15': 'NH_CARD',
  '16': 'JEJU_CARD',
  '17': 'GWANGJU_CARD',
  '18': 'JEONBUK_CARD',
  '24': 'HANA_CARD',
  '26': 'CITI_CARD',
}

function factsOf(fields: Fields, method: Method): MethodFacts {
  switch (method) {
    case 'CARD':
      return { card: cardOf(fields) }
    case 'EASY_PAY':
      return { card: cardOf(fields), easyPay: { provider: walletOf(fields) } }
    case 'TRANSFER':
      return { transfer: { bank: bankOf(fields) } }
    case 'VIRTUAL_ACCOUNT':
      return { virtualAccount: { bank: bankOf(fields), account: maskAccount(accountOf(fields)) } }
    case 'MOBILE':
    case 'OTHER':
      return {}
  }
}

/** Where the code is not known, the name that KSNET gave is kept. Behind a wallet there may be no card at all (rule CARD-EASY). */
function cardOf(fields: Fields): MethodFacts['card'] {
  const code = value(fields, 'isscd').replace(/^0100(?=\d\d$)/, '')
  const number = value(fields, 'cardno')
  const months = value(fields, 'halbu')
  const known = Object.hasOwn(issuers, code) ? issuers[code] : undefined
  const named = walletOf(fields) === undefined ? text(fields, 'msg1', 40) : null
  return {
    issuer: known ?? named ?? undefined,
    number: /^[\dXx*-]{13,20}$/.test(number) ? maskCard(number) : undefined,
    instalmentMonths: /^\d{1,2}$/.test(months) ? Number(months) : undefined,
  }
}

/** Two digits, before the mergers as after them. */
const bankOf = (fields: Fields): string | undefined => currentBank(value(fields, 'authno'))?.portone

/** Without the number no deposit could ever be held against it. */
const accountOf = (fields: Fields): string => needed(fields, 'isscd', /^\d{6,15}$/)

/** Issued together with the payment, in KSNET's window. */
function cashReceiptOf(fields: Fields, issuedAt: Instant): CashReceiptFacts | null {
  const reference = value(fields, 'cbtrno')
  const number = text(fields, 'cbauthno', 20)
  if (!/^H[0-9A-Za-z]{11}$/.test(reference) || number === null) return null
  return { status: 'ISSUED', number: maskAccount(number), reference, issuedAt }
}
