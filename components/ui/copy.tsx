'use client'

import { useEffect, useState } from 'react'
import { useWords } from '../words.tsx'
import { Icon } from './icon.tsx'

const SHOWN_MS = 1_500

/** Copies a value; says so to eyes and to screen readers. */
export function Copy({ value, what }: { readonly value: string; readonly what: string }) {
  const { t } = useWords()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button
      type="button"
      title={t('common.copy')}
      aria-label={t('common.copyOf', { what })}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded text-faint hover:bg-sunk hover:text-ink"
      onClick={() => {
        navigator.clipboard.writeText(value).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }}
    >
      <Icon name={copied ? 'check' : 'copy'} className="size-3.5" />
      <output className="sr-only">{copied ? t('common.copied') : ''}</output>
    </button>
  )
}
