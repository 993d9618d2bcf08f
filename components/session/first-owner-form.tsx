'use client'

import Link from 'next/link'
import { useState, type FormEvent } from 'react'
import { textOf } from '../accounts/form-frame.tsx'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction, type Action } from '../use-action.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import { NewPassword, passwordFault, secretOf, type PasswordFault } from './new-password.tsx'

export function FirstOwnerForm({
  create,
}: {
  readonly create: Action<{ code: string; email: string; name: string; password: string }, unknown>
}) {
  const { t } = useWords()
  const { run, pending, problem } = useAction(create)
  const [fault, setFault] = useState<PasswordFault>(null)
  const [done, setDone] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const wrong = passwordFault(data)
    setFault(wrong)
    const input = { code: textOf(data, 'code'), email: textOf(data, 'email'), name: textOf(data, 'name') }
    if (wrong === null && (await run({ ...input, password: secretOf(data, 'password') })) !== null) setDone(true)
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
    <form method="post" onSubmit={(event) => void submit(event)} className="grid gap-4">
      <TextField
        label={t('setup.code')}
        hint={t('setup.codeHint')}
        name="code"
        autoComplete="off"
        spellCheck={false}
        required
        maxLength={100}
      />
      <TextField label={t('login.email')} name="email" type="email" autoComplete="username" required />
      <TextField label={t('setup.name')} name="name" autoComplete="name" required maxLength={60} />
      <NewPassword fault={fault} />
      <ProblemCallout problem={problem} />
      <Button look="primary" type="submit" disabled={pending}>
        {pending ? t('common.saving') : t('setup.submit')}
      </Button>
    </form>
  )
}
