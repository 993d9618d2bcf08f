import 'server-only'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { fromDate, instant, toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { TokenView } from '#lib/domain/views.ts'
import { audit } from '#lib/server/audit.ts'
import { authorize, type Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { namesOf } from '../people/names.ts'
import { typedText } from '../typed-text.ts'
import { hashOf, PREFIX, TELL } from './authenticate-token.ts'

const TOKEN_BYTES = 32
const ENDS = 4

export const CreateToken = z.object({ storeId: z.uuid(), name: typedText(60).min(1) })
/**
 * Makes a token with which a store's own server tells of its payments, and nothing else. It stands in the answer this once.
 * Fails with: store.not_found, permission.missing, session.step_up.
 */
export async function createToken(
  context: Context,
  { storeId, name }: z.infer<typeof CreateToken>,
): Promise<{ id: string; token: string }> {
  const missing = new DomainError('store.not_found')
  return transaction(async (tx) => {
    if (!(await tx.store.findUnique({ where: { id: storeId } }))) throw missing
    authorize(context, 'account.manage', storeId, missing)
    requireFreshSignIn(context)
    const { actor } = context
    if (actor.kind !== 'person') throw new DomainError('permission.missing', { permission: 'account.manage' })
    const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
    const { id } = await tx.apiToken.create({
      data: {
        storeId,
        name,
        hash: hashOf(token),
        endsIn: token.slice(-ENDS),
        scopes: [TELL],
        createdById: actor.id,
        createdAt: toDate(instant(Date.now())),
      },
    })
    await audit(tx, context, {
      action: 'token.create',
      outcome: 'done',
      storeId,
      subject: { type: 'token', id },
      facts: { name, scopes: TELL },
    })
    return { id, token }
  })
}

export const RevokeToken = z.object({ tokenId: z.uuid() })
/** From now on it opens nothing. One that has ended stays so. Fails with: token.not_found, permission.missing, session.step_up. */
export async function revokeToken(context: Context, { tokenId }: z.infer<typeof RevokeToken>): Promise<{ id: string }> {
  const missing = new DomainError('token.not_found')
  return transaction(async (tx) => {
    const token = await tx.apiToken.findUnique({ where: { id: tokenId } })
    if (!token) throw missing
    authorize(context, 'account.manage', token.storeId, missing)
    requireFreshSignIn(context)
    const { count } = await tx.apiToken.updateMany({
      where: { id: tokenId, revokedAt: null },
      data: { revokedAt: toDate(instant(Date.now())) },
    })
    if (count > 0)
      await audit(tx, context, {
        action: 'token.revoke',
        outcome: 'done',
        storeId: token.storeId,
        subject: { type: 'token', id: tokenId },
        facts: { name: token.name },
      })
    return { id: tokenId }
  })
}

/** Those that still open something, of these stores; newest first. Whoever asks is authorised by the caller. */
export async function tokensOf(storeIds: readonly string[]): Promise<readonly TokenView[]> {
  const rows = await db.apiToken.findMany({
    where: { storeId: { in: [...storeIds] }, revokedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  })
  const names = await namesOf(rows.map((row) => row.createdById))
  return rows.map((row) => ({
    id: row.id,
    storeId: row.storeId,
    name: row.name,
    endsIn: row.endsIn,
    createdBy: names.get(row.createdById) ?? '',
    createdAt: fromDate(row.createdAt),
    lastUsedAt: row.lastUsedAt === null ? null : fromDate(row.lastUsedAt),
  }))
}
