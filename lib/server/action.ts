import 'server-only'
import type { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import type { ActionResult } from '#lib/domain/views.ts'
import type { AuditAction } from './audit.ts'
import { contextOf, type Context } from './context.ts'
import { takeTurn, type LimitClass } from './rate-limit.ts'
import { asProblem, parseInput, problemOf, recordFailure } from './report.ts'
import { signedInNow } from './session.ts'
import { keepAlive } from './sessions.ts'

type Action<Input extends z.ZodType, Value> = {
  readonly name: AuditAction
  readonly input: Input
  readonly limit: LimitClass
  /** Also for whoever must set up a second factor first. */
  readonly beforeSecondFactor?: true
  readonly run: (context: Context, input: z.infer<Input>) => Promise<Value>
}

/** Every server action: session, limit, input, verb, and errors as problems. The verb authorises; identity never comes from input. */
export function action<Input extends z.ZodType, Value>({
  name,
  input,
  limit,
  beforeSecondFactor,
  run,
}: Action<Input, Value>): (raw: unknown) => Promise<ActionResult<Value>> {
  return async (raw) => {
    let context = contextOf({ kind: 'system', name: 'setup' })
    try {
      const { person, lastSeenAt, secondFactorDue } = await signedInNow()
      context = { ...context, actor: person }
      if (secondFactorDue && !beforeSecondFactor) throw new DomainError('session.second_factor_needed')
      await keepAlive(person.sessionId, lastSeenAt)
      await takeTurn(limit, person.id)
      return { ok: true, value: await run(context, parseInput(input, raw)) }
    } catch (error) {
      const problem = problemOf(error, context.requestId)
      await recordFailure(context, name, problem)
      return { ok: false, problem: asProblem(problem) }
    }
  }
}
