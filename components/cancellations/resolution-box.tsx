'use client'

import type { Instant } from '#lib/domain/kst.ts'
import type { ResolutionView } from '#lib/domain/views.ts'
import { EvidenceLink } from '../evidence/evidence-upload.tsx'
import { resolutionLines } from '../payments/ledger-lines.ts'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useWords } from '../words.tsx'
import type { DeskActions } from './actions.ts'

type Props = {
  readonly resolution: ResolutionView
  readonly may: boolean
  readonly now: Instant
  readonly decide: DeskActions['decide']
  readonly reload: () => Promise<unknown>
}

/** What one person says became of it, for another to agree with or not. */
export function ResolutionBox({ resolution, may, now, decide, reload }: Props) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(decide)
  const { id, mine, aloneFrom, decision, evidenceId } = resolution
  const alone = mine && aloneFrom !== null && now >= aloneFrom
  const mayAgree = may && (!mine || alone)
  const hint = () => {
    if (!may) return t('desk.needsManager')
    if (!mine) return null
    if (alone) return t('resolution.aloneNow')
    return aloneFrom === null ? t('resolution.own') : t('resolution.aloneLater', { at: words.instant(aloneFrom) })
  }
  return (
    <Callout tone={decision === 'awaiting' ? 'waiting' : 'ended'} title={t('resolution.title')}>
      <ul className="grid gap-0.5">
        {resolutionLines(resolution, words).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {evidenceId === null ? null : <EvidenceLink id={evidenceId} />}
      {decision === 'awaiting' ? (
        <div className="mt-2 grid gap-2">
          <p className="text-soft empty:hidden">{hint()}</p>
          <div className="flex flex-wrap gap-2">
            <Button
              look="primary"
              disabled={!mayAgree || pending}
              onClick={() => void run({ id, agree: true }).then(reload)}
            >
              {t('resolution.agree')}
            </Button>
            <Button disabled={!may || pending} onClick={() => void run({ id, agree: false }).then(reload)}>
              {t('resolution.disagree')}
            </Button>
          </div>
        </div>
      ) : null}
      {problem ? (
        <p role="alert" className="mt-2 text-refused">
          {words.problem(problem)}
        </p>
      ) : null}
    </Callout>
  )
}
