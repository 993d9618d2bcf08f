'use client'

import { useCallback, useRef, useState, type FormEvent, type ReactNode } from 'react'
import type { Said } from '#lib/i18n/words.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { lost, type Action } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Prompt } from '../ui/prompt.tsx'
import { useWords } from '../words.tsx'
import { CodeField } from './code-field.tsx'
import { FreshContext } from './fresh.ts'

export type StepUp = Action<{ password: string; code?: string }, unknown>

/** Around everything whose actions may ask for a fresh sign-in: one dialog for all of them. */
export function StepUpProvider({ stepUp, children }: { readonly stepUp: StepUp; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const waiting = useRef<((given: boolean) => void)[]>([])
  const ask = useCallback(
    () =>
      new Promise<boolean>((resolve) => {
        waiting.current.push(resolve)
        setOpen(true)
      }),
    [],
  )
  const close = (given: boolean) => {
    for (const resolve of waiting.current.splice(0)) resolve(given)
    setOpen(false)
  }
  const { t } = useWords()
  return (
    <FreshContext value={ask}>
      {children}
      <Prompt open={open} onClose={() => close(false)} title={t('stepUp.title')}>
        <StepUpForm stepUp={stepUp} onDone={() => close(true)} onClose={() => close(false)} />
      </Prompt>
    </FreshContext>
  )
}

type State = { readonly pending: boolean; readonly codeAsked: boolean; readonly problem: Said | null }

function StepUpForm({
  stepUp,
  onDone,
  onClose,
}: {
  readonly stepUp: StepUp
  readonly onDone: () => void
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [{ pending, codeAsked, problem }, setState] = useState<State>({
    pending: false,
    codeAsked: false,
    problem: null,
  })
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setState({ pending: true, codeAsked, problem: null })
    try {
      const result = await stepUp({ password, ...(codeAsked && { code }) })
      if (result.ok) return onDone()
      const first = result.problem.code === 'session.wrong_code' && !codeAsked
      setState({ pending: false, codeAsked: codeAsked || first, problem: first ? null : result.problem })
    } catch {
      setState({ pending: false, codeAsked, problem: lost })
    }
  }
  return (
    <form method="post" onSubmit={(event) => void send(event)} className="grid gap-4">
      <p className="text-soft">{t('stepUp.why')}</p>
      <TextField
        label={t('login.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
      {codeAsked ? <CodeField value={code} onChange={setCode} /> : null}
      <ProblemCallout problem={problem} />
      <div className="flex gap-2">
        <Button look="primary" type="submit" disabled={pending}>
          {pending ? t('login.pending') : t('stepUp.submit')}
        </Button>
        <Button onClick={onClose}>{t('stepUp.cancel')}</Button>
      </div>
    </form>
  )
}
