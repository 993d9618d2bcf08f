import 'server-only'
import { z } from 'zod'
import { fromDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { InvitationView, MemberItem, MembersView, MemberView } from '#lib/domain/views.ts'
import { authorizeOwner, type Context } from '#lib/server/context.ts'
import { db } from '#lib/server/db.ts'
import { blockedAmong } from '#lib/server/rate-limit.ts'
import { hasSecondFactor } from '#lib/server/second-factor.ts'
import { Grants, openNow } from './invitations.ts'
import { namesOf } from './names.ts'
import { sessionsOf } from './own-account.ts'
import { selfOf } from './self.ts'

const SHOWN_MAX = 1_000
const HISTORY_MAX = 100

/** Everybody with an account, who is enabled first. Fails with: permission.missing. */
export async function listMembers(context: Context): Promise<MembersView> {
  authorizeOwner(context, 'member.manage')
  const { secondFactor } = await db.installation.findUniqueOrThrow({ where: { id: 1 } })
  return {
    members: await membersWhere({}),
    invitations: await openInvitations(),
    stores: await storesOf(),
    secondFactorRequired: secondFactor,
  }
}

const storesOf = () => db.store.findMany({ select: { id: true, name: true }, orderBy: { name: 'asc' } })

async function membersWhere(where: { id?: string }): Promise<MemberItem[]> {
  const users = await db.user.findMany({
    where,
    include: {
      grants: { select: { storeId: true, role: true } },
      sessions: { orderBy: { lastSeenAt: 'desc' }, take: 1, select: { lastSeenAt: true } },
    },
    orderBy: [{ disabledAt: { sort: 'asc', nulls: 'first' } }, { name: 'asc' }],
    take: SHOWN_MAX,
  })
  const blocked = await blockedAmong(users.map((user) => user.email))
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    owner: user.owner,
    grants: user.grants,
    lastSeenAt: user.sessions[0] ? fromDate(user.sessions[0].lastSeenAt) : null,
    secondFactor: hasSecondFactor(user),
    locked: blocked.has(user.email),
    disabledAt: user.disabledAt && fromDate(user.disabledAt),
  }))
}

async function openInvitations(): Promise<InvitationView[]> {
  const rows = await db.invitation.findMany({ where: openNow(), orderBy: { createdAt: 'desc' }, take: SHOWN_MAX })
  const names = await namesOf(rows.flatMap((row) => row.createdById ?? []))
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind === 'RESET' ? 'RESET' : 'INVITE',
    name: row.name,
    email: row.email,
    owner: row.owner,
    grants: Grants.parse(row.grants),
    createdBy: (row.createdById !== null && names.get(row.createdById)) || '',
    expiresAt: fromDate(row.expiresAt),
  }))
}

/** Fails with: permission.missing, member.not_found. */
export async function getMember(context: Context, id: string): Promise<MemberView> {
  authorizeOwner(context, 'member.manage')
  const [member] = z.uuid().safeParse(id).success ? await membersWhere({ id }) : []
  if (!member) throw new DomainError('member.not_found')
  return {
    ...member,
    stores: await storesOf(),
    sessions: await sessionsOf(id, selfOf(context).sessionId),
    history: await historyOf(id),
  }
}

const outcomes = z.enum(['done', 'denied', 'failed'])
/** What an audit row may say of a change to an account. Rows of before have less. */
const Changed = z.looseObject({
  owner: z.boolean().nullable().catch(null),
  grants: Grants.nullable().catch(null),
  change: z.string().nullable().catch(null),
})
const actions = [
  'setup.first_owner',
  'member.accept',
  'member.update',
  'member.disable',
  'member.unlock',
  'member.reset',
  'session.unlock',
  'session.end',
  'session.second_factor',
  'session.password',
]

async function historyOf(userId: string): Promise<MemberView['history']> {
  const rows = await db.auditEntry.findMany({
    where: { subject: 'user', subjectId: userId, action: { in: actions } },
    orderBy: { id: 'desc' },
    take: HISTORY_MAX,
  })
  const names = await namesOf(rows.flatMap((row) => row.actorId ?? []))
  return rows.map((row) => {
    const { owner, grants, change } = Changed.parse(row.facts)
    return {
      id: String(row.id),
      at: fromDate(row.at),
      who: (row.actorId !== null && names.get(row.actorId)) || row.actor,
      action: row.action,
      outcome: outcomes.parse(row.outcome),
      owner,
      grants,
      change,
    }
  })
}
