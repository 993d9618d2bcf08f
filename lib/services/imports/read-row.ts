import 'server-only'
import { DAY_MS, parseKst, plus, type Instant } from '#lib/domain/kst.ts'
import { maskCard } from '#lib/domain/mask.ts'
import { minor, parseMoney } from '#lib/domain/money.ts'
import type { ImportField, ImportMethod } from '#lib/domain/payment-import.ts'
import type { Gateway, GatewayPayment, Method, MethodFacts } from '#lib/domain/payment.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { OpenAccount } from '../accounts/open-account.ts'
import type { FileRow } from './import-file.ts'

export type ReadRow =
  | { readonly ok: true; readonly payment: GatewayPayment; readonly taxFreeSaid: boolean }
  | { readonly ok: false; readonly reason: string; readonly facts: Facts }

/** Leaves the row at the first thing that cannot be taken over as it stands. */
class Wrong extends Error {
  readonly facts: Facts
  constructor(reason: string, facts: Facts = {}) {
    super(reason)
    this.facts = facts
  }
}

/** What one row says, or why it cannot be taken. `now`: nothing was approved later. */
export function readRow(row: FileRow, account: OpenAccount, allMethod: ImportMethod | null, now: Instant): ReadRow {
  if (row.problem) return { ok: false, reason: row.problem.reason, facts: { column: row.problem.column } }
  try {
    return { ok: true, ...paymentOf(row, account, allMethod, now) }
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, reason: error.message, facts: error.facts }
    throw error
  }
}

const cell = ({ cells }: FileRow, field: ImportField): string => cells[field] ?? ''
const given = (row: FileRow, field: ImportField): string | undefined => cell(row, field) || undefined

/** Of one length each, so that no other column is taken for it, and no zero can be lost from it. */
const numberForms: Readonly<Record<Gateway, RegExp | null>> = {
  kcp: /^[0-9A-Z]{14}$/i,
  ksnet: /^[0-9A-Z]{12}$/i,
  portone: null,
}
export const numberOf = (row: FileRow): string => cell(row, 'number')

function paymentOf(row: FileRow, { call, connector }: OpenAccount, allMethod: ImportMethod | null, now: Instant) {
  const channel = connector.channelOf?.(call.credentials)
  if (!channel) throw new Error(`${connector.gateway} has no channel of its own`)
  const number = numberOf(row)
  if (number === '') throw new Wrong('no_number')
  if (!numberForms[connector.gateway]?.test(number)) throw new Wrong('number_form')
  const { method, facts } = methodOf(row, allMethod)
  const paid = isPaid(row, method)
  const total = moneyOf(row, 'amount')
  if (total === null || total === 0) throw new Wrong('amount')
  const taxFree = moneyOf(row, 'taxFree')
  if (taxFree !== null && taxFree > total) throw new Wrong('tax_free')
  const approvedAt = approvedAtOf(row)
  if (approvedAt > plus(now, DAY_MS)) throw new Wrong('future')
  const payment: GatewayPayment = {
    paymentId: number,
    transactionId: null,
    orderNumber: given(row, 'orderNumber')?.slice(0, 100) ?? null,
    storeKey: connector.storeKeyOf(call.credentials),
    channelKey: channel.key,
    channelType: null,
    pg: channel.pg,
    mid: channel.mid,
    pgTxId: number,
    status: paid ? 'PAID' : 'ISSUED',
    method,
    methodFacts: { ...facts, ...cardFacts(row, method) },
    approvalNumber: given(row, 'approvalNumber') ?? null,
    currency: 'KRW',
    total,
    taxFree: taxFree ?? minor(0),
    discount: minor(0),
    paid: paid ? total : minor(0),
    cancelled: minor(0),
    cancelledTaxFree: minor(0),
    orderName: given(row, 'orderName') ?? given(row, 'orderNumber') ?? '',
    requestedAt: approvedAt,
    approvedAt,
    paidAt: paid ? approvedAt : null,
    receiptUrl: null,
    escrow: isEscrow(row) ? { status: 'BEFORE_REGISTERED' } : null,
    cashReceipt: null,
    cancellations: [],
    personal: { name: given(row, 'buyer'), phone: given(row, 'phone'), email: given(row, 'email') },
  }
  return { payment, taxFreeSaid: taxFree !== null }
}

function moneyOf(row: FileRow, field: 'amount' | 'taxFree') {
  const text = cell(row, field)
  if (text === '') return null
  const read = parseMoney(text, 'KRW')
  if (read === null) throw new Wrong(field === 'amount' ? 'amount' : 'tax_free')
  return read
}

const bare = (text: string): string => text.replace(/\s/g, '').toLowerCase()
const wordsFor = <Value>(table: readonly (readonly [Value, readonly string[]])[]): ReadonlyMap<string, Value> =>
  new Map(table.flatMap(([value, words]) => words.map((word) => [word, value] as const)))

const methodWords = wordsFor<Method>([
  ['CARD', ['신용카드', '카드', '체크카드', '카드결제', 'isp', 'mpi', 'card', 'paca']],
  ['TRANSFER', ['계좌이체', '실시간계좌이체', '이체', 'bank', 'pabk']],
  ['VIRTUAL_ACCOUNT', ['가상계좌', '무통장입금', 'vcnt', 'pavc']],
  ['MOBILE', ['휴대폰', '휴대폰결제', '휴대전화', '휴대전화결제', '핸드폰', 'mobx', 'pamc']],
  ['EASY_PAY', ['간편결제', '간편결제(카드)']],
])
const wallets = wordsFor<string>([
  ['KAKAOPAY', ['카카오페이']],
  ['NAVERPAY', ['네이버페이']],
  ['TOSSPAY', ['토스페이']],
  ['PAYCO', ['페이코', 'payco']],
  ['SSGPAY', ['ssg페이', 'ssgpay']],
  ['LPAY', ['엘페이', 'l.pay', 'lpay']],
  ['SAMSUNGPAY', ['삼성페이']],
  ['APPLEPAY', ['애플페이']],
])

function methodOf(row: FileRow, allMethod: ImportMethod | null): { method: Method; facts: MethodFacts } {
  const text = cell(row, 'method')
  if (text === '' && allMethod !== null) return { method: allMethod, facts: {} }
  if (text === '') throw new Wrong('no_method')
  const named = methodNamed(text)
  if (named === null) throw new Wrong('method_unknown', { text: text.slice(0, 40) })
  return named
}

/** Null for a word nobody knows. */
export function methodNamed(text: string): { method: Method; facts: MethodFacts } | null {
  const provider = wallets.get(bare(text))
  if (provider !== undefined) return { method: 'EASY_PAY', facts: { easyPay: { provider } } }
  const method = methodWords.get(bare(text))
  return method === undefined ? null : { method, facts: {} }
}

const APPROVED = new Set(['승인', '승인완료', '승인성공', '정상', '정상승인', '정상처리', 'stsr', 'approved'])
const PAID = new Set(['입금완료', '입금', '결제완료', '완료', '매입', '매입요청', '매입완료', '정산완료', 'paid'])
const ISSUED = new Set(['입금대기', '입금전', '미입금', '발급', '발급완료', '계좌발급', '채번', '채번완료'])
const CANCELLED = /취소|환불|반품|cancel|refund|^st[sp]c$/i

const PARTLY = /부분|일부|part/i
const REFUSED = /실패|거절|오류|불가|fail|declin|reject/i

export type NamedStatus = 'unsaid' | 'approved' | 'paid' | 'issued' | 'cancelled' | 'partly_cancelled' | 'refused'
/** Null for a word nobody knows. */
export function statusNamed(text: string): NamedStatus | null {
  const status = bare(text)
  if (status === '') return 'unsaid'
  if (REFUSED.test(status)) return 'refused'
  if (CANCELLED.test(status)) return PARTLY.test(status) ? 'partly_cancelled' : 'cancelled'
  if (APPROVED.has(status)) return 'approved'
  if (PAID.has(status)) return 'paid'
  return ISSUED.has(status) ? 'issued' : null
}

/** A cancel in the row itself, or money that went the other way. */
export const isCancelRow = (row: FileRow): boolean =>
  CANCELLED.test(bare(cell(row, 'status'))) || cell(row, 'amount').startsWith('-')

/** Where the file does not say, a virtual account was only issued: what came in is told by the gateway. */
function isPaid(row: FileRow, method: Method): boolean {
  const status = bare(cell(row, 'status'))
  const account = method === 'VIRTUAL_ACCOUNT'
  if (isCancelRow(row)) throw new Wrong('cancelled')
  if (status === '' || APPROVED.has(status)) return !account
  if (PAID.has(status)) return true
  if (ISSUED.has(status) && account) return false
  throw new Wrong(ISSUED.has(status) ? 'not_approved' : 'status_unknown', { text: cell(row, 'status').slice(0, 40) })
}

const YES = new Set(['y', 'yes', 'o', '1', '예', '사용', '에스크로', '적용'])
const NO = new Set(['', 'n', 'no', 'x', '0', '-', '아니오', '미사용', '일반', '미적용'])
function isEscrow(row: FileRow): boolean {
  const text = bare(cell(row, 'escrow'))
  if (!YES.has(text) && !NO.has(text)) throw new Wrong('escrow_unknown', { text: cell(row, 'escrow').slice(0, 40) })
  return YES.has(text)
}

function cardFacts(row: FileRow, method: Method): MethodFacts {
  if (method !== 'CARD' && method !== 'EASY_PAY') return {}
  const number = given(row, 'cardNumber')
  const instalment = cell(row, 'instalment').replace(/\s*개월$/, '')
  const months = /^(?:일시불|)$/.test(instalment) ? '0' : instalment
  return {
    card: {
      issuer: given(row, 'issuer')?.slice(0, 40),
      number: number === undefined ? undefined : maskCard(number),
      instalmentMonths: row.cells.instalment !== undefined && /^\d{1,2}$/.test(months) ? Number(months) : undefined,
    },
  }
}

const COMPACT = /^(20\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?$/
const SPACED = /^(20\d\d)[-./] ?(\d{1,2})[-./] ?(\d{1,2})\.?(?:[T ] *(.+))?$/
const CLOCK = /^(?:(오전|오후|am|pm) ?)?(\d{1,2}):?(\d\d)(?::?(\d\d))?(?:\.0+)?$/i
const two = (text: string): string => text.padStart(2, '0')

/** In Seoul. A day without a time says too little: rules ask for the hour. */
function approvedAtOf(row: FileRow): Instant {
  const text = cell(row, 'approvedAt')
  if (text === '') throw new Wrong('no_time')
  const read = timeNamed(text, cell(row, 'approvedTime'))
  if (read === null) throw new Wrong('time_form', { text: text.slice(0, 40) })
  if (!read.clock) throw new Wrong('no_clock')
  return read.at
}

/** A time in Seoul, of a day alone its beginning. Null for what is none. */
export function timeNamed(text: string, time: string): { readonly at: Instant; readonly clock: boolean } | null {
  const [, year, month, day, hour, minute, second] = COMPACT.exec(text) ?? []
  const spaced = SPACED.exec(text)
  const date = spaced
    ? `${spaced[1]}-${two(spaced[2] ?? '')}-${two(spaced[3] ?? '')}`
    : year === undefined
      ? null
      : `${year}-${month}-${day}`
  if (date === null) return null
  const own = spaced ? (spaced[4] ?? '') : hour === undefined ? '' : `${hour}:${minute}:${second ?? '00'}`
  const said = time || own
  const at = parseKst(`${date} ${said === '' ? '00:00:00' : clockOf(said)}`)
  return at === null ? null : { at, clock: said !== '' }
}

/** `14:03:22`; empty for what is no time. */
function clockOf(text: string): string {
  const [, half, hours = '', minutes = '', seconds = '00'] = CLOCK.exec(text) ?? []
  if (hours === '') return ''
  const late = /오후|pm/i.test(half ?? '')
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (late ? 12 : 0)
  return `${two(String(hour))}:${minutes}:${seconds}`
}
