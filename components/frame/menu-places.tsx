'use client'

import { Menu } from '@base-ui/react/menu'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useWords } from '../words.tsx'
import { useFrame } from './frame-context.tsx'
import { isHere, placesOf, withStore } from './nav-items.ts'
import { useStore } from './use-store.ts'

/** On a phone: the places that have no room in the bar at the bottom. */
export function MenuPlaces() {
  const { t } = useWords()
  const frame = useFrame()
  const { store } = useStore()
  const path = usePathname()
  return (
    <div className="border-b border-line py-1 md:hidden">
      {placesOf(frame)
        .filter(({ bar }) => !bar)
        .map(({ href, word }) => (
          <Menu.Item
            key={href}
            render={<Link href={withStore(href, store)} aria-current={isHere(path, href) ? 'page' : undefined} />}
            className="block cursor-pointer rounded px-3 py-2 outline-none data-highlighted:bg-sunk"
          >
            {t(`nav.${word}`)}
          </Menu.Item>
        ))}
    </div>
  )
}
