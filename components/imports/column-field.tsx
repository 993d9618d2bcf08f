'use client'

import { maskCard, maskEmail, maskName, maskPhone } from '#lib/domain/mask.ts'
import { importMethods, type FileField, type ImportMethod } from '#lib/domain/payment-import.ts'
import { SelectField } from '../ui/field.tsx'
import { useWords } from '../words.tsx'

/** As everywhere else. */
const masks: Readonly<Partial<Record<FileField, (text: string) => string>>> = {
  buyer: maskName,
  phone: maskPhone,
  email: maskEmail,
  cardNumber: maskCard,
}

type Props = {
  readonly field: FileField
  readonly label: string
  readonly needed: boolean
  readonly file: {
    readonly titles: readonly string[]
    readonly samples: Readonly<Record<string, string>>
  } | null
  readonly title: string
  readonly disabled: boolean
  readonly onChoose: (title: string) => void
}

/** Which column of a file is this, with what stands in it first. */
export function ColumnField({ field, label, needed, file, title, disabled, onChoose }: Props) {
  const { t } = useWords()
  const found = file?.samples[title] ?? ''
  const sample = found === '' ? '' : (masks[field]?.(found) ?? found)
  return (
    <SelectField
      label={`${label}${needed ? ` (${t('imports.needed')})` : ''}`}
      value={title}
      disabled={disabled}
      hint={sample === '' ? undefined : <span className="break-all">{t('accounts.example', { example: sample })}</span>}
      onChange={({ target }) => onChoose(target.value)}
    >
      <option value="">{t('imports.noColumn')}</option>
      {(file?.titles ?? []).map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </SelectField>
  )
}

type AllMethodProps = {
  readonly value: ImportMethod | null
  readonly disabled: boolean
  readonly onChoose: (method: ImportMethod | null) => void
}

/** Of a file without a column for it. */
export function AllMethodField({ value, disabled, onChoose }: AllMethodProps) {
  const { t } = useWords()
  return (
    <SelectField
      label={t('imports.allMethod')}
      hint={t('imports.allMethodHint')}
      value={value ?? ''}
      disabled={disabled}
      onChange={({ target }) => onChoose(importMethods.find((one) => one === target.value) ?? null)}
    >
      <option value="">{t('imports.noColumn')}</option>
      {importMethods.map((method) => (
        <option key={method} value={method}>
          {t(`method.${method}`)}
        </option>
      ))}
    </SelectField>
  )
}
