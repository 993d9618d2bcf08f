import 'server-only'
import { DomainError } from '#lib/domain/problem.ts'
import type { Store } from '#prisma/client/client.ts'
import { namesOf } from '../people/names.ts'

/** Somebody stopped sending for this store: says who and why. Fails with: sending.stopped. */
export async function refuseStopped(store: Pick<Store, 'stoppedAt' | 'stoppedById' | 'stoppedWhy'>): Promise<void> {
  if (store.stoppedAt === null) return
  const by = store.stoppedById
  const names = await namesOf(by === null ? [] : [by])
  throw new DomainError('sending.stopped', { who: names.get(by ?? '') ?? '', why: store.stoppedWhy })
}
