import { currentBank } from '#lib/domain/banks.ts'
import type { Instant } from '#lib/domain/kst.ts'
import { maskAccount, maskCard } from '#lib/domain/mask.ts'
import { minor, type Minor } from '#lib/domain/money.ts'
import type { GatewayPayment, Method, MethodFacts } from '#lib/domain/payment.ts'
import type { Credentials, Told } from '../connector.ts'
import { kcpMoney, kcpTime, methodOf as methodByName } from './words.ts'

/**
 * KCP's answer to an approval, as the shop's own server got it: the module's fields (log of a test merchant, card; VA issue of
 * the samples) and those of `/gw/enc/v1/payment` (developer.kcp.co.kr, standard payment), which are the same but for the order
 * number's name. `site_cd` and what the shop itself asked (`ordr_idxx`, `good_name`, `buyr_name`, `buyr_tel2`, `buyr_mail`)
 * stand in no answer: the shop sends them along.
 */
type Fields = Readonly<Record<string, string>>

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
    // First, so that an answer for another site code is told by its field.
    if (needed(fields, 'site_cd', /^[A-Z0-9]{5}$/i) !== credentials['siteCd']) throw new Unreadable('site_cd')
    const code = needed(fields, 'res_cd', /^[A-Z0-9]{4}$/i)
    if (!isApproved(code, fields)) return { kind: 'not_approved', code }
    return { kind: 'payment', payment: paymentOf(fields, credentials['siteCd'] ?? '') }
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', field: error.field }
    throw error
  }
}

/** V000: a virtual account was issued, by the newer policy. */
const isApproved = (code: string, { pay_method }: Fields): boolean =>
  code === '0000' || (code === 'V000' && pay_method === 'PAVC')

function paymentOf(fields: Fields, siteCd: string): GatewayPayment {
  const tno = needed(fields, 'tno', /^[0-9A-Z]{14}$/i)
  const total = moneyOf(fields, 'amount')
  if (total === null || total === 0) throw new Unreadable('amount')
  const method = methodOf(fields)
  const approvedAt = timeOf(fields, 'app_time')
  if (approvedAt === null) throw new Unreadable('app_time')
  if (!isWon(fields['currency'])) throw new Unreadable('currency')
  const issued = method === 'VIRTUAL_ACCOUNT'
  const orderNumber = text(fields, 'ordr_idxx', 40) ?? text(fields, 'order_no', 40)
  return {
    paymentId: tno,
    transactionId: null,
    orderNumber,
    storeKey: siteCd,
    channelKey: siteCd,
    channelType: null,
    pg: 'KCP',
    mid: siteCd,
    pgTxId: tno,
    status: issued ? 'ISSUED' : 'PAID',
    method,
    methodFacts: factsOf(fields, method),
    approvalNumber: text(fields, 'app_no', 40),
    currency: 'KRW',
    total,
    taxFree: taxFreeOf(fields, total),
    // A coupon is part of the amount and goes back with it.
    discount: minor(0),
    paid: issued ? minor(0) : total,
    cancelled: minor(0),
    cancelledTaxFree: minor(0),
    orderName: text(fields, 'good_name', 200) ?? orderNumber ?? '',
    requestedAt: approvedAt,
    approvedAt,
    paidAt: issued ? null : approvedAt,
    receiptUrl: null,
    escrow: fields['escw_yn'] === 'Y' ? { status: 'BEFORE_REGISTERED' } : null,
    cashReceipt: null,
    cancellations: [],
    personal: personalOf(fields),
  }
}

function needed(fields: Fields, name: string, form: RegExp): string {
  const value = fields[name]?.trim() ?? ''
  if (!form.test(value)) throw new Unreadable(name)
  return value
}

/** One line, or null where there is none. Neither control characters nor half a character: no column takes them. */
function text(fields: Fields, name: string, max: number): string | null {
  const value = fields[name]?.trim() ?? ''
  if (value === '') return null
  if (value.length > max || /[\p{Cc}\p{Cs}]/u.test(value)) throw new Unreadable(name)
  return value
}

function moneyOf(fields: Fields, name: string): Minor | null {
  const value = fields[name]?.trim() ?? ''
  const money = kcpMoney(value)
  if (value !== '' && money === null) throw new Unreadable(name)
  return money
}

/** Of this century: beyond it neither lists nor rules go. */
const timeOf = (fields: Fields, name: string): Instant | null => {
  const value = fields[name]?.trim() ?? ''
  return value.startsWith('20') ? kcpTime(value) : null
}

/** Requests say won as `410` or `WON`. How KCP writes other money is not known here, so nothing else is taken. */
const isWon = (currency: string | undefined): boolean => ['', '410', 'WON', 'KRW'].includes(currency?.trim() ?? '')

const wallets: Readonly<Record<string, string>> = {
  PAKM: 'KAKAOPAY',
  PATO: 'TOSSPAY',
  PASG: 'SSGPAY',
  PANP: 'NAVERPAY',
  OT01: 'SAMSUNGPAY',
  OT03: 'SSGPAY',
  OT11: 'LPAY',
  OT12: 'PAYCO',
  OT13: 'KAKAOPAY',
  OT16: 'NAVERPAY',
  OT21: 'APPLEPAY',
  OT23: 'TOSSPAY',
}
const isIn = <Value>(table: Readonly<Record<string, Value>>, code: string): boolean => Object.hasOwn(table, code)

/** A card behind a wallet is easy pay, and a card to KCP (`pay_method` PACA). */
function methodOf(fields: Fields): Method {
  const code = needed(fields, 'pay_method', /^[A-Z]{4}$/)
  const method = methodByName(code)
  if (method === null) throw new Unreadable('pay_method')
  return method === 'CARD' && text(fields, 'card_other_pay_type', 4) !== null ? 'EASY_PAY' : method
}

/** Issuers by KCP's code. Where one is not here, the name that KCP gave is kept. */
const issuers: Readonly<Record<string, string>> = {
  CCLG: 'SHINHAN_CARD',
  CCKM: 'KOOKMIN_CARD',
  CCDI: 'HYUNDAI_CARD',
  CCSS: 'SAMSUNG_CARD',
  CCBC: 'BC_CARD',
  CCLO: 'LOTTE_CARD',
  CCHN: 'HANA_CARD',
  CCNH: 'NH_CARD',
  CCCT: 'CITI_CARD',
  CCKJ: 'GWANGJU_CARD',
  CCSU: 'SUHYUP_CARD',
  CCJB: 'JEONBUK_CARD',
  CCCJ: 'JEJU_CARD',
}

function factsOf(fields: Fields, method: Method): MethodFacts {
  switch (method) {
    case 'CARD':
      return { card: cardOf(fields) }
    case 'EASY_PAY':
      return { card: cardOf(fields), easyPay: { provider: walletOf(fields) } }
    case 'TRANSFER':
      return { transfer: { bank: bankOf(fields, 'bank_code', 'bank_name') } }
    case 'VIRTUAL_ACCOUNT':
      return { virtualAccount: accountOf(fields) }
    case 'MOBILE':
    case 'OTHER':
      return {}
  }
}

/** Behind a card, or the wallet's own money; as KCP wrote it where it is not known here. */
function walletOf(fields: Fields): string | undefined {
  const code = text(fields, 'card_other_pay_type', 4) ?? text(fields, 'pay_method', 4) ?? ''
  return isIn(wallets, code) ? wallets[code] : code
}

function cardOf(fields: Fields): MethodFacts['card'] {
  const code = text(fields, 'card_cd', 4)
  const number = text(fields, 'card_no', 30)
  const quota = fields['quota']?.trim() ?? ''
  return {
    issuer: (code !== null && isIn(issuers, code) ? issuers[code] : text(fields, 'card_name', 40)) ?? code ?? undefined,
    number: number === null ? undefined : maskCard(number),
    instalmentMonths: /^\d{1,2}$/.test(quota) ? Number(quota) : undefined,
    interestFree: fields['noinf'] === undefined ? undefined : fields['noinf'] === 'Y',
  }
}

/** Answers write a bank as `BK04`, a securities firm as `B218`. */
function bankOf(fields: Fields, codeName: string, name: string): string | undefined {
  const code = text(fields, codeName, 10)?.replace(/^BK?/i, '') ?? ''
  return currentBank(code)?.portone ?? text(fields, name, 40) ?? undefined
}

function accountOf(fields: Fields): MethodFacts['virtualAccount'] {
  const account = text(fields, 'account', 30)
  if (account === null) return undefined
  return {
    bank: bankOf(fields, 'bankcode', 'bankname'),
    account: maskAccount(account),
    expiresAt: timeOf(fields, 'va_date') ?? undefined,
  }
}

/** Of a compound payment KCP says the tax-free part; without it nothing is guessed. */
function taxFreeOf(fields: Fields, total: Minor): Minor {
  const free = moneyOf(fields, 'res_free_mny')
  if (free === null && fields['res_tax_flag'] === 'TG03') throw new Unreadable('res_free_mny')
  if (free !== null && free > total) throw new Unreadable('res_free_mny')
  return free ?? minor(0)
}

const personalOf = (fields: Fields): GatewayPayment['personal'] => ({
  name: text(fields, 'buyr_name', 60) ?? undefined,
  phone: text(fields, 'buyr_tel2', 20) ?? text(fields, 'buyr_tel1', 20) ?? undefined,
  email: text(fields, 'buyr_mail', 100) ?? undefined,
  account: text(fields, 'account', 30) ?? undefined,
})
