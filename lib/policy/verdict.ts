import type { Instant } from '#lib/domain/kst.ts'
import type { Facts } from '#lib/domain/problem.ts'

/** The rules a verdict can speak for: ids of the gateways' rules, then the sums that always hold. */
export type RuleId =
  | 'CANCEL-COUNT'
  | 'CANCEL-MOBILE'
  | 'CANCEL-MOBILE-MONTH'
  | 'CANCEL-WINDOW'
  | 'CANCEL-VA-HOURS'
  | 'CANCEL-VA-CONTRACT'
  | 'CANCEL-VA-DIRECT'
  | 'CANCEL-ACCOUNT'
  | 'CANCEL-VA-UNPAID'
  | 'CANCEL-TRANSFER'
  | 'CANCEL-AFTER-PARTIAL'
  | 'CANCEL-TAX'
  | 'CANCEL-KEY'
  | 'CANCEL-KCP-REST'
  | 'CANCEL-KSNET-WAY'
  | 'CANCEL-KSNET-KEY'
  | 'CANCEL-ESCROW'
  | 'CANCEL-KCP-NIGHT'
  | 'CANCEL-TEST-STORE'
  | 'CANCEL-DISCOUNT'
  | 'REFUND-BY-HAND'
  | 'SUM-STATE'
  | 'SUM-SOURCE'
  | 'SUM-OPEN'
  | 'SUM-LEFT'
  | 'SUM-POSITIVE'

/**
 * What policy answers. `reason` picks the sentence `rule.{id}.{reason}` in ko.json and en.json; `facts` fill it.
 * `warned` does not stop; everything but `allowed` and `warned` does.
 */
export type Verdict = { readonly rule: RuleId; readonly reason: string; readonly facts: Facts } & (
  | { readonly kind: 'allowed' }
  | { readonly kind: 'warned' }
  | { readonly kind: 'not_now'; readonly until: Instant | null }
  | { readonly kind: 'never' }
  | { readonly kind: 'needs'; readonly what: 'refund_account' | 'amount' }
)

export const stops = (verdict: Verdict): boolean => verdict.kind !== 'allowed' && verdict.kind !== 'warned'
