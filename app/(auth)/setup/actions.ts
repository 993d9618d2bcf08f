'use server'
import type { ActionResult } from '#lib/domain/views.ts'
import { contextOf } from '#lib/server/context.ts'
import { takeTurn } from '#lib/server/rate-limit.ts'
import { asProblem, parseInput, problemOf } from '#lib/server/report.ts'
import { visitor } from '#lib/server/visitor.ts'
import { createFirstOwner, CreateFirstOwner } from '#lib/services/people/create-first-owner.ts'

/** Without a session: there is nobody yet who could have one. */
export async function createFirstOwnerAction(raw: unknown): Promise<ActionResult<{ id: string }>> {
  const context = contextOf({ kind: 'system', name: 'setup' })
  try {
    await takeTurn('write', 'setup')
    const { address } = await visitor()
    return { ok: true, value: await createFirstOwner(context, parseInput(CreateFirstOwner, raw), address) }
  } catch (error) {
    return { ok: false, problem: asProblem(problemOf(error, context.requestId)) }
  }
}
