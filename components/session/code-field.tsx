'use client'

import { useEffect, useRef } from 'react'
import { TextField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'

/** The six digits of the app, or a recovery code. Where it appears once the password was right, it is typed into next. */
export function CodeField({
  value,
  onChange,
  focus = true,
}: {
  readonly value: string
  readonly onChange: (code: string) => void
  readonly focus?: boolean
}) {
  const { t } = useWords()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focus) field.current?.focus()
  }, [focus])
  return (
    <TextField
      ref={field}
      label={t('login.code')}
      hint={t('login.codeHint')}
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="characters"
      spellCheck={false}
      required
      maxLength={40}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  )
}
