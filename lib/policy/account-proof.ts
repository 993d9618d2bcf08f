import { DAY_MS, MINUTE_MS, plus, type Instant } from '#lib/domain/kst.ts'

/** What is known of the account a refund would go into (rule ACCOUNT-PROOF). Only `proven` lets it go. */
export const proofStates = ['none', 'proven', 'awaiting', 'not_matched', 'edited', 'used', 'old', 'expired'] as const
export type ProofState = (typeof proofStates)[number]

export type Proof = {
  readonly by: 'gateway' | 'people'
  readonly result: string
  readonly hash: string
  /** When it was checked, or for people when the second one agreed. */
  readonly at: Instant
  /** The refund that used it up. */
  readonly usedBy: string | null
}

/** A check at the gateway must be this fresh when the refund is written. */
export const PROOF_FRESH_MS = 10 * MINUTE_MS
/** No proof carries a refund for longer. What two people saw on paper does not change in ten minutes: it has the whole day. */
export const PROOF_LASTS_MS = DAY_MS

export const proofUsableUntil = ({ by, at }: Pick<Proof, 'by' | 'at'>): Instant =>
  plus(at, by === 'gateway' ? PROOF_FRESH_MS : PROOF_LASTS_MS)

/**
 * `hash` is that of the account as it stands on the sheet, or on the intent. `own` is the intent that is judged again:
 * it has used the proof itself, and may rely on it for a day.
 */
export function proofState(proof: Proof | null, hash: string | null, now: Instant, own: string | null): ProofState {
  if (proof === null || hash === null) return 'none'
  if (proof.result === 'AWAITING') return 'awaiting'
  if (proof.result !== 'MATCHED') return 'not_matched'
  if (proof.hash !== hash) return 'edited'
  if (proof.usedBy !== null && proof.usedBy !== own) return 'used'
  if (own !== null && proof.usedBy !== own) return 'none'
  if (now >= plus(proof.at, PROOF_LASTS_MS)) return 'expired'
  return own === null && now >= proofUsableUntil(proof) ? 'old' : 'proven'
}

/** Companies write their form in three ways; spaces and capitals differ from bank to bank. */
const plainHolder = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\(주\)|㈜/g, '주식회사')
    .replace(/\s+/g, '')
    .toUpperCase()

export const sameHolder = (asked: string, told: string): boolean =>
  plainHolder(asked) !== '' && plainHolder(asked) === plainHolder(told)
