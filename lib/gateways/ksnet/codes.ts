import type { DeclineReason } from '#lib/domain/outcome.ts'
import type { Method } from '#lib/domain/payment.ts'

/**
 * What KSNET's refusals of a cancel mean. Sources: [CARD] KSNET's table of card response codes (2020-12), which is about cards;
 * [REST] its REST reference; [LOG] thirteen exchanges in a shop's log of 2015. A row speaks for its way, its methods, its code
 * and, where it says so, its words: 7003 is "no such payment" in the table and "period over" in the reference. For mobile, and for
 * transfers and accounts by socket, no code is published, so every refusal of theirs is left to people.
 *
 * Whatever stands in no row leaves the outcome unknown, and so, on purpose, do: 7001, P10Q and whatever says 기취소 (cancelled
 * before: by whom is not said); 7803, 8380, 8381, P1D1, X102, X103, A0500, A0999 (it did not end, or the answer is lost); P10G, P10I,
 * P105, P10H (may speak of the same cancel, made a moment ago); 6101 for a part (the log has it after a part for the whole only).
 */
export type Refusal = {
  readonly by: readonly ('socket' | 'rest')[]
  readonly methods: readonly Method[]
  readonly code: string
  readonly saying?: RegExp
  /** Only where the whole was asked for. */
  readonly wholeOnly?: true
  readonly reason: DeclineReason
}

const both = ['socket', 'rest'] as const
const card = ['CARD', 'EASY_PAY'] as const
const byCard = (code: string, reason: DeclineReason, saying?: RegExp): Refusal => ({
  by: both,
  methods: card,
  code,
  reason,
  ...(saying && { saying }),
})
const byRest = (code: string, reason: DeclineReason): Refusal => ({
  by: ['rest'],
  methods: [...card, 'TRANSFER'],
  code,
  reason,
})

export const refusals: readonly Refusal[] = [
  // [CARD] No such payment, or no longer.
  byCard('7003', 'outside_window', /기간\s*경과/), // [REST] 취소거절기간경과
  byCard('7003', 'not_found', /원거래\s*없음/),
  byCard('P10O', 'not_found'),
  byCard('P10B', 'not_found'),
  byCard('P118', 'outside_window'),
  byCard('P10L', 'outside_window'),
  // [CARD] The store.
  byCard('7978', 'not_contracted'),
  byCard('7979', 'not_contracted'),
  byCard('P001', 'not_contracted'),
  byCard('P002', 'not_contracted'),
  // [CARD] Not now: the cards of the day are being handed over.
  byCard('P10F', 'too_early'),
  // [CARD] How it was written.
  byCard('8009', 'bad_request'),
  byCard('8038', 'bad_request'),
  byCard('X101', 'bad_request'),
  // [LOG] The whole after a part; and the payment of another store.
  { by: ['socket'], methods: card, code: '6101', wholeOnly: true, reason: 'not_allowed' },
  { by: ['socket'], methods: card, code: '6051', reason: 'not_found' },
  // [REST]
  { by: ['rest'], methods: ['TRANSFER'], code: '994', saying: /원거래\s*없음/, reason: 'not_found' },
  byRest('A0400', 'bad_request'),
  byRest('A0401', 'credentials'),
  byRest('A0403', 'credentials'),
]

export type Refused = {
  readonly by: 'socket' | 'rest'
  readonly method: Method
  readonly whole: boolean
  readonly code: string
  readonly message: string
}

export const refusalReason = ({ by, method, whole, code, message }: Refused): DeclineReason | null =>
  refusals.find(
    (row) =>
      row.code === code &&
      row.by.includes(by) &&
      row.methods.includes(method) &&
      (row.saying?.test(message) ?? true) &&
      (whole || row.wholeOnly === undefined),
  )?.reason ?? null

/** Cancelled before: KSNET answers so with a status of success too, by socket (log) and by REST (P10Q). */
export const saysBefore = (code: string, message: string): boolean =>
  code === '7001' || code === 'P10Q' || /(?:기|이미)\s*취소/.test(message)

/** A status of success beside such words is none. */
export const saysNo = (message: string): boolean => /거절|거부|실패|오류|불가/.test(message)
