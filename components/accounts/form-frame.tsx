'use client'

import { useRouter } from 'next/navigation'
import type { FormEvent, ReactNode } from 'react'
import { useAction, type Action } from '../use-action.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useWords } from '../words.tsx'

type Props<Input, Value> = {
  readonly action: Action<Input, Value>
  /** Null where the form does not say enough. */
  readonly read: (data: FormData) => Input | null
  readonly submit: string
  readonly onDone: () => void
  readonly children: ReactNode
}

export const textOf = (data: FormData, name: string): string => {
  const value = data.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** A form that runs one action, says what went wrong, and shows the page anew when it went well. */
export function FormFrame<Input, Value>({ action, read, submit, onDone, children }: Props<Input, Value>) {
  const words = useWords()
  const router = useRouter()
  const { run, pending, problem } = useAction(action)
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const input = read(new FormData(event.currentTarget))
    if (input === null || (await run(input)) === null) return
    router.refresh()
    onDone()
  }
  const field = problem?.facts['field']
  return (
    <form method="post" onSubmit={(event) => void send(event)} className="grid gap-4">
      {children}
      {problem ? (
        <Callout tone="refused" live>
          {words.problem(problem)}
          {typeof field === 'string' ? ` (${words.sentence(`credential.${field}`, {}, field)})` : null}
        </Callout>
      ) : null}
      <Button look="primary" type="submit" disabled={pending} className="justify-self-start">
        {pending ? words.t('common.saving') : submit}
      </Button>
    </form>
  )
}
