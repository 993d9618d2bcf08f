'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState, type FormEvent } from 'react'
import type { MeView } from '#lib/domain/views.ts'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction, type Action } from '../use-action.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { TextField } from '../ui/field.tsx'
import { Mark } from '../ui/mark.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Section } from '../ui/section.tsx'
import { useWords } from '../words.tsx'
import { CodeField } from './code-field.tsx'
import { NewPassword, passwordFault, secretOf, type PasswordFault } from './new-password.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SessionRows } from './session-rows.tsx'

type None = Record<string, never>
export type MeActions = {
  readonly endSession: Action<{ sessionId: string }, unknown>
  readonly changePassword: Action<{ old: string; code?: string; password: string }, { ended: number }>
  readonly renewCodes: Action<None, { codes: string[] }>
  readonly turnOff: Action<None, unknown>
}
type Props = { readonly me: MeView; readonly actions: MeActions }

export function MePage({ me, actions }: Props) {
  const { t } = useWords()
  return (
    <>
      <PageHead title={t('me.title')} note={`${me.name} · ${me.email}`} />
      <Section title={t('me.sessions')}>
        <SessionRows sessions={me.sessions} end={actions.endSession} />
      </Section>
      <Section title={t('secondFactor.name')}>
        <SecondFactorPart me={me} actions={actions} />
      </Section>
      <Section title={t('me.password')}>
        <PasswordForm secondFactor={me.secondFactor.on} change={actions.changePassword} />
      </Section>
    </>
  )
}

function SecondFactorPart({ me: { secondFactor }, actions }: Props) {
  const { t } = useWords()
  const router = useRouter()
  const off = useAction(actions.turnOff)
  const renew = useAction(actions.renewCodes)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const problem = off.problem ?? renew.problem
  const turnOff = async () => {
    if ((await off.run({})) === null) return
    setCodes(null)
    router.refresh()
  }
  const renewCodes = async () => {
    const made = await renew.run({})
    if (!made) return
    setCodes(made.codes)
    router.refresh()
  }
  if (!secondFactor.on) {
    return (
      <div className="grid justify-items-start gap-3">
        <Mark tone="ended">{t('secondFactor.off')}</Mark>
        <p className="text-soft">{t('secondFactor.intro')}</p>
        <Link href="/second-factor" className={buttonClass('primary')}>
          {t('secondFactor.turnOn')}
        </Link>
      </div>
    )
  }
  return (
    <div className="grid justify-items-start gap-3">
      <Mark tone="done">{t('secondFactor.on')}</Mark>
      <p className="text-soft">{t('secondFactor.codesLeft', { count: secondFactor.recoveryCodesLeft })}</p>
      <ProblemCallout problem={problem} />
      {codes ? <RecoveryCodes codes={codes} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button disabled={renew.pending} onClick={() => void renewCodes()}>
          {t('secondFactor.renew')}
        </Button>
        <Button disabled={off.pending || secondFactor.required} onClick={() => void turnOff()}>
          {t('secondFactor.turnOff')}
        </Button>
      </div>
      {secondFactor.required ? <p className="text-meta text-soft">{t('secondFactor.required')}</p> : null}
    </div>
  )
}

function PasswordForm({
  secondFactor,
  change,
}: {
  readonly secondFactor: boolean
  readonly change: MeActions['changePassword']
}) {
  const { t } = useWords()
  const { run, pending, problem } = useAction(change)
  const [code, setCode] = useState('')
  const [fault, setFault] = useState<PasswordFault>(null)
  const [saved, setSaved] = useState(false)
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const data = new FormData(form)
    const wrong = passwordFault(data)
    setFault(wrong)
    setSaved(false)
    if (wrong !== null) return
    const input = { old: secretOf(data, 'old'), password: secretOf(data, 'password'), ...(secondFactor && { code }) }
    if ((await run(input)) === null) return
    form.reset()
    setCode('')
    setSaved(true)
  }
  return (
    <form method="post" onSubmit={(event) => void send(event)} className="grid max-w-sm gap-4">
      <TextField
        label={t('me.old')}
        name="old"
        type="password"
        autoComplete="current-password"
        required
        maxLength={200}
      />
      {secondFactor ? <CodeField value={code} onChange={setCode} focus={false} /> : null}
      <NewPassword fault={fault} />
      <ProblemCallout problem={problem} />
      {saved ? (
        <Callout tone="done" live>
          {t('me.passwordDone')}
        </Callout>
      ) : null}
      <Button look="primary" type="submit" disabled={pending} className="justify-self-start">
        {pending ? t('common.saving') : t('me.passwordSubmit')}
      </Button>
    </form>
  )
}
