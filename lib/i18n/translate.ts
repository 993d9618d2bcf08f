import 'server-only'
import { cookies } from 'next/headers'
import { cache } from 'react'
import { createTranslator } from 'use-intl/core'
import { isLanguage, messagesOf, type Language, type Messages } from './messages.ts'
import { wordsOf, type Words } from './words.ts'

/** The reader's language: the cookie `lang`, Korean without it. */
export const language = cache(async (): Promise<Language> => {
  const chosen = (await cookies()).get('lang')?.value
  return isLanguage(chosen) ? chosen : 'ko'
})

/** For server components; the browser has `useWords`. */
export const translator = cache(async (): Promise<Words> => {
  const locale = await language()
  const messages = await messagesOf(locale)
  return wordsOf(locale, createTranslator<Messages>({ locale, messages }))
})
