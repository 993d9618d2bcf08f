'use client'

import { clsx } from 'clsx'
import { useId, type ComponentProps, type ReactNode } from 'react'

export const controlClass =
  'h-9 rounded border border-edge bg-paper px-2.5 text-body text-ink aria-invalid:border-refused disabled:bg-sunk disabled:text-faint'

type Around = { readonly label: string; readonly hint?: ReactNode; readonly error?: ReactNode }

/** A label, a control, and what is said of it. The control is told what describes it. */
type TextProps = Around & Omit<ComponentProps<'input'>, 'id'> & { readonly money?: boolean }
export function TextField({ label, hint, error, className, money = false, ...input }: TextProps) {
  const id = useId()
  return (
    <div className={clsx('grid content-start gap-1', className)}>
      <label htmlFor={id} className="text-meta font-medium text-soft">
        {label}
      </label>
      <input
        id={id}
        className={clsx(controlClass, 'w-full read-only:bg-sunk', money && 'text-end font-semibold')}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        {...input}
      />
      <Below id={id} hint={hint} error={error} />
    </div>
  )
}

export function SelectField({
  label,
  hint,
  error,
  className,
  ...select
}: Around & Omit<ComponentProps<'select'>, 'id'>) {
  const id = useId()
  return (
    <div className={clsx('grid content-start gap-1', className)}>
      <label htmlFor={id} className="text-meta font-medium text-soft">
        {label}
      </label>
      <select
        id={id}
        className={clsx(controlClass, 'w-full')}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        {...select}
      />
      <Below id={id} hint={hint} error={error} />
    </div>
  )
}

const described = (id: string, hint: ReactNode, error: ReactNode) => (hint || error ? `${id}-below` : undefined)

function Below({ id, hint, error }: { readonly id: string; readonly hint?: ReactNode; readonly error?: ReactNode }) {
  if (!hint && !error) return null
  return (
    <p id={`${id}-below`} className={clsx('text-meta', error ? 'text-refused' : 'text-faint')}>
      {error ?? hint}
    </p>
  )
}

/** A select small enough to stand among filters; filled when it narrows anything. */
export function FilterSelect({
  label,
  active,
  className,
  ...select
}: { readonly label: string; readonly active: boolean } & ComponentProps<'select'>) {
  return (
    <select
      aria-label={label}
      className={clsx(
        'h-7 max-w-44 shrink-0 rounded border px-1.5 text-meta',
        active ? 'border-accent bg-accent-soft text-accent' : 'border-line bg-paper text-soft hover:border-edge',
        className,
      )}
      {...select}
    />
  )
}
