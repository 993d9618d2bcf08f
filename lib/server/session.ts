import 'server-only'
import type { AuthOptions } from 'next-auth'
import { getServerSession } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { DomainError } from '#lib/domain/problem.ts'
import type { Person } from './context.ts'
import { sessionSecret } from './crypto.ts'
import { db } from './db.ts'
import { signInWith } from './sign-in.ts'

const HOURS_MAX = 12

export const authOptions: AuthOptions = {
  secret: sessionSecret,
  session: { strategy: 'jwt', maxAge: HOURS_MAX * 3600 },
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
  const session = await getServerSession(authOptions)
  const email = session?.user?.email
  if (!email) return null
  const user = await db.user.findUnique({ where: { email }, include: { grants: true } })
  if (!user || user.disabledAt !== null) return null
  return {
    kind: 'person',
    id: user.id,
    name: user.name,
    email: user.email,
    owner: user.owner,
    grants: new Map(user.grants.map((grant) => [grant.storeId, grant.role])),
  }
})

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
