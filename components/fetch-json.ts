import type { Facts } from '#lib/domain/problem.ts'
import { goToSignIn } from './session/leaving.ts'

/** What a JSON route answered instead of what was asked for. */
export class ProblemError extends Error {
  readonly problem: { readonly code: string; readonly facts: Facts }
  constructor(code: string, facts: Facts) {
    super(code)
    this.name = 'ProblemError'
    this.problem = { code, facts }
  }
}

const UNAUTHENTICATED = 401

/** Reads one of our own JSON routes, whose shape is the view it declares. A session that ended goes to the sign-in page. */
export async function getJson<View>(path: string, signal?: AbortSignal): Promise<View> {
  const response = await fetch(path, { headers: { accept: 'application/json' }, ...(signal && { signal }) })
  if (response.status === UNAUTHENTICATED) goToSignIn()
  if (!response.ok) throw await problemIn(response)
  // Our own route: its type is the view it was written to give.
  const answer: { json(): Promise<View> } = response
  return answer.json()
}

async function problemIn(response: Response): Promise<Error> {
  const answer: { json(): Promise<{ problem: { code: string; facts?: Facts } }> } = response
  try {
    const { problem } = await answer.json()
    return new ProblemError(problem.code, problem.facts ?? {})
  } catch {
    return new Error(`status ${response.status}`)
  }
}

/** `?a=1&b=2` of what is set. */
export function queryOf(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const set = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '')
  return new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()
}
