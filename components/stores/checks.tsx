'use client'

import { useId, type ReactNode } from 'react'

/** Several that may be ticked, and in a line what ticking means. */
export function Checks({
  legend,
  hint,
  children,
}: {
  readonly legend: string
  readonly hint: string
  readonly children: ReactNode
}) {
  const id = useId()
  return (
    <fieldset aria-describedby={id}>
      <legend className="text-meta font-medium text-soft">{legend}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1 py-1.5">{children}</div>
      <p id={id} className="text-meta text-faint">
        {hint}
      </p>
    </fieldset>
  )
}

export function Tick({
  label,
  checked,
  disabled,
  onChange,
}: {
  readonly label: string
  readonly checked: boolean
  readonly disabled: boolean
  readonly onChange: (on: boolean) => void
}) {
  return (
    <label className="flex items-center gap-2">
      <input
        type="checkbox"
        className="accent-accent"
        checked={checked}
        disabled={disabled}
        onChange={({ target }) => onChange(target.checked)}
      />
      {label}
    </label>
  )
}
