import { signOut } from 'next-auth/react'
import type { Ending } from './endings.ts'

const SOON_MS = 5_000
let ends: { readonly idleAt: number; readonly agedAt: number } | null = null

/** What the guard last learned, so that whoever is first told that the session is over can say why. */
export const noteEnds = (known: { readonly idleAt: number; readonly agedAt: number }): void => {
  ends = known
}

function endingNow(): Ending {
  const soon = Date.now() + SOON_MS
  if (ends === null) return 'other'
  if (soon >= ends.agedAt) return 'age'
  return soon >= ends.idleAt ? 'idle' : 'other'
}

/** To the sign-in page, which says why and leads back here. */
export function goToSignIn(): void {
  const here = `${window.location.pathname}${window.location.search}`
  window.location.assign(`/login?${new URLSearchParams({ callbackUrl: here, ended: endingNow() }).toString()}`)
}

/** Ends the session at the server as well. Should the server not be reached: it ends there by itself. */
export async function leave(): Promise<void> {
  try {
    await signOut({ redirect: false })
  } finally {
    goToSignIn()
  }
}
