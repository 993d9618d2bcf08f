import 'server-only'
import { MINUTE_MS } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { Context } from './context.ts'

/** How long a fresh sign-in with password and code opens what moves money or shows personal data. */
export const FRESH_MS = 5 * MINUTE_MS

/** Fails with: session.step_up. By the machine's clock, as all of a session is; never by the demo's. */
export function requireFreshSignIn({ actor }: Context): void {
  if (actor.kind === 'system') return
  if (actor.freshUntil === null || actor.freshUntil <= Date.now()) throw new DomainError('session.step_up')
}
