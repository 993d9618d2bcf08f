import 'server-only'
import type { AuthOptions } from 'next-auth'
import { decode } from 'next-auth/jwt'
import CredentialsProvider from 'next-auth/providers/credentials'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { DomainError } from '#lib/domain/problem.ts'
import type { StoreRole } from '#lib/policy/permissions.ts'
import type { Person } from './context.ts'
import { sessionSecret } from './crypto.ts'
import { db } from './db.ts'
import { env } from './env.ts'
import { signInWith } from './sign-in.ts'

const HOURS_MAX = 12
const overTls = env.publicUrl.startsWith('https:')
const SESSION_COOKIE = `${overTls ? '__Secure-' : ''}next-auth.session-token`

export const authOptions: AuthOptions = {
  secret: sessionSecret,
  session: { strategy: 'jwt', maxAge: HOURS_MAX * 3600 },
  useSecureCookies: overTls,
  pages: { signIn: '/login' },
  providers: [
    CredentialsProvider({
      credentials: { email: {}, password: {} },
      async authorize(credentials, request) {
        const forwarded: unknown = request.headers?.['x-forwarded-for']
        const address = typeof forwarded === 'string' ? (forwarded.split(',')[0] ?? '').trim() : ''
        return signInWith(credentials, address)
      },
    }),
  ],
}

/** The signed-in person as the database knows them now: someone disabled, or with another role, is so at once. */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const email = await signedInEmail()
  if (email === null) return null
  const [user] = await db.$queryRaw<PersonRow[]>`
    SELECT id, name, email, owner,
      (SELECT coalesce(jsonb_object_agg("storeId", role), '{}') FROM "Grant" WHERE "userId" = "User".id) AS grants
    FROM "User" WHERE email = ${email} AND "disabledAt" IS NULL`
  return user ? { ...user, kind: 'person', grants: new Map(Object.entries(user.grants)) } : null
})

/** Opens the cookie and no more; next-auth's own look at a session also seals it anew, at twice the cost. */
async function signedInEmail(): Promise<string | null> {
  const token = (await cookies()).get(SESSION_COOKIE)?.value
  if (token === undefined) return null
  try {
    return (await decode({ token, secret: sessionSecret }))?.email ?? null
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
