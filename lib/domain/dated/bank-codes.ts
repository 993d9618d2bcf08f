import { bankOf, banks, currentBank, mergedBanks, type Bank } from '../banks.ts'
import type { KstDate } from '../kst.ts'
import { covers, undated, type Conflict, type Dated } from './dated.ts'

/**
 * Bank codes by who lists them, and for which banks KSNET issued virtual accounts, by day (rules ACCOUNT-BANKS, VA-BANKS, VA-CITI).
 * Names and what they became come from the one bank table (`banks.ts`); here stands only what that one does not hold.
 */

/** In KSNET's table (KSPAY smartphone module guide, appendix 3) and nowhere else: banks that are gone, and its own numbers. */
const onlyKsnet = [
  { code: '01', ko: '한국은행', en: 'Bank of Korea' },
  { code: '08', ko: '수출입은행', en: 'Export-Import Bank' },
  { code: '09', ko: '장기신용은행', en: 'Long-Term Credit Bank' },
  { code: '10', ko: '신농협중앙', en: 'NACF (newer number)' },
  { code: '13', ko: '농협 회원조합', en: 'NongHyup members' },
  { code: '14', ko: '농협 회원조합', en: 'NongHyup members' },
  { code: '15', ko: '농협 회원조합', en: 'NongHyup members' },
  { code: '16', ko: '축협중앙', en: 'NLCF' },
  { code: '22', ko: '상업은행', en: 'Commercial Bank of Korea' },
  { code: '24', ko: '한일은행', en: 'Hanil Bank' },
  { code: '28', ko: '동화은행', en: 'Donghwa Bank' },
  { code: '29', ko: '동남은행', en: 'Dongnam Bank' },
  { code: '30', ko: '대동은행', en: 'Daedong Bank' },
  { code: '33', ko: '충청은행', en: 'Chungchong Bank' },
  { code: '36', ko: '경기은행', en: 'Kyungki Bank' },
  { code: '38', ko: '강원은행', en: 'Kangwon Bank' },
  { code: '40', ko: '충북은행', en: 'Chungbuk Bank' },
  { code: '76', ko: '신용보증', en: 'Credit guarantee fund' },
  { code: '82', ko: '보람은행', en: 'Boram Bank' },
  { code: '93', ko: '새마을금고', en: 'MG (KFCC)' },
] as const

const words = (text: string) => text.split(' ')
const inKsnet = new Set<string>([
  ...onlyKsnet.map(({ code }) => code),
  ...words('02 03 04 05 06 07 11 12 20 21 23 25 26 27 31 32 34 35 37 39 53 71 81 83'),
])

/** KCP's account check guide 2.0.1, chapter 6, with the old numbers below its table. */
const inKcp = new Set([
  ...words('02 03 04 07 11 20 23 27 31 32 34 35 37 39 45 48 54 64 71 81 88 89 90'),
  ...mergedBanks.map(({ code }) => code),
])
/** Days on which the guide took a bank in; of the others it names none. */
const kcpSince: Readonly<Record<string, string>> = { '90': '2017-08-17' }

const conflictOf: Readonly<Record<string, Conflict>> = {
  '27': 'bankCiti',
  '53': 'bankCiti',
  '35': 'bankSwapped',
  '71': 'bankSwapped',
  '45': 'bankKfcc',
  '93': 'bankKfcc',
  '26': 'bankShinhan',
  '88': 'bankShinhan',
}

export type BankCodeRow = {
  readonly code: string
  readonly ko: string
  readonly en: string
  readonly ksnet: boolean
  readonly kcp: boolean
  /** Since when, where KCP's guide names a day. */
  readonly kcpSince: string | null
  /** PortOne REST V2 1.16; null where it has none. */
  readonly portone: string | null
  /** What the bank became, for an old code. */
  readonly into: Bank | null
  readonly conflict: Conflict | null
}

type Named = Pick<BankCodeRow, 'code' | 'ko' | 'en'> & Partial<Pick<Bank, 'portone'>>
const byCode = (one: Named, other: Named) => one.code.length - other.code.length || (one.code < other.code ? -1 : 1)
const named: readonly Named[] = [...banks, ...mergedBanks, ...onlyKsnet].toSorted(byCode)

/** All bank codes, and in whose table each stood on that day. */
export const bankCodesOn = (day: KstDate): readonly BankCodeRow[] =>
  named.map(({ code, ko, en, portone }) => {
    const since = kcpSince[code] ?? null
    return {
      code,
      ko,
      en,
      ksnet: inKsnet.has(code),
      kcp: inKcp.has(code) && covers({ from: since, to: null }, day),
      kcpSince: since,
      portone: portone ?? null,
      into: bankOf(code) === undefined ? currentBank(code) : null,
      conflict: conflictOf[code] ?? null,
    }
  })

export type VaState = 'issues' | 'deposits' | 'ended'
type VaHeld = Dated & { readonly state: VaState }

/** KSNET's notice on Citi virtual accounts, 3) timetable. */
const citi: readonly VaHeld[] = [
  { from: null, to: '2022-05-14', state: 'issues', source: 'citi', conflict: 'citiFifteenMay' },
  { from: '2022-05-15', to: '2022-05-22', state: 'deposits', source: 'citi', conflict: 'citiFifteenMay' },
  { from: '2022-05-23', to: null, state: 'ended', source: 'citi', conflict: 'citiBegin' },
]
const others: readonly VaHeld[] = [{ ...undated, state: 'issues', source: 'citi' }]

/** In the order of the selection in KSNET's socket sample, with the numbers it uses. */
const vaBanks = ['04', '05', '11', '26', '20', '23', '03', '71', '27', '32', '37', '39', '31', '34'] as const

const heldOn = (code: string, day: KstDate): VaHeld | null =>
  (code === '27' ? citi : others).find((held) => covers(held, day)) ?? null

/** What KSNET's virtual accounts of a bank could do on that day, by the bank's present or old code; null for one it does not list. */
export function vaStateOf(code: string, day: KstDate): VaState | null {
  const today = currentBank(code)?.code
  const own = vaBanks.find((one) => today !== undefined && currentBank(one)?.code === today)
  return own === undefined ? null : (heldOn(own, day)?.state ?? null)
}

export type VaBankRow = Pick<BankCodeRow, 'code' | 'ko' | 'en' | 'into'> & { readonly held: VaHeld }
/** The banks a buyer could have chosen from, and Citi with what became of it. */
export const vaBanksOn = (day: KstDate): readonly VaBankRow[] =>
  vaBanks.flatMap((code) => {
    const [row, held] = [bankCodesOn(day).find((one) => one.code === code), heldOn(code, day)]
    return row && held ? [{ code, ko: row.ko, en: row.en, into: row.into, held }] : []
  })
