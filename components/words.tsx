'use client'

import { useMemo } from 'react'
import { useLocale, useTranslations } from 'use-intl/react'
import { wordsOf, type Words } from '#lib/i18n/words.ts'

/** What is said, in the reader's language. */
export function useWords(): Words {
  const t = useTranslations()
  const language = useLocale()
  return useMemo(() => wordsOf(language, t), [language, t])
}
