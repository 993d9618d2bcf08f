'use client'

import { usePathname, useRouter } from 'next/navigation'
import { parseAsString, useQueryState } from 'nuqs'
import { useEffect, useRef, type FormEvent } from 'react'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'
import { useStore } from './use-store.ts'

const LIST = '/payments'

/** The one search. Ctrl K (or Command K) comes here from anywhere. */
export function SearchBox() {
  const { t } = useWords()
  const router = useRouter()
  const path = usePathname()
  const { store } = useStore()
  const [q, setQ] = useQueryState('q', parseAsString.withDefault('').withOptions({ history: 'push' }))
  const box = useRef<HTMLInputElement>(null)
  useShortcut(() => box.current?.select())
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const wanted = box.current?.value.trim() ?? ''
    if (path === LIST) void setQ(wanted || null)
    else if (wanted) router.push(`${LIST}?${new URLSearchParams({ q: wanted, ...(store && { store }) })}`)
  }
  return (
    <search className="min-w-0 flex-1 md:max-w-xl">
      <form action={LIST} onSubmit={search} className="relative">
        <Icon name="search" className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-faint" />
        <input
          ref={box}
          key={path === LIST ? q : ''}
          defaultValue={path === LIST ? q : ''}
          type="search"
          name="q"
          aria-label={t('frame.search')}
          placeholder={t('frame.searchHint')}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          className="h-9 w-full rounded border border-line bg-sunk pr-3 pl-8 text-ellipsis hover:border-edge focus:bg-paper md:pr-16"
        />
        <kbd
          aria-hidden="true"
          className="pointer-events-none absolute top-2 right-2 hidden rounded border border-line bg-paper px-1.5 font-sans text-meta text-faint md:block"
        >
          Ctrl K
        </kbd>
      </form>
    </search>
  )
}

function useShortcut(go: () => void): void {
  const latest = useRef(go)
  useEffect(() => {
    latest.current = go
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
