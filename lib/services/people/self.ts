import 'server-only'
import { DomainError } from '#lib/domain/problem.ts'
import type { Context, Person } from '#lib/server/context.ts'

/** Who does it, where only a person can. Fails with: session.missing. */
export function selfOf({ actor }: Context): Person {
  if (actor.kind !== 'person') throw new DomainError('session.missing')
  return actor
}
