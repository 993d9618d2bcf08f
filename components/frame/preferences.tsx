'use client'

import { useRouter } from 'next/navigation'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'

const YEAR_S = 31_536_000
const remember = (name: string, value: string) => {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`
}
const quiet = 'inline-flex h-9 items-center justify-center rounded px-2 text-soft hover:bg-sunk hover:text-ink'

export function LanguageSwitch() {
  const { t, language } = useWords()
  const router = useRouter()
  const other = language === 'ko' ? 'en' : 'ko'
  return (
    <button
      type="button"
      lang={other}
      className={quiet}
      onClick={() => {
        remember('lang', other)
        router.refresh()
      }}
    >
      {other === 'en' ? 'EN' : '한'}
      <span className="sr-only">{t('frame.languageLabel')}</span>
    </button>
  )
}

/** Light and dark; without a choice the machine's own. */
export function ThemeToggle() {
  const { t } = useWords()
  const toggle = () => {
    const root = document.documentElement
    const dark = root.dataset['theme']
      ? root.dataset['theme'] === 'dark'
      : window.matchMedia('(prefers-color-scheme: dark)').matches
    const next = dark ? 'light' : 'dark'
    root.dataset['theme'] = next
    remember('theme', next)
  }
  return (
    <button type="button" aria-label={t('frame.theme')} title={t('frame.theme')} className={quiet} onClick={toggle}>
      <Icon name="theme" />
    </button>
  )
}
