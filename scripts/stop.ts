/** A reason not to go on, in one sentence for the person at the keyboard; printed without a stack. */
export class Stop extends Error {}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
