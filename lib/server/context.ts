import 'server-only'
import { randomUUID } from 'node:crypto'
import type { Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { may, whoMay, type Permission, type StoreRole } from '#lib/policy/permissions.ts'
import { now } from './clock.ts'

export type Person = {
  readonly kind: 'person'
  readonly id: string
  readonly name: string
  readonly email: string
  readonly owner: boolean
  readonly grants: ReadonlyMap<string, StoreRole>
  /** The sign-in by which this person is here. */
  readonly sessionId: string
  /** Until when the last fresh sign-in holds; null without one. By the machine's clock. */
  readonly freshUntil: Instant | null
}
export type Actor =
  | Person
  | { readonly kind: 'system'; readonly name: 'worker' | 'notice' | 'feed' | 'setup' | 'visitor' | 'shop' }

/** Who does it, and by which clock. `now()` is read anew inside each transaction. */
export type Context = { readonly actor: Actor; readonly requestId: string; readonly now: () => Instant }

export const contextOf = (actor: Actor): Context => ({ actor, requestId: randomUUID(), now })

export const roleIn = (person: Person, storeId: string): StoreRole | null => person.grants.get(storeId) ?? null

export function permitted(actor: Actor, permission: Permission, storeId: string): boolean {
  return actor.kind === 'system' || may(roleIn(actor, storeId), actor.owner, permission)
}

/** The stores a person may look into; null means every store. */
export const visibleStores = (person: Person): readonly string[] | null =>
  person.owner ? null : [...person.grants.keys()]

/** Another store's row is missing, not forbidden: nobody learns that it exists. */
export function authorize(context: Context, permission: Permission, storeId: string, missing: DomainError): void {
  const { actor } = context
  if (permitted(actor, permission, storeId)) return
  if (actor.kind === 'person' && !actor.owner && roleIn(actor, storeId) === null) throw missing
  throw new DomainError('permission.missing', { permission, who: whoMay(permission).join(', '), storeId })
}

/** For what belongs to no store: only the installation's owner. */
export function authorizeOwner(context: Context, permission: Permission): void {
  const { actor } = context
  if (actor.kind === 'system' || may(null, actor.owner, permission)) return
  throw new DomainError('permission.missing', { permission, who: whoMay(permission).join(', ') })
}
