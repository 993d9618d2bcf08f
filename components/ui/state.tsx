import type { ReactNode } from 'react'

/** A page or list that has nothing to show: what happened, and the next step. */
export function State({
  title,
  children,
  actions,
  page = false,
}: {
  readonly title: ReactNode
  /** It is the whole page, so its title is the page's. */
  readonly page?: boolean
  readonly children?: ReactNode
  readonly actions?: ReactNode
}) {
  const Heading = page ? 'h1' : 'h2'
  return (
    <section className="mx-auto grid max-w-xl justify-items-start gap-3 px-4 py-16">
      <Heading className="text-lead font-semibold">{title}</Heading>
      {children ? <div className="grid gap-2 text-soft">{children}</div> : null}
      {actions ? <div className="flex flex-wrap gap-2 pt-1">{actions}</div> : null}
    </section>
  )
}
