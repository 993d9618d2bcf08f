import 'server-only'
import type { Problem } from '#lib/domain/problem.ts'
import type { AuditAction } from './audit.ts'
import { contextOf, type Context, type Person } from './context.ts'
import { asProblem, problemOf, recordFailure } from './report.ts'
import { requirePerson } from './session.ts'

export async function pageContext(): Promise<Context & { readonly actor: Person }> {
  const actor = await requirePerson()
  return { ...contextOf(actor), actor }
}

type Loaded<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem }

/** What a page needs, or the problem it shows instead. */
export async function loadPage<Value>(
  name: AuditAction,
  run: (context: Context & { readonly actor: Person }) => Promise<Value>,
): Promise<Loaded<Value>> {
  const context = await pageContext()
  try {
    return { ok: true, value: await run(context) }
  } catch (error) {
    const problem = problemOf(error, context.requestId)
    if (problem.kind === 'forbidden') await recordFailure(context, name, problem)
    return { ok: false, problem: asProblem(problem) }
  }
}
