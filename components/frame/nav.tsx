'use client'

import { clsx } from 'clsx'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'
import { useFrame } from './frame-context.tsx'
import { useStore } from './use-store.ts'

type Item = {
  readonly href: string
  readonly word: 'payments' | 'cancellations' | 'accounts' | 'audit'
  readonly icon: IconName
}

const items: readonly Item[] = [
  { href: '/payments', word: 'payments', icon: 'card' },
  { href: '/cancellations', word: 'cancellations', icon: 'undo' },
  { href: '/accounts', word: 'accounts', icon: 'plug' },
  { href: '/audit', word: 'audit', icon: 'ledger' },
]

/** The left rail; on a phone the bar at the bottom. One list, so that neither is read twice. */
export function Nav() {
  const { t, count } = useWords()
  const { confirming } = useFrame()
  const { store } = useStore()
  const path = usePathname()
  return (
    <nav
      aria-label={t('nav.label')}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-paper pb-[env(safe-area-inset-bottom)] md:sticky md:inset-auto md:top-0 md:h-dvh md:w-44 md:shrink-0 md:border-t-0 md:border-r md:pb-0"
    >
      <p className="hidden h-14 items-center px-5 text-lead font-bold md:flex">{t('app.name')}</p>
      <ul className="grid grid-cols-4 md:grid-cols-1 md:gap-0.5 md:px-2">
        {items.map(({ href, word, icon }) => {
          const here = path === href || path.startsWith(`${href}/`)
          const waiting = word === 'cancellations' ? confirming : 0
          return (
            <li key={href}>
              <Link
                href={store ? `${href}?store=${store}` : href}
                aria-current={here ? 'page' : undefined}
                className={clsx(
                  'relative flex h-14 flex-col items-center justify-center gap-1 text-meta md:h-9 md:flex-row md:justify-start md:gap-2.5 md:rounded md:px-3 md:text-body',
                  here ? 'font-semibold text-accent md:bg-accent-soft' : 'text-soft hover:text-ink md:hover:bg-sunk',
                )}
              >
                <Icon name={icon} />
                {t(`nav.${word}`)}
                {waiting > 0 ? (
                  <span className="absolute top-1.5 left-1/2 ml-2 rounded bg-waiting-soft px-1 text-meta font-semibold text-waiting md:static md:ml-auto">
                    <span aria-hidden="true">{count(waiting)}</span>
                    <span className="sr-only">{t('nav.waiting', { count: count(waiting) })}</span>
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
