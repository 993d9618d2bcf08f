import { HOUR_MS } from '#lib/domain/kst.ts'

/**
 * What was typed into a cancel and not sent, kept in this window for the same person and payment: a session that ends must not
 * cost a clerk their work. Amounts and the reason only; accounts are typed again.
 */
export type Draft = { readonly amount: string; readonly taxFree: string; readonly reason: string }

const KEPT_MS = 12 * HOUR_MS
const PREFIX = 'draft:'
const keyOf = (who: string, paymentId: string) => `${PREFIX}${paymentId}:${who}`

export function readDraft(who: string, paymentId: string): Draft | null {
  if (typeof window === 'undefined') return null
  const kept = window.sessionStorage.getItem(keyOf(who, paymentId))
  if (kept === null) return null
  const said = new URLSearchParams(kept)
  const text = (name: string) => said.get(name) ?? ''
  if (Date.now() >= Number(text('at')) + KEPT_MS) return null
  return { amount: text('amount'), taxFree: text('taxFree'), reason: text('reason') }
}

export function keepDraft(who: string, paymentId: string, draft: Draft): void {
  const kept = new URLSearchParams({ ...draft, at: String(Date.now()) })
  window.sessionStorage.setItem(keyOf(who, paymentId), kept.toString())
}

export const forgetDraft = (who: string, paymentId: string): void =>
  window.sessionStorage.removeItem(keyOf(who, paymentId))

/** Whoever signs out themselves leaves nothing behind. */
export function forgetDrafts(): void {
  for (const key of Object.keys(window.sessionStorage))
    if (key.startsWith(PREFIX)) window.sessionStorage.removeItem(key)
}
