'use client'

import { Menu } from '@base-ui/react/menu'
import { signOut } from 'next-auth/react'
import Link from 'next/link'
import { forgetDrafts } from '../payments/draft.ts'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'
import { useFrame } from './frame-context.tsx'
import { MenuPlaces } from './menu-places.tsx'

export function UserMenu() {
  const { t } = useWords()
  const { person } = useFrame()
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label={`${t('frame.menu')}: ${person.name}`}
        className="inline-flex h-9 items-center gap-1 rounded px-2 whitespace-nowrap text-soft hover:bg-sunk hover:text-ink"
      >
        <span className="max-w-20 truncate">{person.name}</span>
        <Icon name="down" className="size-3.5" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-50">
          <Menu.Popup className="min-w-52 rounded border border-line bg-paper p-1 shadow-sheet outline-none">
            <div className="border-b border-line px-3 py-2">
              <p className="font-medium">{person.name}</p>
              <p className="text-meta text-faint">{person.email}</p>
            </div>
            <MenuPlaces />
            <Menu.Item
              render={<Link href="/me" />}
              className="mt-1 block cursor-pointer rounded px-3 py-2 outline-none data-highlighted:bg-sunk"
            >
              {t('frame.me')}
            </Menu.Item>
            <Menu.Item
              onClick={() => {
                forgetDrafts()
                void signOut({ callbackUrl: '/login' })
              }}
              className="cursor-pointer rounded px-3 py-2 outline-none data-highlighted:bg-sunk"
            >
              {t('frame.signOut')}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
