import 'server-only'
import type { z } from 'zod'
import type { ActionResult } from '#lib/domain/views.ts'
import type { AuditAction } from './audit.ts'
import { contextOf, type Context } from './context.ts'
import { takeTurn, type LimitClass } from './rate-limit.ts'
import { asProblem, parseInput, problemOf, recordFailure } from './report.ts'
import { signedIn } from './session.ts'

type Action<Input extends z.ZodType, Value> = {
  readonly name: AuditAction
  readonly input: Input
  readonly limit: LimitClass
  readonly run: (context: Context, input: z.infer<Input>) => Promise<Value>
}

/** Every server action: session, limit, input, verb, and errors as problems. The verb authorises; identity never comes from input. */
export function action<Input extends z.ZodType, Value>({
  name,
  input,
  limit,
  run,
}: Action<Input, Value>): (raw: unknown) => Promise<ActionResult<Value>> {
  return async (raw) => {
    let context = contextOf({ kind: 'system', name: 'setup' })
    try {
      const person = await signedIn()
      context = { ...context, actor: person }
      await takeTurn(limit, person.id)
      return { ok: true, value: await run(context, parseInput(input, raw)) }
    } catch (error) {
      const problem = problemOf(error, context.requestId)
      await recordFailure(context, name, problem)
      return { ok: false, problem: asProblem(problem) }
    }
  }
}
