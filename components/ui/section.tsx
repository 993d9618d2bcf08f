import { clsx } from 'clsx'
import type { ReactNode } from 'react'

/** A part of a page, set off by a hairline. */
export function Section({
  title,
  aside,
  children,
  className,
}: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly className?: string
}) {
  return (
    <section className={clsx('border-t border-line py-5', className)}>
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
