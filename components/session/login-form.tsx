'use client'

import { signIn } from 'next-auth/react'
import { useRef, useState, type FormEvent } from 'react'
import { ownAddress } from '#lib/domain/own-address.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import { CodeField } from './code-field.tsx'
import type { Ending } from './endings.ts'

export type DemoLogins = {
  readonly password: string
  readonly people: readonly { readonly email: string; readonly role: string }[]
}

/** The code is asked for once the password was right. */
export function LoginForm({
  callbackUrl,
  ended,
  demo,
}: {
  readonly callbackUrl: string | undefined
  /** Why whoever was here has been signed out. */
  readonly ended: Ending | null
  readonly demo: DemoLogins | null
}) {
  const words = useWords()
  const { t } = words
  // What was typed, or filled in by the browser, before the page was ready counts too: the fields themselves keep it.
  const email = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  const [code, setCode] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setPending(true)
    setFailure(null)
    try {
      const result = await signIn('credentials', {
        redirect: false,
        email: email.current?.value,
        password: password.current?.value,
        ...(code !== null && { code }),
      })
      if (result?.ok && !result.error)
        return window.location.assign(ownAddress(callbackUrl, window.location.origin) ?? '/')
      const problem = result?.error ?? 'broken'
      if (problem === 'session.wrong_code' && code === null) setCode('')
      else setFailure(words.problem({ code: problem, facts: {} }))
    } catch {
      setFailure(t('login.unreachable'))
    }
    setPending(false)
  }
  return (
    <div className="grid gap-6">
      {ended && code === null && failure === null ? (
        <Callout tone="waiting">{t(`login.ended.${ended}`)}</Callout>
      ) : null}
      <form method="post" onSubmit={(event) => void submit(event)} className="grid gap-4">
        <TextField label={t('login.email')} name="email" type="email" autoComplete="username" required ref={email} />
        <TextField
          label={t('login.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          ref={password}
          onChange={() => setCode(null)}
        />
        {code === null ? null : <CodeField value={code} onChange={setCode} />}
        {failure === null ? null : (
          <Callout tone="refused" live>
            {failure}
          </Callout>
        )}
        <Button look="primary" type="submit" disabled={pending}>
          {pending ? t('login.pending') : t('login.submit')}
        </Button>
      </form>
      {demo ? (
        <Demo
          demo={demo}
          fill={(one) => {
            if (email.current) email.current.value = one
            if (password.current) password.current.value = demo.password
            setCode(null)
          }}
        />
      ) : null}
    </div>
  )
}

function Demo({ demo, fill }: { readonly demo: DemoLogins; readonly fill: (email: string) => void }) {
  const words = useWords()
  const { t } = words
  return (
    <section className="grid gap-2 border-t border-line pt-4">
      <h2 className="font-semibold">{t('login.demo')}</h2>
      <p className="text-meta text-soft">{t('login.demoHint', { password: demo.password })}</p>
      <ul className="grid">
        {demo.people.map(({ email, role }) => (
          <li key={email} className="border-b border-line">
            <button
              type="button"
              onClick={() => fill(email)}
              className="flex h-9 w-full items-center justify-between gap-3 rounded px-1 hover:bg-sunk"
            >
              <span>{words.roles(role.toUpperCase())}</span>
              <span className="text-soft">{email}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
