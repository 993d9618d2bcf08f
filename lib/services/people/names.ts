import 'server-only'
import { db } from '#lib/server/db.ts'

/** Names of the people with these ids. */
export async function namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const people = await db.user.findMany({ where: { id: { in: [...new Set(ids)] } }, select: { id: true, name: true } })
  return new Map(people.map((person) => [person.id, person.name]))
}
