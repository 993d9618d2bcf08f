'use client'

import { useId } from 'react'

type Props<Value extends string> = {
  readonly legend: string
  readonly name: string
  readonly value: Value | null
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly hint: string }[]
  readonly onChange: (value: Value) => void
}

/** One of a few, each with what it means. */
export function Choice<Value extends string>({ legend, name, value, choices, onChange }: Props<Value>) {
  const id = useId()
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-meta font-medium text-soft">{legend}</legend>
      {choices.map((choice) => (
        <div key={choice.value} className="grid grid-cols-[auto_1fr] gap-x-2">
          <input
            id={`${id}-${choice.value}`}
            type="radio"
            name={`${id} ${name}`}
            value={choice.value}
            checked={value === choice.value}
            aria-describedby={`${id}-${choice.value}-below`}
            className="mt-1 accent-accent"
            onChange={() => onChange(choice.value)}
          />
          <label htmlFor={`${id}-${choice.value}`} className="font-medium">
            {choice.label}
          </label>
          <p id={`${id}-${choice.value}-below`} className="col-start-2 text-meta text-soft">
            {choice.hint}
          </p>
        </div>
      ))}
    </fieldset>
  )
}
