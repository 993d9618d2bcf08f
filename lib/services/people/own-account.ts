import 'server-only'
import { z } from 'zod'
import { fromDate } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { MeView, SessionView } from '#lib/domain/views.ts'
import { audit } from '#lib/server/audit.ts'
import type { Context } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { hashPassword } from '#lib/server/password.ts'
import { hasSecondFactor } from '#lib/server/second-factor.ts'
import { alive, endSessions } from '#lib/server/sessions.ts'
import { proveAgain } from '#lib/server/sign-in.ts'
import { Password, revokeLinks } from './invitations.ts'
import { secondFactorRequired } from './second-factor.ts'
import { selfOf } from './self.ts'

/** The sessions of somebody that have not ended, the one seen last first. */
export async function sessionsOf(userId: string, hereId: string | null): Promise<SessionView[]> {
  const rows = await db.session.findMany({ where: { userId, ...alive() }, orderBy: { lastSeenAt: 'desc' }, take: 100 })
  return rows.map((row) => ({
    id: row.id,
    here: row.id === hereId,
    createdAt: fromDate(row.createdAt),
    lastSeenAt: fromDate(row.lastSeenAt),
    address: row.address,
    agent: row.agent,
  }))
}

export async function ownAccount(context: Context): Promise<MeView> {
  const person = selfOf(context)
  const user = await db.user.findUniqueOrThrow({ where: { id: person.id } })
  return {
    name: person.name,
    email: person.email,
    sessions: await sessionsOf(person.id, person.sessionId),
    secondFactor: {
      on: hasSecondFactor(user),
      required: await secondFactorRequired(person),
      recoveryCodesLeft: await db.recoveryCode.count({ where: { userId: person.id, usedAt: null } }),
    },
  }
}

export const EndOwnSession = z.object({ sessionId: z.uuid() })

/** Fails with: session.not_found. */
export async function endOwnSession(
  context: Context,
  { sessionId }: z.infer<typeof EndOwnSession>,
): Promise<{ here: boolean }> {
  const person = selfOf(context)
  return transaction(async (tx) => {
    const ended = await endSessions(tx, { id: sessionId, userId: person.id }, 'person')
    if (ended === 0) throw new DomainError('session.not_found')
    await audit(tx, context, { action: 'session.end', outcome: 'done', subject: { type: 'user', id: person.id } })
    return { here: sessionId === person.sessionId }
  })
}

export const ChangePassword = z.object({
  old: z.string().max(200),
  code: z.string().max(40).optional(),
  password: Password,
})

/** Ends the other sessions. Fails with: session.wrong_credentials, session.wrong_code, session.blocked. */
export async function changePassword(
  context: Context,
  input: z.infer<typeof ChangePassword>,
  address: string,
): Promise<{ ended: number }> {
  const person = selfOf(context)
  await proveAgain(person.id, { password: input.old, code: input.code }, address)
  const passwordHash = await hashPassword(input.password)
  return transaction(async (tx) => {
    await tx.user.update({ where: { id: person.id }, data: { passwordHash } })
    const ended = await endSessions(tx, { userId: person.id, id: { not: person.sessionId } }, 'password')
    await revokeLinks(tx, { userId: person.id })
    await audit(tx, context, {
      action: 'session.password',
      outcome: 'done',
      subject: { type: 'user', id: person.id },
      facts: { ended },
    })
    return { ended }
  })
}
