import 'server-only'
import { z } from 'zod'
import { instant, toDate } from '#lib/domain/kst.ts'
import { maskEmail } from '#lib/domain/mask.ts'
import { DomainError, type Facts } from '#lib/domain/problem.ts'
import { typedText } from '#lib/services/typed-text.ts'
import type { User } from '#prisma/client/client.ts'
import { audit, type AuditAction } from '#lib/server/audit.ts'
import { authorizeOwner, type Context } from '#lib/server/context.ts'
import { transaction, type Transaction } from '#lib/server/db.ts'
import { unlockSignIn } from '#lib/server/rate-limit.ts'
import { forgetSecondFactor } from '#lib/server/second-factor.ts'
import { endSessions } from '#lib/server/sessions.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { Grants, makeLink, revokeLinks } from './invitations.ts'

const Member = z.object({ userId: z.uuid() })
type Member = z.infer<typeof Member>
export { Member }

/** What every verb here does: only an owner, one transaction, the account held, and the change on record. */
async function change<Value>(
  context: Context,
  action: AuditAction,
  { userId }: Member,
  run: (tx: Transaction, user: User) => Promise<{ value: Value; facts?: Facts | { readonly [key: string]: unknown } }>,
): Promise<Value> {
  authorizeOwner(context, 'member.manage')
  return transaction(async (tx) => {
    await holdOwners(tx, context)
    await tx.$executeRaw`SELECT 1 FROM "User" WHERE id = ${userId}::uuid FOR UPDATE`
    const user = await tx.user.findUnique({ where: { id: userId } })
    if (!user) throw new DomainError('member.not_found')
    const { value, facts } = await run(tx, user)
    await audit(tx, context, {
      action,
      outcome: 'done',
      subject: { type: 'user', id: userId },
      ...(facts && { facts }),
    })
    return value
  })
}

/**
 * The owners who can sign in, held until the end: of two changes at once the second sees what the first has done, so that
 * neither the last owner goes nor somebody acts who has just ceased to be one.
 */
async function holdOwners(tx: Transaction, { actor }: Context): Promise<string[]> {
  const owners = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM "User" WHERE owner AND "disabledAt" IS NULL ORDER BY id FOR UPDATE`
  if (actor.kind === 'person' && !owners.some(({ id }) => id === actor.id))
    throw new DomainError('permission.missing', { permission: 'member.manage', who: 'OWNER' })
  return owners.map(({ id }) => id)
}

/** Fails with: member.last_owner. */
async function assertOwnerLeft(tx: Transaction): Promise<void> {
  if ((await tx.user.count({ where: { owner: true, disabledAt: null } })) === 0)
    throw new DomainError('member.last_owner')
}

const storesExist = async (tx: Transaction, grants: z.infer<typeof Grants>): Promise<void> => {
  const ids = [...new Set(grants.map(({ storeId }) => storeId))]
  if (ids.length !== grants.length) throw new DomainError('request.invalid', { field: 'grants' })
  if ((await tx.store.count({ where: { id: { in: ids } } })) !== ids.length) throw new DomainError('store.not_found')
}

export const InviteMember = z.object({
  email: z.email().trim().toLowerCase().max(200),
  name: typedText(60).min(1),
  owner: z.boolean(),
  grants: Grants,
})
/** Fails with: permission.missing, session.step_up, member.email_taken, store.not_found, request.invalid. */
export async function inviteMember(context: Context, input: z.infer<typeof InviteMember>): Promise<{ link: string }> {
  authorizeOwner(context, 'member.manage')
  requireFreshSignIn(context)
  return transaction(async (tx) => {
    await holdOwners(tx, context)
    await storesExist(tx, input.grants)
    if (await tx.user.findUnique({ where: { email: input.email } })) throw new DomainError('member.email_taken')
    const { id, link } = await makeLink(tx, context, { ...input, kind: 'INVITE', userId: null })
    await audit(tx, context, {
      action: 'member.invite',
      outcome: 'done',
      subject: { type: 'invitation', id },
      facts: { email: maskEmail(input.email), owner: input.owner, grants: input.grants },
    })
    return { link }
  })
}

export const RevokeInvitation = z.object({ invitationId: z.uuid() })
/** Fails with: permission.missing, invitation.not_found. */
export async function revokeInvitation(
  context: Context,
  { invitationId }: z.infer<typeof RevokeInvitation>,
): Promise<{ id: string }> {
  authorizeOwner(context, 'member.manage')
  return transaction(async (tx) => {
    if ((await revokeLinks(tx, { id: invitationId })) === 0) throw new DomainError('invitation.not_found')
    await audit(tx, context, {
      action: 'member.revoke',
      outcome: 'done',
      subject: { type: 'invitation', id: invitationId },
    })
    return { id: invitationId }
  })
}

export const UpdateMember = Member.extend({ owner: z.boolean(), grants: Grants })
/** Fails with: permission.missing, session.step_up, member.not_found, member.last_owner, store.not_found, request.invalid. */
export async function updateMember(context: Context, input: z.infer<typeof UpdateMember>): Promise<{ id: string }> {
  authorizeOwner(context, 'member.manage')
  requireFreshSignIn(context)
  return change(context, 'member.update', input, async (tx, user) => {
    await storesExist(tx, input.grants)
    const before = await tx.grant.findMany({ where: { userId: user.id }, select: { storeId: true, role: true } })
    await tx.user.update({ where: { id: user.id }, data: { owner: input.owner } })
    await tx.grant.deleteMany({ where: { userId: user.id } })
    await tx.grant.createMany({ data: input.grants.map((grant) => ({ ...grant, userId: user.id })) })
    await assertOwnerLeft(tx)
    // What an owner has handed out and nobody has taken yet goes with the right to hand out.
    if (user.owner && !input.owner) await revokeLinks(tx, { createdById: user.id })
    const { owner, grants } = input
    return { value: { id: user.id }, facts: { owner, grants, before: { owner: user.owner, grants: before } } }
  })
}

export const DisableMember = Member.extend({ disabled: z.boolean() })
/** Ends every session at once; enabling gives access. Fails with: permission.missing, session.step_up (enabling), member.not_found, member.last_owner. */
export async function disableMember(
  context: Context,
  { userId, disabled }: z.infer<typeof DisableMember>,
): Promise<{ id: string }> {
  authorizeOwner(context, 'member.manage')
  if (!disabled) requireFreshSignIn(context)
  return change(context, 'member.disable', { userId }, async (tx, user) => {
    const disabledAt = disabled ? (user.disabledAt ?? toDate(instant(Date.now()))) : null
    await tx.user.update({ where: { id: user.id }, data: { disabledAt } })
    await assertOwnerLeft(tx)
    if (!disabled) return { value: { id: user.id }, facts: { change: 'enabled' } }
    await revokeLinks(tx, { createdById: user.id })
    await revokeLinks(tx, { userId: user.id })
    const ended = await endSessions(tx, { userId: user.id }, 'disabled')
    return { value: { id: user.id }, facts: { change: 'disabled', ended } }
  })
}

/** Ends the block after wrong passwords. Fails with: permission.missing, member.not_found. */
export async function unlockMember(context: Context, input: Member): Promise<{ id: string }> {
  const email = await change(context, 'member.unlock', input, async (_, user) => ({ value: user.email }))
  await unlockSignIn(email)
  return { id: input.userId }
}

/** A link to set a new password; until it is used the old one still serves. Fails with: permission.missing, session.step_up, member.not_found. */
export async function resetPassword(context: Context, input: Member): Promise<{ link: string }> {
  authorizeOwner(context, 'member.manage')
  requireFreshSignIn(context)
  return change(context, 'member.reset', input, async (tx, { id, email, name, disabledAt }) => {
    if (disabledAt !== null) throw new DomainError('member.not_found')
    const wanted = { kind: 'RESET', email, name, owner: false, grants: [], userId: id }
    const { link } = await makeLink(tx, context, wanted)
    return { value: { link }, facts: { change: 'password' } }
  })
}

/** Fails with: permission.missing, session.step_up, member.not_found. */
export async function resetSecondFactor(context: Context, input: Member): Promise<{ id: string }> {
  authorizeOwner(context, 'member.manage')
  requireFreshSignIn(context)
  return change(context, 'member.reset', input, async (tx, user) => {
    await forgetSecondFactor(tx, user.id)
    const ended = await endSessions(tx, { userId: user.id }, 'second_factor')
    return { value: { id: user.id }, facts: { change: 'second_factor', ended } }
  })
}

export const EndMemberSessions = Member.extend({ sessionId: z.uuid().optional() })
/** One, or all. Fails with: permission.missing, member.not_found, session.not_found. */
export async function endMemberSessions(
  context: Context,
  { userId, sessionId }: z.infer<typeof EndMemberSessions>,
): Promise<{ id: string }> {
  return change(context, 'session.end', { userId }, async (tx, user) => {
    const ended = await endSessions(tx, { userId, ...(sessionId !== undefined && { id: sessionId }) }, 'owner')
    if (sessionId !== undefined && ended === 0) throw new DomainError('session.not_found')
    return { value: { id: user.id }, facts: { ended } }
  })
}
