import 'server-only'
import { HOUR_MS, MINUTE_MS, fromDate, instant, plus, toDate, type Instant } from '#lib/domain/kst.ts'
import { db, type Transaction } from './db.ts'
import { maskAddress, type Visitor } from './visitor.ts'

/** All by the machine's clock, never by the demo's. */
export const LASTS_MS = 12 * HOUR_MS
export const IDLE_MS = 15 * MINUTE_MS
const SEEN_EVERY_MS = MINUTE_MS

export type EndedBy = 'person' | 'owner' | 'idle' | 'age' | 'disabled' | 'password' | 'second_factor'
type Times = { readonly createdAt: Date; readonly lastSeenAt: Date; readonly endedAt: Date | null }

/** Signing in is a fresh sign-in too. */
export async function beginSession(tx: Transaction, userId: string, { address, agent }: Visitor): Promise<string> {
  const at = toDate(instant(Date.now()))
  const session = await tx.session.create({
    data: { userId, createdAt: at, lastSeenAt: at, steppedUpAt: at, address: maskAddress(address), agent },
  })
  return session.id
}

/** When it ends by itself, if nobody does anything more. */
export const idleAt = (lastSeenAt: Instant): Instant => plus(lastSeenAt, IDLE_MS)
export const agedAt = (createdAt: Instant): Instant => plus(createdAt, LASTS_MS)

/** What a session must have to be alive now. */
export function alive() {
  const now = instant(Date.now())
  return {
    endedAt: null,
    lastSeenAt: { gt: toDate(plus(now, -IDLE_MS)) },
    createdAt: { gt: toDate(plus(now, -LASTS_MS)) },
  }
}

/** Why it ended by itself; null while it has not. */
export function endedByTime({ createdAt, lastSeenAt }: Pick<Times, 'createdAt' | 'lastSeenAt'>): 'idle' | 'age' | null {
  const now = Date.now()
  if (agedAt(fromDate(createdAt)) <= now) return 'age'
  return idleAt(fromDate(lastSeenAt)) <= now ? 'idle' : null
}

/** A person did something. Written once a minute at most; background reading never comes here. */
export async function keepAlive(sessionId: string, lastSeenAt: Instant): Promise<Instant> {
  const now = instant(Date.now())
  if (now < lastSeenAt + SEEN_EVERY_MS) return lastSeenAt
  // Ended meanwhile, or seen in another window: neither is undone.
  await db.session.updateMany({
    where: { id: sessionId, endedAt: null, lastSeenAt: { lt: toDate(now) } },
    data: { lastSeenAt: toDate(now) },
  })
  return now
}

/** Signing out. One that had ended by itself keeps the true cause. */
export async function signOutOf(tx: Transaction, sessionId: string): Promise<void> {
  const session = await tx.session.findUnique({ where: { id: sessionId } })
  if (!session || session.endedAt !== null) return
  await endSessions(tx, { id: sessionId }, endedByTime(session) ?? 'person')
}

/** Ends what is not ended yet. Answers how many. */
export async function endSessions(
  tx: Transaction,
  which: { readonly id?: string | { not: string }; readonly userId?: string },
  by: EndedBy,
): Promise<number> {
  const { count } = await tx.session.updateMany({
    where: { ...which, endedAt: null },
    data: { endedAt: toDate(instant(Date.now())), endedBy: by },
  })
  return count
}
