'use client'

import { TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'

const PASSWORD_MIN = 10

export type PasswordFault = 'short' | 'differs' | null

/** As it was typed: a space at its end is part of a password. */
export const secretOf = (data: FormData, name: string): string => {
  const value = data.get(name)
  return typeof value === 'string' ? value : ''
}

/** What is wrong with the two fields of `NewPassword`. */
export function passwordFault(data: FormData): PasswordFault {
  const password = secretOf(data, 'password')
  if (password.length < PASSWORD_MIN) return 'short'
  return password === secretOf(data, 'again') ? null : 'differs'
}

/** A new password, typed twice. */
export function NewPassword({ fault }: { readonly fault: PasswordFault }) {
  const { t } = useWords()
  return (
    <>
      <TextField
        label={t('setup.password')}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        maxLength={200}
        hint={t('setup.passwordHint')}
        error={fault === 'short' ? t('setup.short') : null}
      />
      <TextField
        label={t('setup.again')}
        name="again"
        type="password"
        autoComplete="new-password"
        required
        maxLength={200}
        error={fault === 'differs' ? t('setup.differs') : null}
      />
    </>
  )
}
