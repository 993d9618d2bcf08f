'use client'

import { Button } from './ui/button.tsx'
import { State } from './ui/state.tsx'
import { useWords } from './words.tsx'

const digestOf = (error: unknown): string =>
  error instanceof Error && 'digest' in error && typeof error.digest === 'string' ? error.digest : ''

/** A page that threw: what it means for the money, and what to do. */
export function BrokenPage({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { t } = useWords()
  const digest = digestOf(error)
  return (
    <State page title={t('page.brokenTitle')} actions={<Button onClick={retry}>{t('common.retry')}</Button>}>
      <p role="alert">{t('page.broken')}</p>
      {digest ? <p className="text-meta text-faint">{digest}</p> : null}
    </State>
  )
}
