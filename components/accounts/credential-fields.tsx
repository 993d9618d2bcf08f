'use client'

import { useId, type ComponentProps, type ReactNode } from 'react'
import type { AccountView, CredentialFieldView, GatewayView } from '#lib/domain/views.ts'
import { controlClass, TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import { textOf } from './form-frame.tsx'

/** The gateway's own field list as inputs. Secrets are write-only: what is set is told by its date and its end. */
export function CredentialFields({
  gateway,
  account,
}: {
  readonly gateway: GatewayView
  readonly account: AccountView | null
}) {
  const { sentence, t } = useWords()
  return gateway.fields.map((field) => {
    const fixed = isFixed(gateway, account, field)
    const about = {
      label: `${sentence(`credential.${field.name}`, {}, field.name)}${field.required ? '' : ` (${t('common.optional')})`}`,
      name: `field.${field.name}`,
      autoComplete: 'off',
      spellCheck: false,
      readOnly: fixed,
      defaultValue: field.secret ? '' : (account?.settings[field.name] ?? field.usual ?? ''),
      required: field.required && account?.hints[field.name] === undefined,
      hint: <Hint field={field} account={account} fixed={fixed} />,
    }
    return field.long ? (
      <LongField key={field.name} {...about} />
    ) : (
      <TextField key={field.name} type={field.secret ? 'password' : 'text'} {...about} />
    )
  })
}

/** What names the account's one channel stays as it is. */
const isFixed = ({ ownChannel }: GatewayView, account: AccountView | null, { name, secret }: CredentialFieldView) =>
  ownChannel && !secret && account !== null && account.channels.some(({ key }) => key === account.settings[name])

const USUAL_MAX = 60

function Hint({
  field: { name, secret, example, usual, assumed },
  account,
  fixed,
}: {
  readonly field: CredentialFieldView
  readonly account: AccountView | null
  readonly fixed: boolean
}) {
  const words = useWords()
  const { t } = words
  const set = account?.hints[name]
  const { endsIn = '' } = set ?? {}
  const date = set ? words.date(set.setAt) : ''
  if (fixed) return t('accounts.siteFixed')
  if (set) return endsIn === '' ? t('accounts.secretSetShort', { date }) : t('accounts.secretSet', { date, endsIn })
  if (usual !== null)
    return (
      <>
        {usual.length > USUAL_MAX ? t('accounts.usualLong') : t('accounts.usual', { usual })}
        {assumed ? <span className="block text-waiting">{t('accounts.assumed')}</span> : null}
      </>
    )
  return `${t('accounts.example', { example })}${secret ? ` · ${t('accounts.secretHint')}` : ''}`
}

type LongProps = Omit<ComponentProps<'textarea'>, 'id'> & { readonly label: string; readonly hint: ReactNode }

/** Several lines: a certificate, a key. */
function LongField({ label, hint, ...area }: LongProps) {
  const id = useId()
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="text-meta font-medium text-soft">
        {label}
      </label>
      <textarea
        id={id}
        rows={4}
        maxLength={8_000}
        aria-describedby={`${id}-below`}
        className={`${controlClass} h-auto w-full py-1.5 break-all`}
        {...area}
      />
      <p id={`${id}-below`} className="text-meta text-faint">
        {hint}
      </p>
    </div>
  )
}

export const readFields = (data: FormData, fields: readonly CredentialFieldView[]): Record<string, string> =>
  Object.fromEntries(fields.map(({ name }) => [name, textOf(data, `field.${name}`)]))
