'use client'

import { clsx } from 'clsx'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'
import { useFrame } from './frame-context.tsx'
import { isHere, placesOf, withStore } from './nav-items.ts'
import { useStore } from './use-store.ts'

/** The left rail; on a phone the bar at the bottom. One list, so that neither is read twice. */
export function Nav() {
  const { t, count } = useWords()
  const frame = useFrame()
  const { store } = useStore()
  const path = usePathname()
  return (
    <nav
      aria-label={t('nav.label')}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-paper pb-[env(safe-area-inset-bottom)] md:sticky md:inset-auto md:top-0 md:h-dvh md:w-48 md:shrink-0 md:border-t-0 md:border-r md:pb-0"
    >
      <p className="hidden h-14 items-center px-5 text-lead font-bold md:flex">{t('app.name')}</p>
      <ul className="grid grid-cols-4 md:grid-cols-1 md:gap-0.5 md:px-2">
        {placesOf(frame).map(({ href, word, icon, bar, waiting }) => {
          const here = isHere(path, href)
          const waits = waiting?.(frame) ?? 0
          return (
            <li key={href} className={clsx(!bar && 'hidden md:block')}>
              <Link
                href={withStore(href, store)}
                aria-current={here ? 'page' : undefined}
                className={clsx(
                  'relative flex h-14 flex-col items-center justify-center gap-1 text-meta md:h-9 md:flex-row md:justify-start md:gap-2.5 md:rounded md:px-3 md:text-body',
                  here ? 'font-semibold text-accent md:bg-accent-soft' : 'text-soft hover:text-ink md:hover:bg-sunk',
                )}
              >
                <Icon name={icon} />
                <span className="whitespace-nowrap">{t(`nav.${word}`)}</span>
                {waits > 0 ? (
                  <span className="absolute top-1.5 left-1/2 ml-2 rounded bg-waiting-soft px-1 text-meta font-semibold text-waiting md:static md:ml-auto">
                    <span aria-hidden="true">{count(waits)}</span>
                    <span className="sr-only">{t('nav.waiting', { count: count(waits) })}</span>
                  </span>
                ) : null}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
