import type { KstDate } from '../kst.ts'
import { covers, undated, type Conflict, type Dated } from './dated.ts'

/**
 * Card companies as KSNET numbers them, and by what each authenticated a card in a browser, by day (rules CARD-CODES, CARD-AUTH).
 * KSPAY smartphone module guide, appendix 2: a table (ISP, MPI, remarks with dates) and below it a list; the Jeju card's change from
 * its own notice. Where table and list disagree the list is taken, for Jeju the notice. Nothing tells of changes after May 2013.
 */
type CardAuth = 'ISP' | 'MPI'
type CardUse = 'approves' | 'cancels' | 'declines'
type CardCompany = {
  /** Two digits. */
  readonly code: string
  readonly ko: string
  readonly en: string
  readonly use: CardUse
  /** Without an entry neither is named. */
  readonly auth: readonly (Dated & { readonly by: readonly CardAuth[] })[]
  readonly conflict?: Conflict
}

const listed = (...by: CardAuth[]): CardCompany['auth'] => [{ ...undated, by, source: 'moduleAuth' }]
/** From MPI to ISP on a day that the table's remark names. */
const changed = (last: string, first: string): CardCompany['auth'] => [
  { from: null, to: last, by: ['MPI'], source: 'moduleCards' },
  { from: first, to: null, by: ['ISP'], source: 'moduleCards' },
]
const approves = 'approves' as const

export const cardCompanies: readonly CardCompany[] = [
  { code: '01', ko: '비씨카드', en: 'BC Card', use: approves, auth: listed('ISP') },
  { code: '02', ko: '국민카드', en: 'KB Kookmin Card', use: approves, auth: listed('ISP') },
  { code: '03', ko: '외환카드', en: 'KEB Card', use: approves, auth: listed('MPI') },
  { code: '04', ko: '삼성카드', en: 'Samsung Card', use: approves, auth: listed('MPI') },
  { code: '05', ko: '신한카드', en: 'Shinhan Card', use: approves, auth: listed('MPI') },
  { code: '08', ko: '현대카드', en: 'Hyundai Card', use: approves, auth: listed('MPI') },
  { code: '09', ko: '롯데카드', en: 'Lotte Card', use: approves, auth: listed('MPI') },
  { code: '11', ko: '한미은행', en: 'KorAm Bank', use: approves, auth: listed('MPI') },
  {
    code: '12',
    ko: '수협카드',
    en: 'Suhyup Card',
    use: approves,
    auth: changed('2012-10-24', '2012-10-25'),
    conflict: 'suhyupCard',
  },
  { code: '14', ko: '우리카드', en: 'Woori Card', use: approves, auth: listed('ISP') },
  { code: '15', ko: 'NH농협카드', en: 'NH Card', use: approves, auth: listed('MPI'), conflict: 'nhCard' },
  {
    code: '16',
    ko: '제주카드',
    en: 'Jeju Card',
    use: approves,
    auth: [
      { from: null, to: '2013-03-31', by: ['MPI'], source: 'jeju' },
      { from: '2013-04-01', to: '2013-05-01', by: ['ISP', 'MPI'], source: 'jeju', conflict: 'jejuParallel' },
      { from: '2013-05-02', to: null, by: ['ISP'], source: 'jeju' },
    ],
    conflict: 'jejuCard',
  },
  { code: '17', ko: '광주카드', en: 'Gwangju Card', use: approves, auth: listed('ISP'), conflict: 'gwangjuCard' },
  { code: '18', ko: '전북카드', en: 'Jeonbuk Card', use: approves, auth: changed('2012-12-17', '2012-12-18') },
  { code: '19', ko: '조흥은행', en: 'Chohung Bank', use: 'cancels', auth: [], conflict: 'chohungCard' },
  { code: '23', ko: '주택은행', en: 'Housing & Commercial Bank', use: 'declines', auth: [] },
  { code: '24', ko: '하나카드(하나SK)', en: 'Hana Card (Hana SK)', use: approves, auth: listed('MPI') },
  { code: '25', ko: '해외카드사', en: 'Overseas issuers', use: approves, auth: [] },
  { code: '26', ko: '씨티카드', en: 'Citi Card', use: approves, auth: listed('MPI') },
  { code: '99', ko: '기타', en: 'Others', use: approves, auth: [] },
]

/** As some of KSNET's messages write it. */
export const sixDigits = (code: string): string => `0100${code}`

export type CardOn = CardCompany & { readonly now: CardCompany['auth'][number] | null }
/** Every card company, with what was used on that day. */
export const cardsOn = (day: KstDate): readonly CardOn[] =>
  cardCompanies.map((card) => ({ ...card, now: card.auth.find((held) => covers(held, day)) ?? null }))
