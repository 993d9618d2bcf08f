'use client'

import { useEffect, useRef, useState } from 'react'
import type { SessionLife } from '#lib/domain/views.ts'
import { Button } from '../ui/button.tsx'
import { Prompt } from '../ui/prompt.tsx'
import { useWords } from '../words.tsx'
import { goToSignIn, leave, noteEnds } from './leaving.ts'

const TICK_MS = 1_000
/** How often the server is told that somebody is there. */
const BEAT_MS = 60_000
const WARN_MS = 60_000
const UNAUTHENTICATED = 401
const activities = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

type Warning = { readonly kind: 'idle' | 'age'; readonly endsAt: number }

/**
 * Ends the session in front of whoever has gone, and asks first. Only what a person does keeps it alive: a page that reads by
 * itself does not. Another window may have kept it alive, so the server is asked before anything is shown.
 */
export function IdleGuard() {
  const { warning, stay } = useIdle()
  const { t } = useWords()
  const title = t(warning?.kind === 'age' ? 'idle.ageTitle' : 'idle.title')
  return (
    <Prompt open={warning !== null} onClose={stay} title={title}>
      {warning ? <Countdown warning={warning} stay={stay} /> : null}
    </Prompt>
  )
}

function Countdown({ warning: { kind, endsAt }, stay }: { readonly warning: Warning; readonly stay: () => void }) {
  const { t } = useWords()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.ceil((endsAt - now) / 1_000))
  return (
    <>
      <p className="text-soft">{t(kind === 'age' ? 'idle.age' : 'idle.why')}</p>
      <p role="timer" className="text-title font-semibold">
        {t('idle.left', { seconds })}
      </p>
      <div className="flex gap-2">
        <Button look="primary" onClick={stay}>
          {t(kind === 'age' ? 'common.close' : 'idle.stay')}
        </Button>
        <Button onClick={() => void leave()}>{t('frame.signOut')}</Button>
      </div>
    </>
  )
}

function useIdle() {
  const [warning, setWarning] = useState<Warning | null>(null)
  const guard = useRef<Guard | null>(null)
  useEffect(() => {
    const made = guardOf(setWarning)
    guard.current = made
    const note = (event: Event) => {
      if (event.isTrusted) made.seen()
    }
    for (const activity of activities) window.addEventListener(activity, note, { passive: true, capture: true })
    const timer = setInterval(() => void made.tick(), TICK_MS)
    return () => {
      clearInterval(timer)
      for (const activity of activities) window.removeEventListener(activity, note, { capture: true })
    }
  }, [])
  return { warning, stay: () => guard.current?.stay() }
}

type Guard = { readonly seen: () => void; readonly stay: () => void; readonly tick: () => Promise<void> }

function guardOf(show: (warning: Warning | null) => void): Guard {
  // Opening the page was something a person did.
  let [seenAt, toldAt, idleAt, agedAt] = [Date.now(), 0, Infinity, Infinity]
  let [asking, warned, dismissed] = [false, false, false]

  const ask = async (method: 'GET' | 'POST') => {
    if (method === 'POST') toldAt = Date.now()
    const response = await fetch('/api/session', { method })
    if (response.status === UNAUTHENTICATED) return goToSignIn()
    if (!response.ok) return
    const answer: { json(): Promise<SessionLife> } = response
    const { idleMs, lastsMs } = await answer.json()
    idleAt = Date.now() + idleMs
    agedAt = Date.now() + lastsMs
    noteEnds({ idleAt, agedAt })
  }
  const warn = (on: boolean) => {
    warned = on
    show(on ? { kind: agedAt <= idleAt ? 'age' : 'idle', endsAt: Math.min(idleAt, agedAt) } : null)
  }
  const step = async () => {
    const now = Date.now()
    const endsAt = Math.min(idleAt, agedAt)
    const untold = seenAt > toldAt && now >= toldAt + BEAT_MS
    if (untold && (!warned || now < idleAt - WARN_MS)) return ask('POST')
    if (now < endsAt - WARN_MS) return warned ? warn(false) : undefined
    if (now >= endsAt) {
      await ask('GET')
      return Date.now() >= Math.min(idleAt, agedAt) ? leave() : undefined
    }
    if (warned || (dismissed && agedAt <= idleAt)) return
    await ask('GET')
    if (Date.now() >= Math.min(idleAt, agedAt) - WARN_MS) warn(true)
  }
  return {
    seen: () => {
      // While it asks, only the answer counts.
      if (!warned) seenAt = Date.now()
    },
    stay: () => {
      dismissed = agedAt <= idleAt
      warn(false)
      seenAt = Date.now()
      toldAt = 0
    },
    tick: async () => {
      if (asking) return
      asking = true
      try {
        await step()
      } catch {
        // The server cannot be reached now: the next tick asks again.
      } finally {
        asking = false
      }
    },
  }
}
