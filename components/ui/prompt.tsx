'use client'

import { Dialog } from '@base-ui/react/dialog'
import { useEffect, useEffectEvent, type ReactNode } from 'react'

type Props = {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly children: ReactNode
}

/** A question in the middle of the screen, above a sheet too. Only an answer or Esc closes it. */
export function Prompt({ open, onClose, title, children }: Props) {
  const escape = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    // Before anything else hears of it: the sheet below would close too.
    event.stopPropagation()
    onClose()
  })
  useEffect(() => {
    if (!open) return
    const listen = (event: KeyboardEvent) => escape(event)
    window.addEventListener('keydown', listen, { capture: true })
    return () => window.removeEventListener('keydown', listen, { capture: true })
  }, [open])
  return (
    <Dialog.Root open={open} disablePointerDismissal onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-[60] bg-veil" />
        <Dialog.Popup className="fixed top-1/2 left-1/2 z-[70] grid max-h-dvh w-[min(26rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 gap-4 overflow-y-auto rounded border border-line bg-paper p-5 shadow-sheet">
          <Dialog.Title className="text-lead font-semibold">{title}</Dialog.Title>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
