import type { ReactNode } from 'react'

export function PageHead({
  title,
  note,
  actions,
}: {
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-5 pb-3">
      <div className="flex min-w-0 flex-1 basis-40 flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-title font-semibold">{title}</h1>
        {note ? <p className="text-soft">{note}</p> : null}
      </div>
      {actions ? <div className="ml-auto flex flex-wrap gap-2">{actions}</div> : null}
    </header>
  )
}
