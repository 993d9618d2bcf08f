import 'server-only'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { HOUR_MS, instant, plus, toDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { typedText } from '#lib/services/typed-text.ts'
import type { Invitation } from '#prisma/client/client.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { keyedHash } from '#lib/server/crypto.ts'
import { db, transaction, type Transaction } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import { hashPassword } from '#lib/server/password.ts'
import { countTryFrom, unlockSignIn } from '#lib/server/rate-limit.ts'
import { endSessions } from '#lib/server/sessions.ts'

const LASTS_MS = 72 * HOUR_MS
const TOKEN_BYTES = 32

export const Password = z.string().min(10).max(200)
export const Grants = z.array(z.object({ storeId: z.uuid(), role: z.enum(['VIEWER', 'OPERATOR', 'MANAGER']) })).max(500)

type Wanted = Pick<Invitation, 'kind' | 'email' | 'name' | 'owner' | 'userId'> & {
  readonly grants: z.infer<typeof Grants>
}

/** The link stands in the answer, and nowhere else: only its hash is kept. One made before for the same account ends. */
export async function makeLink(
  tx: Transaction,
  context: Context,
  wanted: Wanted,
): Promise<{ id: string; link: string }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const now = instant(Date.now())
  await revokeLinks(tx, { email: wanted.email })
  const { id } = await tx.invitation.create({
    data: {
      ...wanted,
      tokenHash: hashOf(token),
      createdById: context.actor.kind === 'person' ? context.actor.id : null,
      createdAt: toDate(now),
      expiresAt: toDate(plus(now, LASTS_MS)),
    },
  })
  return { id, link: `${env.publicUrl}/invite/${token}` }
}

const hashOf = (token: string): string => keyedHash(`invitation ${token}`)

export const openNow = () => ({ usedAt: null, revokedAt: null, expiresAt: { gt: toDate(instant(Date.now())) } })

/** Answers how many were open. */
export async function revokeLinks(
  tx: Transaction,
  which: { readonly id?: string; readonly email?: string; readonly userId?: string; readonly createdById?: string },
): Promise<number> {
  const { count } = await tx.invitation.updateMany({
    where: { ...which, ...openNow() },
    data: { revokedAt: toDate(instant(Date.now())) },
  })
  return count
}

/** What a link is for; null where it serves no more. */
export async function openInvitation(
  token: string,
): Promise<{ kind: 'INVITE' | 'RESET'; name: string; email: string } | null> {
  const found = await db.invitation.findFirst({ where: { tokenHash: hashOf(token), ...openNow() } })
  return found && { kind: found.kind === 'RESET' ? 'RESET' : 'INVITE', name: found.name, email: found.email }
}

export const AcceptInvitation = z.object({
  token: z.string().min(1).max(200),
  name: typedText(60).min(1),
  password: Password,
})

/** Serves once, whoever comes first. Fails with: invitation.not_found, member.email_taken, session.blocked. */
export async function acceptInvitation(
  context: Context,
  { token, name, password }: z.infer<typeof AcceptInvitation>,
  address: string,
): Promise<{ email: string }> {
  await countTryFrom(address)
  // A hash is costly, and anybody may ask.
  if (!(await openInvitation(token))) throw new DomainError('invitation.not_found')
  const passwordHash = await hashPassword(password)
  const { email } = await transaction(async (tx) => {
    const where = { tokenHash: hashOf(token), ...openNow() }
    const [invitation] = await tx.invitation.updateManyAndReturn({
      where,
      data: { usedAt: toDate(instant(Date.now())) },
    })
    if (!invitation) throw new DomainError('invitation.not_found')
    await (invitation.userId === null
      ? join(tx, context, invitation, name, passwordHash)
      : setPassword(tx, context, invitation.userId, passwordHash))
    return invitation
  })
  await unlockSignIn(email)
  return { email }
}

async function join(
  tx: Transaction,
  context: Context,
  { email, owner, ...invitation }: Invitation,
  name: string,
  passwordHash: string,
): Promise<void> {
  const grants = Grants.parse(invitation.grants)
  const [user] = await tx.user.createManyAndReturn({
    data: [{ email, name, passwordHash, owner }],
    skipDuplicates: true,
  })
  if (!user) throw new DomainError('member.email_taken')
  await tx.grant.createMany({ data: grants.map((grant) => ({ ...grant, userId: user.id })) })
  await audit(tx, context, {
    action: 'member.accept',
    outcome: 'done',
    subject: { type: 'user', id: user.id },
    facts: { owner, grants, invitedBy: invitation.createdById, invitation: invitation.id },
  })
}

async function setPassword(tx: Transaction, context: Context, id: string, passwordHash: string): Promise<void> {
  const { count } = await tx.user.updateMany({ where: { id, disabledAt: null }, data: { passwordHash } })
  if (count === 0) throw new DomainError('invitation.not_found')
  const ended = await endSessions(tx, { userId: id }, 'password')
  await audit(tx, context, {
    action: 'session.password',
    outcome: 'done',
    subject: { type: 'user', id },
    facts: { ended, by: 'link' },
  })
}
