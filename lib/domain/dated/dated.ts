import type { KstDate } from '../kst.ts'

/**
 * Days in Seoul (`YYYY-MM-DD`), both counted in. `null`: the documents name no day, so it held as far back, or holds as long, as
 * they tell.
 */
export type Span = { readonly from: string | null; readonly to: string | null }

export const undated = { from: null, to: null } as const satisfies Span
export const covers = ({ from, to }: Span, day: KstDate): boolean =>
  (from === null || from <= day) && (to === null || day <= to)

/** What the dated facts stand on, document and part; named under `dated.source`. */
export type Source =
  | 'citi'
  | 'jeju'
  | 'moduleCards'
  | 'moduleAuth'
  | 'moduleBanks'
  | 'module'
  | 'portone'
  | 'kcpBanks'
  | 'bankTable'
  | 'ksnetCodes'
  | 'ksnetRest'
  | 'ksnetSeen'
  | 'kcpCodes'
  | 'kcpModule'
  | 'kcpRest'

/** Where documents contradict each other, or themselves; each is told, with what is taken, under `dated.conflict`. */
export type Conflict =
  | 'citiFifteenMay'
  | 'citiBegin'
  | 'jejuCard'
  | 'jejuParallel'
  | 'gwangjuCard'
  | 'nhCard'
  | 'suhyupCard'
  | 'chohungCard'
  | 'bankCiti'
  | 'bankSwapped'
  | 'bankKfcc'
  | 'bankShinhan'
  | 'code7003'
  | 'codeP10Q'

/** When something holds, and who says so. */
export type Dated = Span & { readonly source: Source; readonly conflict?: Conflict }
