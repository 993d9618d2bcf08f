'use server'
import type { ActionResult } from '#lib/domain/views.ts'
import { contextOf } from '#lib/server/context.ts'
import { asProblem, parseInput, problemOf } from '#lib/server/report.ts'
import { visitor } from '#lib/server/visitor.ts'
import { acceptInvitation, AcceptInvitation } from '#lib/services/people/invitations.ts'

/** Without a session: who takes an invitation has no account yet, or not the password of it. */
export async function acceptInvitationAction(raw: unknown): Promise<ActionResult<{ email: string }>> {
  const context = contextOf({ kind: 'system', name: 'visitor' })
  try {
    const { address } = await visitor()
    return { ok: true, value: await acceptInvitation(context, parseInput(AcceptInvitation, raw), address) }
  } catch (error) {
    return { ok: false, problem: asProblem(problemOf(error, context.requestId)) }
  }
}
