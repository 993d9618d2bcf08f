import type { ReactNode } from 'react'

/** A page or list that has nothing to show: what happened, and the next step. */
export function State({
  title,
  children,
  actions,
}: {
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <section className="mx-auto grid max-w-xl justify-items-start gap-3 px-4 py-16">
      <h2 className="text-lead font-semibold">{title}</h2>
      {children ? <div className="grid gap-2 text-soft">{children}</div> : null}
      {actions ? <div className="flex flex-wrap gap-2 pt-1">{actions}</div> : null}
    </section>
  )
}
