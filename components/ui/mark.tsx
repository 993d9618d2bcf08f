import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

/** The four meanings. Each has its word and its shape, so that none is told by colour alone. */
export type Tone = 'done' | 'ended' | 'waiting' | 'refused'

export const shapeOf: Record<Tone, IconName> = { done: 'check', ended: 'dash', waiting: 'hourglass', refused: 'cross' }
export const textOf: Record<Tone, string> = {
  done: 'text-done',
  ended: 'text-ended',
  waiting: 'text-waiting',
  refused: 'text-refused',
}
export const fillOf: Record<Tone, string> = {
  done: 'bg-done-soft',
  ended: 'bg-sunk',
  waiting: 'bg-waiting-soft',
  refused: 'bg-refused-soft',
}

export function Mark({
  tone,
  children,
  className,
}: {
  readonly tone: Tone
  readonly children: ReactNode
  readonly className?: string
}) {
  return (
    <span className={clsx('inline-flex items-center gap-1 whitespace-nowrap', textOf[tone], className)}>
      <Icon name={shapeOf[tone]} className="size-3.5" />
      {children}
    </span>
  )
}
