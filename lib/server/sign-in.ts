import 'server-only'
import { z } from 'zod'
import { instant } from '#lib/domain/kst.ts'
import { maskEmail } from '#lib/domain/mask.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { User } from '#prisma/client/client.ts'
import { audit } from './audit.ts'
import { contextOf } from './context.ts'
import { db, transaction, type Transaction } from './db.ts'
import { hashPassword, passwordFits } from './password.ts'
import { countSignInTry, countTryFrom, forgetSignInTries } from './rate-limit.ts'
import { hasSecondFactor, takeCode } from './second-factor.ts'
import { beginSession } from './sessions.ts'
import type { Visitor } from './visitor.ts'

const Credentials = z.object({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(200)
    .regex(/^[^\p{Cc}]*$/u),
  password: z.string().max(200),
  code: z.string().max(40).optional(),
})

let decoy: Promise<string> | undefined

/**
 * Takes as long for an account that does not exist. The code is asked for only once the password was right, and whoever has
 * to give one has not signed in before.
 * Fails with: session.wrong_credentials, session.wrong_code (also where none was given yet), session.blocked.
 */
export async function signInWith(
  credentials: unknown,
  visitor: Visitor,
): Promise<{ id: string; email: string; name: string; sessionId: string }> {
  const parsed = Credentials.safeParse(credentials)
  if (!parsed.success) throw new DomainError('session.wrong_credentials')
  const { email, password, code } = parsed.data
  const { address } = visitor
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
  if (!(await codeFits(user, code))) {
    await record(user, email, 'failed', code ? 'code' : 'code_asked')
    throw new DomainError('session.wrong_code')
  }
  await forgetSignInTries(email, address)
  const sessionId = await transaction(async (tx) => {
    // What ends sessions may have come between the look at the password and now.
    const same = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "User" WHERE id = ${user.id}::uuid
      AND "passwordHash" = ${user.passwordHash} AND "disabledAt" IS NULL FOR SHARE`
    if (same.length === 0) throw new DomainError('session.wrong_credentials')
    await recordIn(tx, user, email, 'done', null)
    return beginSession(tx, user.id, visitor)
  })
  return { id: user.id, email: user.email, name: user.name, sessionId }
}

/**
 * Somebody who is signed in proves again who they are, counted as signing in is.
 * Fails with: session.wrong_credentials, session.wrong_code (also where none was given), session.blocked.
 */
export async function proveAgain(
  userId: string,
  { password, code }: { readonly password: string; readonly code?: string | undefined },
  address: string,
): Promise<void> {
  await countTryFrom(address)
  const user = await db.user.findUniqueOrThrow({ where: { id: userId } })
  await countSignInTry(user.email, address)
  if (!(await passwordFits(password, user.passwordHash))) throw new DomainError('session.wrong_credentials')
  if (!(await codeFits(user, code))) throw new DomainError('session.wrong_code')
  await forgetSignInTries(user.email, address)
}

/** Also where there is no second factor. A code that fits is used up. */
async function codeFits(user: User, code: string | undefined): Promise<boolean> {
  if (!hasSecondFactor(user)) return true
  return code !== undefined && (await transaction((tx) => takeCode(tx, user, code, instant(Date.now())))) !== null
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
  await transaction((tx) => recordIn(tx, user, email, outcome, cause))
}

async function recordIn(
  tx: Transaction,
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
  await audit(tx, contextOf(actor), {
    action: 'session.sign_in',
    outcome,
    ...(user && { subject: { type: 'user', id: user.id } }),
    facts: { email: user ? email : maskEmail(email), cause },
  })
}
