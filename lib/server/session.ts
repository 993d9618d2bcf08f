import 'server-only'
import { randomUUID } from 'node:crypto'
import type { AuthOptions } from 'next-auth'
import { decode } from 'next-auth/jwt'
import CredentialsProvider from 'next-auth/providers/credentials'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { fromDate, instant, plus, SECOND_MS, toDate, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { movesMoney, type StoreRole } from '#lib/policy/permissions.ts'
import type { Person } from './context.ts'
import { sessionSecret } from './crypto.ts'
import { db, transaction } from './db.ts'
import { env } from './env.ts'
import { problemOf } from './report.ts'
import { IDLE_MS, LASTS_MS, signOutOf } from './sessions.ts'
import { signInWith } from './sign-in.ts'
import { FRESH_MS } from './step-up.ts'
import { addressOf, agentOf } from './visitor.ts'

const maxAge = LASTS_MS / SECOND_MS
const overTls = env.publicUrl.startsWith('https:')
const SESSION_COOKIE = `${overTls ? '__Secure-' : ''}next-auth.session-token`

export const authOptions: AuthOptions = {
  secret: sessionSecret,
  session: { strategy: 'jwt', maxAge },
  // Without this the token in the cookie outlives the cookie by a month.
  jwt: { maxAge },
  callbacks: {
    jwt: ({ token, trigger, user }) =>
      trigger === 'signIn' && 'sessionId' in user
        ? { ...token, signedInAt: Date.now(), sessionId: user.sessionId }
        : token,
  },
  events: {
    signOut: async ({ token }) => {
      const sessionId: unknown = token['sessionId']
      if (typeof sessionId === 'string') await transaction((tx) => signOutOf(tx, sessionId))
    },
  },
  useSecureCookies: overTls,
  pages: { signIn: '/login' },
  providers: [
    CredentialsProvider({
      credentials: { email: {}, password: {}, code: {} },
      async authorize(credentials, request) {
        try {
          const given = request.headers
          return await signInWith(credentials, {
            address: addressOf(given?.['x-forwarded-for']),
            agent: agentOf(given?.['user-agent']),
          })
        } catch (error) {
          // next-auth tells the browser the message: a problem's is its code, a database's would be its own words.
          throw problemOf(error, randomUUID())
        }
      },
    }),
  ],
}

export type SignedIn = {
  readonly person: Person
  readonly createdAt: Instant
  readonly lastSeenAt: Instant
  /** The installation asks this person for a second factor, and they have none yet: they can set one up, and nothing else. */
  readonly secondFactorDue: boolean
}

/**
 * The signed-in person and their session as the database knows them now: someone disabled, with another role, or signed out
 * elsewhere is so at once. One statement, since every request begins with it.
 */
export const currentSession = cache(async (): Promise<SignedIn | null> => {
  const token = (await cookies()).get(SESSION_COOKIE)?.value
  const holder = token === undefined ? null : await holderOf(token)
  if (holder === null) return null
  const now = instant(Date.now())
  const [row] = await db.$queryRaw<SessionRow[]>`
    SELECT u.id, u.name, u.email, u.owner, s.id AS "sessionId", s."createdAt", s."lastSeenAt", s."steppedUpAt",
      u."totpConfirmedAt" IS NULL AND i."secondFactor" AS "noFactor",
      (SELECT coalesce(jsonb_object_agg("storeId", role), '{}') FROM "Grant" WHERE "userId" = u.id) AS grants
    FROM "Session" s JOIN "User" u ON u.id = s."userId" CROSS JOIN "Installation" i
    WHERE s.id = ${holder.sessionId}::uuid AND u.id = ${holder.id}::uuid AND u."disabledAt" IS NULL AND s."endedAt" IS NULL
      AND s."lastSeenAt" > ${toDate(plus(now, -IDLE_MS))} AND s."createdAt" > ${toDate(plus(now, -LASTS_MS))}`
  return row ? signedInAs(row) : null
})

function signedInAs({ createdAt, lastSeenAt, steppedUpAt, noFactor, grants, ...user }: SessionRow): SignedIn {
  const person: Person = {
    ...user,
    kind: 'person',
    grants: new Map(Object.entries(grants)),
    freshUntil: steppedUpAt === null ? null : plus(fromDate(steppedUpAt), FRESH_MS),
  }
  return {
    person,
    createdAt: fromDate(createdAt),
    lastSeenAt: fromDate(lastSeenAt),
    secondFactorDue: noFactor && movesMoney(person),
  }
}

export const currentPerson = async (): Promise<Person | null> => (await currentSession())?.person ?? null

/**
 * Whose cookie it is: by id, since an address may go to somebody else. Opens it and no more; next-auth's own look at a
 * session also seals it anew, at twice the cost, so that the hours are counted from the sign-in and not from the seal.
 */
export async function holderOf(token: string): Promise<Holder | null> {
  const holder = opened.get(token) ?? (await open(token))
  return holder !== null && Date.now() < holder.since + LASTS_MS ? holder : null
}

type Holder = { readonly id: string; readonly sessionId: string; readonly since: number }
const OPENED_MAX = 1_000
/** What a cookie says never changes, and opening it costs more than reading the payment: each is opened once. */
const opened = new Map<string, Holder>()

async function open(token: string): Promise<Holder | null> {
  try {
    const said = await decode({ token, secret: sessionSecret })
    const since: unknown = said?.['signedInAt']
    const sessionId: unknown = said?.['sessionId']
    if (typeof since !== 'number' || typeof sessionId !== 'string' || said?.sub === undefined) return null
    if (opened.size >= OPENED_MAX) opened.clear()
    const holder = { id: said.sub, sessionId, since }
    opened.set(token, holder)
    return holder
  } catch {
    // Forged, expired, or sealed with another key.
    return null
  }
}

type SessionRow = Pick<Person, 'id' | 'name' | 'email' | 'owner' | 'sessionId'> & {
  readonly grants: Record<string, StoreRole>
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly steppedUpAt: Date | null
  readonly noFactor: boolean
}

/** For pages. Whoever must set up a second factor first is led there. */
export async function requirePerson(): Promise<Person> {
  const session = await currentSession()
  if (!session) redirect('/login')
  if (session.secondFactorDue) redirect('/second-factor')
  return session.person
}

/** For actions and routes, which answer instead of redirecting. Fails with: session.missing. */
export async function signedInNow(): Promise<SignedIn> {
  const session = await currentSession()
  if (!session) throw new DomainError('session.missing')
  return session
}

/** Fails with: session.missing, session.second_factor_needed. */
export async function signedIn(): Promise<Person> {
  const { person, secondFactorDue } = await signedInNow()
  if (secondFactorDue) throw new DomainError('session.second_factor_needed')
  return person
}
