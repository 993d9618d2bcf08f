import { useId, type ReactNode } from 'react'

/** What a table is read from. */
export const tables = '.xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Chooses a file. The same one, corrected, may be chosen again. `children`: what it may be, and what is wrong with it. */
export function FileInput({
  label,
  accept,
  disabled = false,
  invalid = false,
  onFile,
  children,
}: {
  readonly label: string
  readonly accept: string
  readonly disabled?: boolean
  readonly invalid?: boolean
  readonly onFile: (file: File) => void
  readonly children?: ReactNode
}) {
  const id = useId()
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-meta font-medium text-soft">
        {label}
      </label>
      <input
        id={id}
        type="file"
        accept={accept}
        disabled={disabled}
        aria-invalid={invalid ? true : undefined}
        aria-describedby={`${id}-below`}
        className="w-full max-w-xl rounded border border-edge bg-paper text-meta text-soft file:mr-3 file:h-9 file:border-0 file:border-r file:border-line file:bg-sunk file:px-3 file:font-medium file:text-ink aria-invalid:border-refused"
        onChange={({ target }) => {
          const [file] = target.files ?? []
          if (file) onFile(file)
          target.value = ''
        }}
      />
      <div id={`${id}-below`} className="grid gap-1 text-meta">
        {children}
      </div>
    </div>
  )
}
