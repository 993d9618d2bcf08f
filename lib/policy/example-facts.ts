/** Facts for tests: one plain payment, and every route. */
import { instant, type Instant } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import type { CancelFacts } from './cancel-facts.ts'

export const at = (iso: string): Instant => instant(Date.parse(iso))

type Route = Pick<CancelFacts, 'gateway' | 'pg' | 'mode'>
export const routes = {
  'PortOne+KSNET': { gateway: 'portone', pg: 'KSNET', mode: 'portone' },
  'PortOne+KCP': { gateway: 'portone', pg: 'KCP', mode: 'portone' },
  'PortOne+other': { gateway: 'portone', pg: 'OTHER', mode: 'portone' },
  'KSNET page': { gateway: 'ksnet', pg: 'KSNET', mode: 'page' },
  'KSNET socket': { gateway: 'ksnet', pg: 'KSNET', mode: 'socket' },
  'KSNET REST': { gateway: 'ksnet', pg: 'KSNET', mode: 'rest' },
  'KCP REST': { gateway: 'kcp', pg: 'KCP', mode: 'rest' },
  'KCP module': { gateway: 'kcp', pg: 'KCP', mode: 'module' },
} as const satisfies Record<string, Route>

/** A card payment of 12,000 won, paid and asked about on the same day at noon; nothing cancelled yet. */
export const plain: CancelFacts = {
  now: at('2026-11-21T12:00:00+09:00'),
  ...routes['PortOne+KSNET'],
  method: 'CARD',
  testStore: false,
  unverified: false,
  status: 'PAID',
  paidAt: at('2026-11-21T11:00:00+09:00'),
  received: minor(12_000),
  receivedTaxFree: minor(0),
  refunded: minor(0),
  refundedTaxFree: minor(0),
  byHand: minor(0),
  open: minor(0),
  openTaxFree: minor(0),
  openCount: 0,
  partials: 0,
  discount: minor(0),
  contract: { vaRefund: true },
  escrow: null,
  credentialsReady: true,
  programReady: true,
  refundAccount: 'proven',
  kind: 'CANCEL',
  amount: null,
  taxFree: null,
}

export const facts = (changes: Partial<CancelFacts>): CancelFacts => ({ ...plain, ...changes })
