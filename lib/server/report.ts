import 'server-only'
import { unstable_rethrow } from 'next/navigation'
import type { z } from 'zod'
import { DomainError, type Problem } from '#lib/domain/problem.ts'
import { audit, type AuditAction } from './audit.ts'
import type { Context } from './context.ts'
import { transaction } from './db.ts'
import { log } from './log.ts'
import { hasTurn } from './rate-limit.ts'

/** Any error as something to tell: known ones by their code, all others as `broken` with a number to read out. */
export function problemOf(error: unknown, requestId: string): DomainError {
  unstable_rethrow(error)
  if (error instanceof DomainError) return error
  log.error({ requestId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, 'broken')
  return new DomainError('broken', { requestId })
}

/** Reads what came from outside. Fails with: request.invalid (facts.field). */
export function parseInput<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  // A member's name may be as long and as strange as whoever sent it likes.
  const field = (parsed.error.issues[0]?.path.join('.') ?? '').replace(/[^\w.-]/g, '').slice(0, 100)
  throw new DomainError('request.invalid', { field })
}

/**
 * Denials and failures are kept too, in a transaction of their own: what they belong to was rolled back. Only so many of one
 * person, since nothing is ever removed from there.
 */
export async function recordFailure(context: Context, action: AuditAction, problem: DomainError): Promise<void> {
  if (context.actor.kind !== 'person' || !(await hasTurn('failure', context.actor.id))) return
  const outcome = problem.kind === 'forbidden' ? 'denied' : 'failed'
  const { storeId, ...facts } = problem.facts
  await transaction((tx) =>
    audit(tx, context, {
      action,
      outcome,
      ...(typeof storeId === 'string' && { storeId }),
      facts: { code: problem.code, ...facts },
    }),
  )
}

export const asProblem = (error: DomainError): Problem => ({ code: error.code, facts: error.facts })
