import type { Instant } from '#lib/domain/kst.ts'
import { httpStatus } from '#lib/domain/problem.ts'
import type { SessionLife } from '#lib/domain/views.ts'
import { contextOf } from '#lib/server/context.ts'
import { asProblem, problemOf } from '#lib/server/report.ts'
import { signedInNow, type SignedIn } from '#lib/server/session.ts'
import { agedAt, idleAt, keepAlive } from '#lib/server/sessions.ts'

/** How long the session still lasts. Asking does not keep it alive. */
export const GET = () => answer(async ({ lastSeenAt }) => lastSeenAt)

/** The browser says that its person did something. */
export const POST = () => answer(({ person, lastSeenAt }) => keepAlive(person.sessionId, lastSeenAt))

async function answer(seenAt: (session: SignedIn) => Promise<Instant>): Promise<Response> {
  const { requestId } = contextOf({ kind: 'system', name: 'visitor' })
  const headers = { 'Cache-Control': 'no-store' }
  try {
    const session = await signedInNow()
    const life: SessionLife = {
      idleMs: idleAt(await seenAt(session)) - Date.now(),
      lastsMs: agedAt(session.createdAt) - Date.now(),
    }
    return Response.json(life, { headers })
  } catch (error) {
    const problem = problemOf(error, requestId)
    return Response.json({ problem: asProblem(problem) }, { status: httpStatus[problem.kind], headers })
  }
}
