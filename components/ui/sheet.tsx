'use client'

import { Dialog } from '@base-ui/react/dialog'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { useWords } from '../words.tsx'
import { Icon } from './icon.tsx'

type Props = {
  readonly open: boolean
  readonly onClose: () => void
  /** While something is on its way neither Esc nor a press outside closes it. */
  readonly held: boolean
  /** While not even the button may: what was asked is being taken. */
  readonly locked?: boolean
  readonly title: ReactNode
  readonly children: ReactNode
  readonly foot?: ReactNode
}

/** The right side of the screen, the whole of a phone. Focus stays inside. */
export function Sheet({ open, onClose, held, locked = false, title, children, foot }: Props) {
  const { t } = useWords()
  return (
    <Dialog.Root
      open={open}
      disablePointerDismissal
      onOpenChange={(next, details) => {
        if (next) return
        if (locked || (held && details.reason === 'escape-key')) details.cancel()
        else onClose()
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-veil transition-opacity duration-[120ms] data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup
          className={clsx(
            'fixed inset-y-0 right-0 z-50 flex w-full flex-col bg-paper shadow-sheet sm:w-[560px]',
            'transition-transform duration-[120ms] data-ending-style:translate-x-8 data-starting-style:translate-x-8',
          )}
        >
          <div className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-5">
            <Dialog.Title className="text-lead font-semibold">{title}</Dialog.Title>
            <Dialog.Close
              disabled={locked}
              className="ml-auto inline-flex h-8 items-center gap-1 rounded px-2 text-soft hover:bg-sunk disabled:text-faint"
            >
              <Icon name="cross" className="size-3.5" />
              {t('common.close')}
            </Dialog.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {foot ? <div className="shrink-0 border-t border-line px-5 py-4">{foot}</div> : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
