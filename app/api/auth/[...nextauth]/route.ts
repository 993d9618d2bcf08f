import NextAuth from 'next-auth'
import type { NextRequest } from 'next/server'
import { authOptions } from '#lib/server/session.ts'

type Context = { params: Promise<{ nextauth: string[] }> }

async function handler(request: NextRequest, context: Context): Promise<Response> {
  const answer: unknown = await NextAuth(request, context, authOptions)
  if (!(answer instanceof Response)) throw new Error('next-auth gave no answer')
  return answer
}

export { handler as GET, handler as POST }
