'use client'

import { clsx } from 'clsx'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useEffect, useRef } from 'react'
import { bulletins } from '#lib/domain/dated/bulletins.ts'
import { parseKstDate, type KstDate } from '#lib/domain/kst.ts'
import type { BulletinsView } from '#lib/domain/views.ts'
import { TestEdge } from '../frame/environment-badge.tsx'
import { useStore } from '../frame/use-store.ts'
import { PageHead } from '../ui/page-head.tsx'
import { useWords } from '../words.tsx'
import { AsOf } from './as-of.tsx'
import { BulletinSection } from './bulletin-section.tsx'
import { CodeSearch } from './code-search.tsx'
import { Known } from './known.tsx'
import { ModeHelp } from './mode-help.tsx'

const views = ['notices', 'asof', 'codes', 'mode', 'known'] as const
type View = (typeof views)[number]

/** What gateways announced, and what held on a day. A day in the address opens the tables of that day. */
export function BulletinsPage({ view: { today, channels } }: { readonly view: BulletinsView }) {
  const { t } = useWords()
  const { store, name } = useStore()
  const [{ view, asof }, set] = useQueryStates(
    { view: parseAsStringLiteral(views), asof: parseAsString },
    { history: 'push' },
  )
  const shown: View = view ?? (asof === null ? 'notices' : 'asof')
  const given = asof === null ? null : parseKstDate(asof)
  const own = channels.filter((channel) => store === '' || channel.storeId === store)
  const goTo = (day: KstDate | null) => void set({ view: 'asof', asof: day })
  const body = () => {
    switch (shown) {
      case 'notices':
        return bulletins.map((bulletin) => (
          <BulletinSection
            key={bulletin.id}
            bulletin={bulletin}
            channels={own}
            storeName={name}
            today={today}
            onDay={goTo}
            onMode={() => void set({ view: 'mode', asof: null })}
          />
        ))
      case 'asof':
        return <AsOf day={given ?? today} today={today} wrong={given === null ? asof : null} onDay={goTo} />
      case 'codes':
        return <CodeSearch />
      case 'mode':
        return <ModeHelp />
      case 'known':
        return <Known />
    }
  }
  return (
    <>
      <TestEdge shown={own.some(({ environment, testStore }) => environment !== 'live' || testStore)} />
      <PageHead title={t('bulletins.title')} note={t('bulletins.intro')} />
      <Tabs shown={shown} onChoose={(next) => void set({ view: next, asof: null })} />
      {body()}
    </>
  )
}

function Tabs({ shown, onChoose }: { readonly shown: View; readonly onChoose: (view: View) => void }) {
  const { t } = useWords()
  return (
    <nav aria-label={t('bulletins.views')} className="mb-4 flex min-w-0 gap-1 overflow-x-auto border-b border-line">
      {views.map((one) => (
        <Tab key={one} view={one} current={one === shown} onChoose={onChoose} />
      ))}
    </nav>
  )
}

type TabProps = { readonly view: View; readonly current: boolean; readonly onChoose: (view: View) => void }

function Tab({ view, current, onChoose }: TabProps) {
  const { t } = useWords()
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    // On a phone the row is wider than the screen.
    if (current) button.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  return (
    <button
      ref={button}
      type="button"
      aria-current={current ? 'page' : undefined}
      onClick={() => onChoose(view)}
      className={clsx(
        '-mb-px flex h-9 shrink-0 items-center border-b-2 px-3',
        current ? 'border-accent font-semibold text-accent' : 'border-transparent text-soft hover:text-ink',
      )}
    >
      {t(`bulletins.view.${view}`)}
    </button>
  )
}
