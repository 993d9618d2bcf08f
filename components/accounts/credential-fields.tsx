'use client'

import type { AccountView, CredentialFieldView } from '#lib/domain/views.ts'
import { TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'
import { textOf } from './form-frame.tsx'

/** The gateway's own field list as inputs. Secrets are write-only: what is set is told by its date and its end. */
export function CredentialFields({
  fields,
  account,
}: {
  readonly fields: readonly CredentialFieldView[]
  readonly account: AccountView | null
}) {
  const words = useWords()
  const { t } = words
  const hintOf = ({ name, secret, example }: CredentialFieldView) => {
    const hint = account?.hints[name]
    if (hint) return t('accounts.secretSet', { date: words.date(hint.setAt), endsIn: hint.endsIn })
    return `${t('accounts.example', { example })}${secret ? ` · ${t('accounts.secretHint')}` : ''}`
  }
  return fields.map((field) => (
    <TextField
      key={field.name}
      label={`${words.sentence(`credential.${field.name}`, {}, field.name)}${field.required ? '' : ` (${t('common.optional')})`}`}
      name={`field.${field.name}`}
      type={field.secret ? 'password' : 'text'}
      autoComplete="off"
      spellCheck={false}
      defaultValue={field.secret ? '' : (account?.settings[field.name] ?? '')}
      required={field.required && account?.hints[field.name] === undefined}
      hint={hintOf(field)}
    />
  ))
}

export const readFields = (data: FormData, fields: readonly CredentialFieldView[]): Record<string, string> =>
  Object.fromEntries(fields.map(({ name }) => [name, textOf(data, `field.${name}`)]))
