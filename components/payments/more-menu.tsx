'use client'

import { Menu } from '@base-ui/react/menu'
import { buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'

type Item = { readonly label: string; readonly onPick: () => void }

/** What is seldom done with a payment. Nothing to do, no menu. */
export function MoreMenu({ items }: { readonly items: readonly Item[] }) {
  const { t } = useWords()
  if (items.length === 0) return null
  return (
    <Menu.Root>
      <Menu.Trigger aria-label={t('detail.more')} title={t('detail.more')} className={`${buttonClass()} w-9 px-0`}>
        <Icon name="dots" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-50">
          <Menu.Popup className="min-w-52 rounded border border-line bg-paper p-1 shadow-sheet outline-none">
            {items.map(({ label, onPick }) => (
              <Menu.Item
                key={label}
                onClick={onPick}
                className="cursor-pointer rounded px-3 py-2 outline-none data-highlighted:bg-sunk"
              >
                {label}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
