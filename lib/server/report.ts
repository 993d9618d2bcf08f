import 'server-only'
import { unstable_rethrow } from 'next/navigation'
import { ZodError } from 'zod'
import { DomainError, type Problem } from '#lib/domain/problem.ts'
import { audit, type AuditAction } from './audit.ts'
import type { Context } from './context.ts'
import { transaction } from './db.ts'
import { log } from './log.ts'

/** Any error as something to tell: known ones by their code, all others as `broken` with a number to read out. */
export function problemOf(error: unknown, requestId: string): DomainError {
  unstable_rethrow(error)
  if (error instanceof DomainError) return error
  if (error instanceof ZodError)
    return new DomainError('request.invalid', { field: error.issues[0]?.path.join('.') ?? '' })
  log.error({ requestId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, 'broken')
  return new DomainError('broken', { requestId })
}

/** Denials and failures are kept too, in a transaction of their own: what they belong to was rolled back. */
export async function recordFailure(context: Context, action: AuditAction, problem: DomainError): Promise<void> {
  if (context.actor.kind !== 'person') return
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
