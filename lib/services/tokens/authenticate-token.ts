import 'server-only'
import { fromDate, instant, MINUTE_MS, plus, toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { keyedHash } from '#lib/server/crypto.ts'
import { db } from '#lib/server/db.ts'
import { takeTurn } from '#lib/server/rate-limit.ts'

/** By it people and scanners of secrets know what it is. */
export const PREFIX = 'jeonpyo_'
/** The one thing a token may do: tell of payments. */
export const TELL = 'payments:write'
const BEARER = /^Bearer +(jeonpyo_[\w-]{43})$/i

/** Only this installation can make it, and it is found by a unique index: how long that takes says nothing of the token. */
export const hashOf = (token: string): string => keyedHash(`api-token/${token}`)

export type Teller = { readonly tokenId: string; readonly storeId: string }

/** Whose token a request carries. By the machine's clock, as all of signing in is. Fails with: token.invalid, request.too_many. */
export async function authenticateToken(authorization: string | null, address: string): Promise<Teller> {
  const [, token] = BEARER.exec(authorization ?? '') ?? []
  const found = token === undefined ? null : await db.apiToken.findUnique({ where: { hash: hashOf(token) } })
  if (!found || found.revokedAt !== null || !found.scopes.includes(TELL)) {
    // Only what fails: many shops may stand behind one address.
    await takeTurn('tokenFrom', address)
    throw new DomainError('token.invalid')
  }
  await takeTurn('token', found.id)
  const now = instant(Date.now())
  const seen = plus(now, -MINUTE_MS)
  if (found.lastUsedAt === null || fromDate(found.lastUsedAt) < seen)
    await db.apiToken.updateMany({
      where: { id: found.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: toDate(seen) } }] },
      data: { lastUsedAt: toDate(now) },
    })
  return { tokenId: found.id, storeId: found.storeId }
}
