'use client'

import { Button } from '../ui/button.tsx'
import { useWords } from '../words.tsx'
import { Status } from './cancel-progress.tsx'
import type { Phase } from './use-cancel.ts'

type Props = {
  readonly phase: Extract<Phase, { kind: 'lost' }>
  readonly onCheck: () => void
  readonly onResend: () => void
}

/** Our own server did not answer: ask first; sending again is offered only once it is seen to be absent. */
export function CancelLost({ phase, onCheck, onResend }: Props) {
  const words = useWords()
  const { t } = words
  const hint =
    phase.absentAt === null
      ? phase.unreachable
        ? t('sheet.checkFailed')
        : t('sheet.lost')
      : t('sheet.lostAbsent', { at: words.instant(phase.absentAt) })
  return (
    <div className="grid gap-4">
      <Status tone="waiting" title={t('sheet.outsideTitle')} hint={hint} />
      <div className="flex flex-wrap gap-2">
        <Button look={phase.absentAt === null ? 'primary' : 'plain'} disabled={phase.checking} onClick={onCheck}>
          {phase.checking ? t('sheet.checkingNow') : t('sheet.check')}
        </Button>
        {phase.absentAt === null ? null : (
          <Button look="primary" onClick={onResend}>
            {t('sheet.resend')}
          </Button>
        )}
      </div>
    </div>
  )
}
