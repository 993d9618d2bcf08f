import { randomUUID } from 'node:crypto'
import NextAuth from 'next-auth'
import { NextRequest } from 'next/server'
import { httpStatus } from '#lib/domain/problem.ts'
import { textOf } from '#lib/server/body.ts'
import { asProblem, problemOf } from '#lib/server/report.ts'
import { authOptions } from '#lib/server/session.ts'

const BODY_BYTES_MAX = 16 * 1024

type Context = { params: Promise<{ nextauth: string[] }> }

async function handler(request: NextRequest, context: Context): Promise<Response> {
  try {
    const answer: unknown = await NextAuth(await bounded(request), context, authOptions)
    if (!(answer instanceof Response)) throw new Error('next-auth gave no answer')
    return answer
  } catch (error) {
    const problem = problemOf(error, randomUUID())
    return Response.json({ problem: asProblem(problem) }, { status: httpStatus[problem.kind] })
  }
}

/** next-auth reads a body to its end, and anybody may send one. */
async function bounded(request: NextRequest): Promise<NextRequest> {
  if (request.method !== 'POST') return request
  const body = await textOf(request, BODY_BYTES_MAX)
  return new NextRequest(request.url, { method: 'POST', headers: request.headers, body: body || null })
}

export { handler as GET, handler as POST }
