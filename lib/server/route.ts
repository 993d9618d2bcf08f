import 'server-only'
import type { z } from 'zod'
import { httpStatus } from '#lib/domain/problem.ts'
import type { AuditAction } from './audit.ts'
import { contextOf, type Context, type Person } from './context.ts'
import { asProblem, parseInput, problemOf, recordFailure } from './report.ts'
import { signedIn } from './session.ts'

type Read<Query extends z.ZodType, Value> = {
  readonly name: AuditAction
  readonly query: Query
  readonly run: (context: Context & { readonly actor: Person }, query: z.infer<Query>) => Promise<Value>
}

/** Every route for reading: session, query (with the path's parameters), service (JSON, or a file as a Response), errors with their status. */
export function read<Query extends z.ZodType, Value>({ name, query, run }: Read<Query, Value>) {
  return async (request: Request, { params }: { params: Promise<Record<string, string>> }): Promise<Response> => {
    let context: Context = contextOf({ kind: 'system', name: 'setup' })
    try {
      const actor = await signedIn()
      context = { ...context, actor }
      const given = [...new URL(request.url).searchParams].filter(([, value]) => value !== '')
      const value = await run(
        { ...context, actor },
        parseInput(query, { ...Object.fromEntries(given), ...(await params) }),
      )
      if (value instanceof Response) return value
      return Response.json(value, { headers: { 'Cache-Control': 'no-store' } })
    } catch (error) {
      const problem = problemOf(error, context.requestId)
      if (problem.kind === 'forbidden') await recordFailure(context, name, problem)
      return Response.json(
        { problem: asProblem(problem) },
        { status: httpStatus[problem.kind], headers: { 'Cache-Control': 'no-store' } },
      )
    }
  }
}
