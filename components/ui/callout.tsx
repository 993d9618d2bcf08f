import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { fillOf, shapeOf, textOf, type Tone } from './mark.tsx'

/** What a person must read before going on. */
export function Callout({
  tone,
  title,
  children,
  live,
}: {
  readonly tone: Tone
  readonly title?: ReactNode
  readonly children?: ReactNode
  readonly live?: boolean
}) {
  return (
    <div className={clsx('flex gap-2 rounded px-3 py-2.5', fillOf[tone])} role={live ? 'alert' : undefined}>
      <Icon name={shapeOf[tone]} className={clsx('mt-0.5 size-4', textOf[tone])} />
      <div className="grid min-w-0 flex-1 gap-1">
        {title ? <p className={clsx('font-semibold', textOf[tone])}>{title}</p> : null}
        {children ? <div className="text-ink">{children}</div> : null}
      </div>
    </div>
  )
}
