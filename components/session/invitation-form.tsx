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

type Props = {
  readonly token: string
  readonly invitation: { readonly kind: 'INVITE' | 'RESET'; readonly name: string; readonly email: string }
  readonly accept: Action<{ token: string; name: string; password: string }, { email: string }>
}

export function InvitationForm({ token, invitation: { kind, name, email }, accept }: Props) {
  const { t } = useWords()
  const { run, pending, problem } = useAction(accept)
  const [fault, setFault] = useState<PasswordFault>(null)
  const [done, setDone] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const wrong = passwordFault(data)
    setFault(wrong)
    const input = { token, name: kind === 'INVITE' ? textOf(data, 'name') : name, password: secretOf(data, 'password') }
    if (wrong === null && (await run(input)) !== null) setDone(true)
  }
  if (done) {
    return (
      <Callout tone="done" title={t(`invite.done${kind}`)}>
        <Link href="/login" className={`${buttonClass('primary')} mt-2`}>
          {t('login.title')}
        </Link>
      </Callout>
    )
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="grid gap-4">
      <TextField label={t('login.email')} type="email" autoComplete="username" readOnly value={email} />
      {kind === 'INVITE' ? (
        <TextField
          label={t('setup.name')}
          name="name"
          autoComplete="name"
          required
          maxLength={60}
          defaultValue={name}
        />
      ) : null}
      <NewPassword fault={fault} />
      <ProblemCallout problem={problem} />
      <Button look="primary" type="submit" disabled={pending}>
        {pending ? t('common.saving') : t(`invite.submit${kind}`)}
      </Button>
    </form>
  )
}
