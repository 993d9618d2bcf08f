import { z } from 'zod'
import { Stop } from '../../scripts/stop.ts'

const token = z.object({ csrfToken: z.string() })

/** Signs in as the login form does and answers the Cookie header of the session. */
export async function signIn(address: string, email: string, password: string): Promise<string> {
  const csrf = await fetch(`${address}/api/auth/csrf`)
  const { csrfToken } = token.parse(await csrf.json())
  const signedIn = await fetch(`${address}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Cookie: cookiesOf(csrf) },
    body: new URLSearchParams({ csrfToken, email, password, json: 'true' }),
  })
  const session = cookiesOf(signedIn)
  if (!session.includes('session-token=')) throw new Stop(`${email} could not sign in: ${await signedIn.text()}`)
  return session
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
