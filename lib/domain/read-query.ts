import { addDays, parseKstDate, weekday, type KstDate } from './kst.ts'
import { minor, parseMoney, type Minor } from './money.ts'
import { type Method, type PaymentStatus } from './payment.ts'
import { periodOf, type Period, type Preset } from './period.ts'

/** A status as it can be searched: those of a payment, a cancel under way, something a person must still do. */
export type SearchedStatus = PaymentStatus | 'BUSY' | 'ATTENTION'

export type Condition =
  /** A whole number of any kind: trno, tno, payment id, approval number. */
  | { readonly kind: 'number'; readonly value: string }
  /** Four digits of which nobody said what they are: the end of a telephone number or of a card. */
  | { readonly kind: 'ends'; readonly digits: string }
  /** All digits, or the last four. */
  | { readonly kind: 'phone'; readonly digits: string }
  | { readonly kind: 'card'; readonly digits: string }
  | { readonly kind: 'email'; readonly value: string }
  /** Two or more letters of a buyer's name. A single Latin word may also be a payment's number. */
  | { readonly kind: 'name'; readonly value: string; readonly orNumber: boolean }
  /** In won, both ends included. */
  | { readonly kind: 'amount'; readonly min: Minor | null; readonly max: Minor | null }
  | ({ readonly kind: 'day' } & Period)
  | { readonly kind: 'method'; readonly method: Method; readonly not: boolean }
  | { readonly kind: 'status'; readonly statuses: readonly SearchedStatus[]; readonly not: boolean }
  /** A card company, bank or easy-pay provider, by every name it is stored under. */
  | { readonly kind: 'institution'; readonly stored: readonly string[]; readonly not: boolean }

/** One understood part of the text: where it stood, the text without it, and how else it could be read. */
export type Part = Condition & {
  readonly text: string
  readonly rest: string
  readonly other: { readonly kind: Condition['kind']; readonly q: string } | null
}
export type Reading = {
  readonly parts: readonly Part[]
  readonly unknown: readonly { readonly text: string; readonly rest: string }[]
}

/** What the reading depends on: the day it is read, and the names of institutions (lower case, without spaces). */
export type Known = { readonly today: KstDate; readonly institutions: ReadonlyMap<string, readonly string[]> }

const bare = (text: string): string => text.normalize('NFC').toLowerCase().replace(/\s/g, '')
/** Every word of a list under the value it stands for. */
const table = <Value>(...rows: readonly (readonly [value: Value, words: string])[]): ReadonlyMap<string, Value> =>
  new Map(rows.flatMap(([value, words]) => words.split(' ').map((word) => [word, value] as const)))

const methodWords = table<Method>(
  ['CARD', '카드 신용카드 체크카드 card'],
  ['VIRTUAL_ACCOUNT', '가상계좌 가상 무통장 무통장입금 virtualaccount virtual va'],
  ['TRANSFER', '계좌이체 이체 실시간이체 transfer'],
  ['MOBILE', '휴대폰 휴대폰결제 핸드폰 소액결제 mobile'],
  ['EASY_PAY', '간편결제 간편 페이 easypay'],
  ['OTHER', '기타 other'],
)
const statusWords = table<readonly SearchedStatus[]>(
  [['ISSUED'], '입금대기 미입금 issued'],
  [['PAID'], '승인 결제완료 입금완료 이체완료 완료 paid approved'],
  [['PARTIALLY_REFUNDED'], '부분취소 partial partiallycancelled partiallyrefunded'],
  [['REFUNDED'], '전액취소 cancelled refunded'],
  [['PARTIALLY_REFUNDED', 'REFUNDED'], '취소 취소됨 환불'],
  [['CLOSED'], '말소 closed'],
  [['BUSY'], '취소진행중 진행중 확인중 결과확인중 busy pending unconfirmed'],
  [['ATTENTION'], '확인필요 할일 attention'],
)
type Field = 'number' | 'phone' | 'card' | 'email' | 'name' | 'amount' | 'day' | 'method' | 'status' | 'institution'
const fields = table<Field>(
  ['number', '번호 거래번호 승인번호 결제번호 주문번호 number no id trno tno approval'],
  ['phone', '전화 전화번호 휴대전화 휴대폰 휴대폰번호 핸드폰 연락처 phone tel mobile'],
  ['card', '카드 카드번호 card'],
  ['email', '이메일 메일 email mail'],
  ['name', '이름 구매자 성명 고객 name buyer'],
  ['amount', '금액 결제금액 amount'],
  ['day', '날짜 일자 승인일 day date'],
  ['method', '수단 결제수단 method'],
  ['status', '상태 status'],
  ['institution', '카드사 은행 간편결제사 기관 발급사 issuer bank provider'],
)

/** Of several words where a person would write several; else from space to space. */
const TOKEN = new RegExp(
  [
    String.raw`-?[^\s:："]+[:：]\s*(?:"[^"]*"?|\S+)`,
    '"[^"]*"?',
    String.raw`(?:전화|전화번호|휴대폰|핸드폰|연락처|phone|tel)\s+\+?\d[\d-]{3,}(?!\S)`,
    String.raw`(?:카드|card)\s+\d{4}(?!\S)`,
    String.raw`(?:\+82[\s-]?|0)\d{1,2}[\s-]\d{3,4}[\s-]\d{4}(?!\S)`,
    String.raw`(?:지난|저번|이번)\s+[주달](?!\S)`,
    String.raw`(?:last|this)\s+(?:week|month)(?!\S)`,
    String.raw`\d{1,2}월\s+\d{1,2}일(?!\S)`,
    String.raw`\S+`,
  ].join('|'),
  'giu',
)

/** Whatever is typed is read; what is not understood is said to be so. */
export function readQuery(q: string, known: Known): Reading {
  const tokens = [...q.matchAll(TOKEN)].map((match) => ({ text: match[0], at: match.index }))
  const replaced = (token: { text: string; at: number }, by: string) =>
    `${q.slice(0, token.at)}${by}${q.slice(token.at + token.text.length)}`.replace(/\s+/g, ' ').trim()
  const read = tokens.map((token) => ({ token, condition: readToken(token.text, known, tokens.length === 1) }))
  const said = read.filter(({ condition }) => condition !== null)
  // A payment's number may hold anything, spaces too.
  if (read.length > said.length && said.every(({ condition }) => condition?.kind === 'number'))
    return { parts: [{ kind: 'number', value: q.trim(), text: q.trim(), rest: '', other: otherName(q) }], unknown: [] }
  return {
    parts: said.flatMap(({ token, condition }) => {
      if (condition === null) return []
      const other = otherOf(token.text, condition, known)
      const rest = replaced(token, '')
      return [
        { ...condition, text: token.text, rest, other: other && { kind: other[0], q: replaced(token, other[1]) } },
      ]
    }),
    unknown: read.flatMap(({ token, condition }) =>
      condition === null ? [{ text: token.text, rest: replaced(token, '') }] : [],
    ),
  }
}

function readToken(text: string, known: Known, alone: boolean): Condition | null {
  const [, minus = '', name = '', value = ''] = /^(-?)([^:：]+)[:：]\s*"?([^"]*)"?$/su.exec(text) ?? []
  const field = fields.get(bare(name))
  if (field !== undefined) return readField(field, value.trim(), minus !== '', known)
  if (text.startsWith('-')) return named(text.slice(1), known, true)
  return (
    emailOf(text) ??
    labelled(text) ??
    phoneOf(text) ??
    dayOf(text, known.today) ??
    (/^\d+$/.test(text) ? digitsOf(text) : amountOf(text)) ??
    named(text, known, false) ??
    (text.startsWith('"') ? nameOf(text.replaceAll('"', '')) : wordOf(text, alone))
  )
}

function readField(field: Field, value: string, not: boolean, known: Known): Condition | null {
  const word = bare(value)
  if (not && field !== 'method' && field !== 'status' && field !== 'institution' && field !== 'card') return null
  switch (field) {
    case 'number':
      return value === '' ? null : { kind: 'number', value }
    case 'phone':
      return phoneField(value)
    case 'card':
      return /^\d{4}$/.test(value) && !not ? { kind: 'card', digits: value } : institutionOf(word, known, not)
    case 'email':
      return emailOf(value)
    case 'name':
      return nameOf(value)
    case 'amount':
      return amountOf(value)
    case 'day':
      return dayOf(value, known.today)
    case 'method': {
      const method = methodWords.get(word)
      return method === undefined ? null : { kind: 'method', method, not }
    }
    case 'status': {
      const statuses = statusWords.get(word)
      return statuses === undefined ? null : { kind: 'status', statuses, not }
    }
    case 'institution':
      return institutionOf(word, known, not)
  }
}

/** Words that stand for themselves. */
const named = (text: string, known: Known, not: boolean): Condition | null =>
  readField('method', text, not, known) ??
  readField('status', text, not, known) ??
  institutionOf(bare(text), known, not)

function institutionOf(word: string, { institutions }: Known, not: boolean): Condition | null {
  const stored = institutions.get(word)
  return stored === undefined ? null : { kind: 'institution', stored, not }
}

const emailOf = (text: string): Condition | null =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? { kind: 'email', value: text.toLowerCase() } : null

/** `전화 5678`, `카드 1234`. */
function labelled(text: string): Condition | null {
  const [, label = '', number = ''] = /^(\S+)\s+([+\d][\d-]*)$/u.exec(text) ?? []
  const field = fields.get(bare(label))
  if (field === 'phone') return phoneField(number)
  return field === 'card' && /^\d{4}$/.test(number) ? { kind: 'card', digits: number } : null
}

/** Digits alone, without the country's. */
export const phoneDigits = (text: string): string => text.replace(/\D/g, '').replace(/^820?(?=[1-9]\d{7,9}$)/, '0')
const phoneOf = (text: string): Condition | null =>
  /^\+?[\d .-]+$/.test(text) && /^0\d{8,10}$/.test(phoneDigits(text))
    ? { kind: 'phone', digits: phoneDigits(text) }
    : null

/** Where it is said to be a telephone number, the end will do, and `010` may be left out. */
function phoneField(text: string): Condition | null {
  if (!/^\+?[\d .-]+$/.test(text)) return null
  const digits = phoneDigits(text)
  if (digits.length === 8) return { kind: 'phone', digits: `010${digits}` }
  return digits.length === 4 || /^0\d{8,10}$/.test(digits) ? { kind: 'phone', digits } : null
}

/** Digits without a word beside them. */
function digitsOf(text: string): Condition | null {
  if (text.length === 4) return { kind: 'ends', digits: text }
  return text.length < 8 ? amountOf(text) : { kind: 'number', value: text }
}

const NAME_MAX = 40
/** The letters of a name; too few of them name nobody. */
function nameOf(text: string): Condition | null {
  const value = text.trim()
  const letters = Array.from(value.replace(/\s/g, '')).length
  return letters < 2 || letters > NAME_MAX ? null : { kind: 'name', value, orNumber: false }
}

function wordOf(text: string, alone: boolean): Condition | null {
  if (/^[가-힣]{2,4}$/u.test(text.normalize('NFC')))
    return { kind: 'name', value: text.normalize('NFC').replace(/(?<=..)[님씨]$/u, ''), orNumber: false }
  if (/^[a-z][a-z'.-]*[a-z.]$/i.test(text)) return { kind: 'name', value: text, orNumber: alone }
  return /\d/.test(text) && /^[\x21-\x7e]{5,}$/.test(text) ? { kind: 'number', value: text } : null
}

const AMOUNT_WORDS: ReadonlyMap<string, string> = new Map([
  ['이상', '>='],
  ['이하', '<='],
  ['초과', '>'],
  ['미만', '<'],
])

/** `35000`, `35,000원`, `3만5천원`, `>100000`, `10만원이상`, `1000~5000`. */
function amountOf(text: string): Condition | null {
  const [, from, to] = /^(.+?)(?:~|\.\.)(.+)$/.exec(text) ?? []
  if (from !== undefined && to !== undefined) {
    const [min, max] = [won(from), won(to)]
    return min === null || max === null || min > max ? null : { kind: 'amount', min, max }
  }
  const [, before = '', body = '', after = ''] = /^(>=|<=|[><=≥≤])?(.*?)(이상|이하|초과|미만)?$/su.exec(text) ?? []
  const value = won(body)
  if (value === null || (before !== '' && after !== '')) return null
  switch (before || (AMOUNT_WORDS.get(after) ?? '=')) {
    case '>=':
    case '≥':
      return { kind: 'amount', min: value, max: null }
    case '<=':
    case '≤':
      return { kind: 'amount', min: null, max: value }
    case '>':
      return { kind: 'amount', min: minor(value + 1), max: null }
    case '<':
      return { kind: 'amount', min: null, max: minor(value - 1) }
    default:
      return { kind: 'amount', min: value, max: value }
  }
}

function won(text: string): Minor | null {
  const spoken = /^(?:(\d{1,5})만)?(?:(\d)천)?(\d{1,4})?원?$/u.exec(text.trim())
  const [, tenThousands, thousands, ones = '0'] = spoken ?? []
  if (tenThousands === undefined && thousands === undefined) return parseMoney(text, 'KRW')
  return minor(Number(tenThousands ?? 0) * 10_000 + Number(thousands ?? 0) * 1_000 + Number(ones))
}

const daysBack = table<number>([0, '오늘 금일 today'], [1, '어제 yesterday'], [2, '그제 그저께 엊그제'])
const periods = table<Preset>(
  ['thisWeek', '이번주 금주 thisweek'],
  ['lastWeek', '지난주 저번주 lastweek'],
  ['thisMonth', '이번달 thismonth'],
  ['lastMonth', '지난달 저번달 lastmonth'],
)
const weekdays: readonly string[] = ['일요일', '월요일', '화요일', '수요일', '목요일', '금요일', '토요일']

function dayOf(text: string, today: KstDate): Condition | null {
  const [, from, to] = /^(.+?)(?:~|\.\.)(.+)$/.exec(bare(text)) ?? []
  const [first, last] =
    from === undefined ? [periodFrom(bare(text), today)] : [periodFrom(from, today), periodFrom(to ?? '', today)]
  if (!first || last === null) return null
  const period = { from: first.from, to: (last ?? first).to }
  return period.from > period.to ? null : { kind: 'day', ...period }
}

function periodFrom(word: string, today: KstDate): Period | null {
  const preset = periods.get(word)
  if (preset !== undefined) return periodOf(preset, today)
  const day = dayBack(word, today) ?? written(word, today)
  return day === null ? null : { from: day, to: day }
}

function dayBack(word: string, today: KstDate): KstDate | null {
  const back = daysBack.get(word) ?? /^(\d{1,3})일전$/u.exec(word)?.[1]
  if (back !== undefined) return addDays(today, -Number(back))
  const wanted = weekdays.indexOf(word)
  return wanted < 0 ? null : addDays(today, -((weekday(today) - wanted + 7) % 7))
}

const YEARS_BACK = 8
/** `2026-11-20`, `26.11.20`, `11/20`, `11월20일`; without a year the last one that has been. */
function written(word: string, today: KstDate): KstDate | null {
  const [, year, month = '', day = ''] =
    /^(?:(\d{4}|\d{2})[-/.])?(\d{1,2})[-/.](\d{1,2})$/.exec(word) ??
    /^(?:(\d{4})년)?(\d{1,2})월(\d{1,2})일$/u.exec(word) ??
    []
  const of = (in_: string) => calendarDay(`${in_}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  if (month === '') return null
  if (year !== undefined) return of(year.padStart(4, '20'))
  const thisYear = Number(today.slice(0, 4))
  for (let back = 0; back <= YEARS_BACK; back += 1) {
    const found = of(String(thisYear - back))
    if (found !== null && found <= today) return found
  }
  return null
}

/** Days that a payment can have. */
function calendarDay(text: string): KstDate | null {
  const day = parseKstDate(text)
  return day !== null && day >= '1990-01-01' && day < '2100-01-01' ? day : null
}

const otherName = (q: string): Part['other'] =>
  nameOf(q) === null || /[\d:"@]/.test(q) ? null : { kind: 'name', q: `이름:"${q.trim()}"` }

/** The other thing the same text may well mean, written so that it can only mean that. */
function otherOf(text: string, { kind }: Condition, known: Known): readonly [Condition['kind'], string] | null {
  if (/[:："]/.test(text)) return null
  if (kind === 'ends') return ['amount', `금액:${text}`]
  if (kind === 'phone' && /^\d+$/.test(text)) return ['number', `번호:${text}`]
  if (kind === 'amount' && /^\d+$/.test(text)) {
    const day = written(text.replace(/^(\d\d)(\d\d)(\d\d)$/, '$1.$2.$3'), known.today)
    return day === null ? ['number', `번호:${text}`] : ['day', `날짜:${day}`]
  }
  if (kind === 'number' && /^\d{8}$/.test(text)) {
    const day = calendarDay(text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'))
    return day === null ? ['amount', `금액:${text}`] : ['day', `날짜:${day}`]
  }
  const isWord = kind === 'institution' || kind === 'method' || kind === 'status'
  return isWord && /^[가-힣]{2,4}$/u.test(text) ? ['name', `이름:${text}`] : null
}
