import { z } from 'zod'

export const faultKinds = [
  'reply-lost',
  'request-lost',
  'slow',
  'late',
  'html-502',
  'empty-body',
  'error-though-done',
  'half-answer',
  'doubled-answer',
  'async',
  'async-fail',
] as const

export const faultSchema = z.object({
  gateway: z.string(),
  /** An operation's name, or `*`. */
  operation: z.string(),
  fault: z.enum(faultKinds),
  /** How many more requests it strikes. */
  times: z.number().int().positive(),
  ms: z.number().int().nonnegative(),
})
export type Fault = z.infer<typeof faultSchema>

/** Longer than the 60 s a client is advised to wait (PortOne REST V2 1.16, transport). */
const SLOW_MS = 70_000
const SETTLE_MS = 2_000

export const defaultDelayMs = (kind: Fault['fault']): number =>
  kind === 'slow' || kind === 'late' ? SLOW_MS : kind === 'async' || kind === 'async-fail' ? SETTLE_MS : 0

/** The first fault waiting for this operation, and what is left of the list once it has struck. */
export function strike(faults: readonly Fault[], operation: string): { fault: Fault | null; left: readonly Fault[] } {
  const index = faults.findIndex((fault) => fault.operation === operation || fault.operation === '*')
  const fault = faults[index]
  if (!fault) return { fault: null, left: faults }
  const rest = fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : []
  return { fault, left: [...faults.slice(0, index), ...rest, ...faults.slice(index + 1)] }
}
