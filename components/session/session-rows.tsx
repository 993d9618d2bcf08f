'use client'

import { useRouter } from 'next/navigation'
import type { SessionView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction, type Action } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { useWords } from '../words.tsx'

/** Sign-ins that have not ended, each with its end. */
export function SessionRows({
  sessions,
  end,
}: {
  readonly sessions: readonly SessionView[]
  readonly end: Action<{ sessionId: string }, unknown>
}) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const { run, pending, problem } = useAction(end)
  const finish = async (sessionId: string) => {
    if ((await run({ sessionId })) !== null) router.refresh()
  }
  if (sessions.length === 0) return <p className="text-soft">{t('me.noSessions')}</p>
  return (
    <div className="grid gap-3">
      <ProblemCallout problem={problem} />
      <ul className="border-t border-line">
        {sessions.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2">
            <span className="min-w-0 flex-1">
              <span className="font-medium">{one.agent || t('me.agentUnknown')}</span>
              {one.here ? <span className="text-done"> · {t('me.here')}</span> : null}
              <span className="block text-meta text-soft">
                {[one.address, t('me.since', { at: words.instant(one.createdAt) })].filter(Boolean).join(' · ')}
                {` · ${t('me.seen', { at: words.instant(one.lastSeenAt) })}`}
              </span>
            </span>
            <Button
              size="small"
              disabled={pending}
              aria-label={t('me.endOf', { agent: one.agent || t('me.agentUnknown') })}
              onClick={() => void finish(one.id)}
            >
              {t('me.end')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
