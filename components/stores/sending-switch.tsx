'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { StorePolicyView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { Mark } from '../ui/mark.tsx'
import { useWords } from '../words.tsx'
import type { StoreActions } from './actions.ts'

const WHY_MAX = 200

/** Stops everything that would be sent to a gateway for this store; what is on its way is still confirmed. */
export function SendingSwitch({
  store,
  actions,
}: {
  readonly store: StorePolicyView
  readonly actions: Pick<StoreActions, 'stop' | 'resume'>
}) {
  const words = useWords()
  const { t } = words
  const router = useRouter()
  const [why, setWhy] = useState('')
  const stop = useAction(actions.stop)
  const resume = useAction(actions.resume)
  const { id: storeId, stopped, may } = store
  const problem = stop.problem ?? resume.problem
  const pending = stop.pending || resume.pending
  const change = async (made: Promise<unknown>) => {
    if ((await made) === null) return
    setWhy('')
    router.refresh()
  }
  return (
    <div className="grid gap-3">
      <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold">
        {t('stores.switch')}
        <Mark tone={stopped ? 'refused' : 'done'} className="font-normal">
          {t(stopped ? 'stores.stopped' : 'stores.sending')}
        </Mark>
      </h3>
      {stopped ? (
        <Callout tone="refused" title={t('stores.stoppedTitle', { who: stopped.who, at: words.instant(stopped.at) })}>
          <p>{t('stores.stoppedWhy', { why: stopped.why })}</p>
          <p className="text-soft">{t('stores.stoppedHint')}</p>
        </Callout>
      ) : (
        <p className="text-soft">{t('stores.switchHint')}</p>
      )}
      <ProblemCallout problem={problem} />
      {may.stop ? null : <p className="text-meta text-soft">{t('stores.stopNeeds')}</p>}
      {stopped ? (
        <Button
          className="justify-self-start"
          disabled={!may.stop || pending}
          onClick={() => void change(resume.run({ storeId }))}
        >
          {t(pending ? 'common.saving' : 'stores.resume')}
        </Button>
      ) : (
        <form
          method="post"
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            void change(stop.run({ storeId, why: why.trim() }))
          }}
        >
          <TextField
            className="min-w-0 max-w-xl flex-1 basis-64"
            label={t('stores.why')}
            value={why}
            maxLength={WHY_MAX}
            autoComplete="off"
            disabled={!may.stop}
            onChange={({ target }) => setWhy(target.value)}
          />
          <Button type="submit" disabled={!may.stop || pending || why.trim() === ''}>
            {t(pending ? 'common.saving' : 'stores.stop')}
          </Button>
        </form>
      )}
    </div>
  )
}
