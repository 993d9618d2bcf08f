import 'server-only'
import { z } from 'zod'
import { maskEmail } from '#lib/domain/mask.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { User } from '#prisma/client/client.ts'
import { audit } from './audit.ts'
import { contextOf } from './context.ts'
import { db, transaction } from './db.ts'
import { hashPassword, passwordFits } from './password.ts'
import { countSignInTry, countTryFrom, forgetSignInTries } from './rate-limit.ts'

const Credentials = z.object({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(200)
    .regex(/^[^\p{Cc}]*$/u),
  password: z.string().max(200),
})

/** The last address: the nearest proxy wrote it. Those before it came with the request, and anybody may write them. */
export const addressOf = (forwardedFor: unknown): string =>
  typeof forwardedFor === 'string' ? (forwardedFor.split(',').at(-1) ?? '').trim().slice(0, 64) : ''

let decoy: Promise<string> | undefined

/** Fails with: session.wrong_credentials, session.blocked. Takes as long for an account that does not exist. */
export async function signInWith(
  credentials: unknown,
  address: string,
): Promise<{ id: string; email: string; name: string }> {
  const parsed = Credentials.safeParse(credentials)
  if (!parsed.success) throw new DomainError('session.wrong_credentials')
  const { email, password } = parsed.data
  // Not recorded: what anybody can repeat without end must not fill a log that nothing is removed from.
  await countTryFrom(address)
  const user = await db.user.findUnique({ where: { email } })
  try {
    await countSignInTry(email, address)
  } catch (error) {
    await record(user, email, 'denied', 'blocked')
    throw error
  }
  const fits = await passwordFits(
    password,
    user?.passwordHash ?? (await (decoy ??= hashPassword('nobody has this password'))),
  )
  if (!user || !fits || user.disabledAt !== null) {
    await record(user, email, 'failed', user?.disabledAt ? 'disabled' : 'wrong')
    throw new DomainError('session.wrong_credentials')
  }
  await forgetSignInTries(email, address)
  await record(user, email, 'done', null)
  return { id: user.id, email: user.email, name: user.name }
}

/**
 * Whoever signed in did it; before that it was somebody who is not known. An address that is no account's may be anything,
 * a password too.
 */
async function record(
  user: User | null,
  email: string,
  outcome: 'done' | 'denied' | 'failed',
  cause: string | null,
): Promise<void> {
  const nobody = { kind: 'system', name: 'visitor' } as const
  const actor =
    user && outcome === 'done'
      ? { ...user, kind: 'person' as const, grants: new Map(), sessionId: '', freshUntil: null }
      : nobody
  await transaction((tx) =>
    audit(tx, contextOf(actor), {
      action: 'session.sign_in',
      outcome,
      ...(user && { subject: { type: 'user', id: user.id } }),
      facts: { email: user ? email : maskEmail(email), cause },
    }),
  )
}
