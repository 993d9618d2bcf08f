'use client'

import Link from 'next/link'
import { useState, type FormEvent } from 'react'
import { ProblemCallout } from '../problem-callout.tsx'
import { useAction, type Action } from '../use-action.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Copy } from '../ui/copy.tsx'
import { TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import { QrCode } from './qr-code.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

type Secret = { readonly secret: string; readonly uri: string }
type Props = {
  readonly start: Action<Record<string, never>, Secret>
  readonly confirm: Action<{ code: string }, { codes: string[] }>
  /** It must be done before anything else. */
  readonly due: boolean
}

/** The secret into an app, a code of it back, and the recovery codes kept. */
export function SecondFactorSetup({ start, confirm, due }: Props) {
  const { t } = useWords()
  const [secret, setSecret] = useState<Secret | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  if (codes) {
    return (
      <div className="grid gap-4">
        <Callout tone="done" live title={t('secondFactor.done')} />
        <RecoveryCodes codes={codes} />
        <Link href={due ? '/' : '/me'} className={buttonClass('primary')}>
          {t('secondFactor.goOn')}
        </Link>
      </div>
    )
  }
  return secret ? (
    <Confirm secret={secret} confirm={confirm} onDone={setCodes} />
  ) : (
    <Start start={start} due={due} onDone={setSecret} />
  )
}

function Start({ start, due, onDone }: Pick<Props, 'start' | 'due'> & { readonly onDone: (secret: Secret) => void }) {
  const { t } = useWords()
  const { run, pending, problem } = useAction(start)
  const begin = async () => {
    const made = await run({})
    if (made) onDone(made)
  }
  return (
    <div className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Button look="primary" disabled={pending} onClick={() => void begin()}>
        {t('secondFactor.start')}
      </Button>
      {due ? null : (
        <Link href="/me" className="text-center text-accent hover:underline">
          {t('secondFactor.back')}
        </Link>
      )}
    </div>
  )
}

function Confirm({
  secret: { secret, uri },
  confirm,
  onDone,
}: Pick<Props, 'confirm'> & { readonly secret: Secret; readonly onDone: (codes: readonly string[]) => void }) {
  const { t } = useWords()
  const { run, pending, problem } = useAction(confirm)
  const [code, setCode] = useState('')
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const confirmed = await run({ code })
    if (confirmed) onDone(confirmed.codes)
  }
  return (
    <form method="post" onSubmit={(event) => void send(event)} className="grid gap-4">
      <p>{t('secondFactor.scan')}</p>
      <QrCode text={uri} label={t('secondFactor.qr')} />
      <div className="grid gap-1">
        <p className="text-meta text-soft">{t('secondFactor.secret')}</p>
        <p className="flex items-start gap-1">
          <code className="break-all">{secret}</code>
          <Copy value={secret} what={t('secondFactor.secret')} />
        </p>
      </div>
      <TextField
        label={t('secondFactor.code')}
        hint={t('secondFactor.codeHint')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        maxLength={10}
        value={code}
        onChange={({ target }) => setCode(target.value)}
      />
      <ProblemCallout problem={problem} />
      <Button look="primary" type="submit" disabled={pending}>
        {pending ? t('login.pending') : t('secondFactor.confirm')}
      </Button>
    </form>
  )
}
