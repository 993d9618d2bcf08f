import { parseKstDate, type KstDate } from '../kst.ts'
import type { Gateway, Mode } from '../payment.ts'
import { cardCompanies } from './cards.ts'
import type { Dated } from './dated.ts'

/** What a gateway told its merchants to change, by when (rules VA-CITI, CARD-AUTH, CHANNEL-MODE). Sentences under `bulletins`. */
export type Stage = Dated & { readonly id: 'before' | 'between' | 'after' }
export type Bulletin = {
  readonly id: 'citiVa' | 'jejuCard'
  /** From the oldest to the last. */
  readonly stages: readonly Stage[]
  /** What somebody at a socket shop changes, in turn; `code`: the line as KSNET's sample has it. */
  readonly steps: readonly { readonly id: string; readonly code?: string }[]
  /** What stays, and what people ask. */
  readonly asides: readonly string[]
  /** What the one box finds of it. */
  readonly search: string
}

export const bulletins: readonly Bulletin[] = [
  {
    id: 'citiVa',
    stages: [
      { id: 'before', from: null, to: '2022-05-14', source: 'citi' },
      { id: 'between', from: '2022-05-15', to: '2022-05-22', source: 'citi', conflict: 'citiFifteenMay' },
      { id: 'after', from: '2022-05-23', to: null, source: 'citi', conflict: 'citiBegin' },
    ],
    steps: [
      { id: 'file' },
      { id: 'option', code: '<option value="27">시티은행(27)</option>' },
      { id: 'renamed' },
      { id: 'nothingElse' },
    ],
    asides: ['stays', 'refunds', 'late'],
    search: '수단:가상계좌 은행:씨티은행',
  },
  {
    id: 'jejuCard',
    stages: [
      { id: 'before', from: null, to: '2013-03-31', source: 'jeju' },
      { id: 'between', from: '2013-04-01', to: '2013-05-01', source: 'jeju', conflict: 'jejuParallel' },
      { id: 'after', from: '2013-05-02', to: null, source: 'jeju', conflict: 'jejuCard' },
    ],
    steps: [{ id: 'mpi' }, { id: 'isp' }, { id: 'nothingElse' }, { id: 'test' }],
    asides: ['hosting', 'phones'],
    search: '카드사:제주카드',
  },
]

/** Every day from which something else holds, oldest first. */
export const changeDays: readonly KstDate[] = [
  ...new Set(
    [...bulletins, ...cardCompanies.map(({ auth }) => ({ stages: auth }))]
      .flatMap(({ stages }) => stages.map(({ from }) => from))
      .flatMap((from) => parseKstDate(from ?? '') ?? []),
  ),
].toSorted()

/** `touched`: somebody must change the shop. `check`: the documents do not say, or it depends on how the shop is built. */
export type Touch = 'touched' | 'check' | 'untouched'
/** Why: the key of the sentence. `none`: another gateway's contract. */
type TouchWhy = 'socket' | 'page' | 'rest' | 'portone' | 'none'
type Touched = { readonly touch: Touch; readonly why: TouchWhy }

/** `pg` as the channel has it: through PortOne a channel may be of any gateway. */
export function touchOf(
  bulletin: Bulletin['id'],
  channel: { readonly gateway: Gateway; readonly mode: Mode; readonly pg: string },
): Touched {
  if (!/ksnet/i.test(channel.pg)) return { touch: 'untouched', why: 'none' }
  switch (channel.mode) {
    case 'socket':
      return { touch: 'touched', why: 'socket' }
    case 'page':
      return { touch: 'untouched', why: 'page' }
    case 'rest':
      return { touch: 'check', why: 'rest' }
    case 'portone':
      // A card is authenticated in KSNET's window alone; a virtual account may also be issued by the shop's server.
      return { touch: bulletin === 'citiVa' ? 'check' : 'untouched', why: 'portone' }
    case 'module':
      return { touch: 'untouched', why: 'none' }
  }
}

/** By what a socket shop's server is known (KSNET's notice on Citi virtual accounts, 2) 2)). */
export const socketSigns = [
  { server: 'Windows', languages: 'ASP', process: 'KSNET_ATX0312.dll' },
  { server: 'Windows', languages: 'JSP, PHP', process: 'KSNET PG SERVICE' },
  { server: 'Linux, Unix', languages: 'ASP, JSP, PHP', process: 'ipgClient' },
] as const

/** Short facts to know, each with its source (rules of the same names). */
export const knowns = [
  { id: 'cardMin', source: 'module' },
  { id: 'cardInterest', source: 'portone' },
  { id: 'cardUsd', source: 'portone' },
  { id: 'cardDup', source: 'module' },
  { id: 'cardIdle', source: 'module' },
  { id: 'limit', source: 'module' },
  { id: 'vaDue', source: 'portone' },
  { id: 'vaContract', source: 'module' },
  { id: 'vaAmount', source: 'module' },
] as const
