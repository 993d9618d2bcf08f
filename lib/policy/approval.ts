import { HOUR_MS } from '#lib/domain/kst.ts'
import type { Method } from '#lib/domain/payment.ts'
import type { Holder, StoreRole } from './permissions.ts'

/** Why a second person is asked. */
export const approvalReasons = ['amount', 'method', 'role', 'after_people'] as const
export type ApprovalReason = (typeof approvalReasons)[number]

export const APPROVAL_LASTS_MS = 72 * HOUR_MS

export type ApprovalPolicy = {
  readonly above: number | null
  readonly methods: readonly Method[]
  readonly roles: readonly StoreRole[]
}
export type ApprovalFacts = {
  readonly kind: 'CANCEL' | 'CLOSE'
  readonly amount: number
  readonly currency: string
  readonly method: Method
  readonly requester: Holder
  /** People decided that an earlier cancel of this payment did not happen; they may have been wrong. */
  readonly afterPeople: boolean
}

/** A store's limits are in won; what is in another currency is above each of them, since nobody says at what rate. */
export const isAtLeast = (
  asked: { readonly amount: number; readonly currency: string },
  limit: number | null,
): boolean => limit !== null && (asked.currency !== 'KRW' || asked.amount >= limit)

/** Closing an account nobody paid into moves no money and needs nobody. */
export function approvalNeeded(policy: ApprovalPolicy, facts: ApprovalFacts): readonly ApprovalReason[] {
  if (facts.kind === 'CLOSE') return []
  const needed: Record<ApprovalReason, boolean> = {
    amount: isAtLeast(facts, policy.above),
    method: policy.methods.includes(facts.method),
    role: policy.roles.some((role) => role === facts.requester),
    after_people: facts.afterPeople,
  }
  return approvalReasons.filter((reason) => needed[reason])
}
