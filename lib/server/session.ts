import 'server-only'
import { randomUUID } from 'node:crypto'
import type { AuthOptions } from 'next-auth'
import { decode } from 'next-auth/jwt'
import CredentialsProvider from 'next-auth/providers/credentials'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { HOUR_MS, SECOND_MS } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import type { StoreRole } from '#lib/policy/permissions.ts'
import type { Person } from './context.ts'
import { sessionSecret } from './crypto.ts'
import { db } from './db.ts'
import { env } from './env.ts'
import { problemOf } from './report.ts'
import { addressOf, signInWith } from './sign-in.ts'

const LASTS_MS = 12 * HOUR_MS
const maxAge = LASTS_MS / SECOND_MS
const overTls = env.publicUrl.startsWith('https:')
const SESSION_COOKIE = `${overTls ? '__Secure-' : ''}next-auth.session-token`

export const authOptions: AuthOptions = {
  secret: sessionSecret,
  session: { strategy: 'jwt', maxAge },
  // Without this the token in the cookie outlives the cookie by a month.
  jwt: { maxAge },
  callbacks: {
    jwt: ({ token, trigger }) => (trigger === 'signIn' ? { ...token, signedInAt: Date.now() } : token),
  },
  useSecureCookies: overTls,
  pages: { signIn: '/login' },
  providers: [
    CredentialsProvider({
      credentials: { email: {}, password: {} },
      async authorize(credentials, request) {
        try {
          return await signInWith(credentials, addressOf(request.headers?.['x-forwarded-for']))
        } catch (error) {
          // next-auth tells the browser the message: a problem's is its code, a database's would be its own words.
          throw problemOf(error, randomUUID())
        }
      },
    }),
  ],
}

/** The signed-in person as the database knows them now: someone disabled, or with another role, is so at once. */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const token = (await cookies()).get(SESSION_COOKIE)?.value
  const id = token === undefined ? null : await holderOf(token)
  if (id === null) return null
  const [user] = await db.$queryRaw<PersonRow[]>`
    SELECT id, name, email, owner,
      (SELECT coalesce(jsonb_object_agg("storeId", role), '{}') FROM "Grant" WHERE "userId" = "User".id) AS grants
    FROM "User" WHERE id = ${id}::uuid AND "disabledAt" IS NULL`
  return user
    ? { ...user, kind: 'person', grants: new Map(Object.entries(user.grants)), sessionId: '', freshUntil: null }
    : null
})

/**
 * Whose cookie it is: by id, since an address may go to somebody else. Opens it and no more; next-auth's own look at a
 * session also seals it anew, at twice the cost, so that the hours are counted from the sign-in and not from the seal.
 */
export async function holderOf(token: string): Promise<string | null> {
  const holder = opened.get(token) ?? (await open(token))
  return holder !== null && Date.now() < holder.since + LASTS_MS ? holder.id : null
}

type Holder = { readonly id: string; readonly since: number }
const OPENED_MAX = 1_000
/** What a cookie says never changes, and opening it costs more than reading the payment: each is opened once. */
const opened = new Map<string, Holder>()

async function open(token: string): Promise<Holder | null> {
  try {
    const said = await decode({ token, secret: sessionSecret })
    const since: unknown = said?.['signedInAt']
    if (typeof since !== 'number' || said?.sub === undefined) return null
    if (opened.size >= OPENED_MAX) opened.clear()
    const holder = { id: said.sub, since }
    opened.set(token, holder)
    return holder
  } catch {
    // Forged, expired, or sealed with another key.
    return null
  }
}

type PersonRow = Pick<Person, 'id' | 'name' | 'email' | 'owner'> & { readonly grants: Record<string, StoreRole> }

export async function requirePerson(): Promise<Person> {
  const person = await currentPerson()
  if (!person) redirect('/login')
  return person
}

/** For actions and routes, which answer instead of redirecting. Fails with: session.missing. */
export async function signedIn(): Promise<Person> {
  const person = await currentPerson()
  if (!person) throw new DomainError('session.missing')
  return person
}
