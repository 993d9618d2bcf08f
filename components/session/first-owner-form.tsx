'use client'

import Link from 'next/link'
import { useState, type FormEvent } from 'react'
import { useAction, type Action } from '../use-action.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'

const PASSWORD_MIN = 10
const textOf = (data: FormData, name: string): string => {
  const value = data.get(name)
  return typeof value === 'string' ? value : ''
}

export function FirstOwnerForm({
  create,
}: {
  readonly create: Action<{ email: string; name: string; password: string }, unknown>
}) {
  const words = useWords()
  const { t } = words
  const { run, pending, problem } = useAction(create)
  const [fault, setFault] = useState<'short' | 'differs' | null>(null)
  const [done, setDone] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const password = textOf(data, 'password')
    const wrong = password.length < PASSWORD_MIN ? 'short' : password === textOf(data, 'again') ? null : 'differs'
    setFault(wrong)
    if (wrong === null && (await run({ email: textOf(data, 'email'), name: textOf(data, 'name'), password })) !== null)
      setDone(true)
  }
  if (done) {
    return (
      <Callout tone="done" title={t('setup.done')}>
        <Link href="/login" className={`${buttonClass('primary')} mt-2`}>
          {t('login.title')}
        </Link>
      </Callout>
    )
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <TextField label={t('login.email')} name="email" type="email" autoComplete="username" required />
      <TextField label={t('setup.name')} name="name" autoComplete="name" required maxLength={60} />
      <TextField
        label={t('setup.password')}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        hint={t('setup.passwordHint')}
        error={fault === 'short' ? t('setup.short') : null}
      />
      <TextField
        label={t('setup.again')}
        name="again"
        type="password"
        autoComplete="new-password"
        required
        error={fault === 'differs' ? t('setup.differs') : null}
      />
      {problem ? (
        <Callout tone="refused" live>
          {words.problem(problem)}
        </Callout>
      ) : null}
      <Button look="primary" type="submit" disabled={pending}>
        {pending ? t('common.saving') : t('setup.submit')}
      </Button>
    </form>
  )
}
