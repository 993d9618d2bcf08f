import type ko from './ko.json'
import type rules from './rules.ko.json'

export const languages = ['ko', 'en'] as const
export type Language = (typeof languages)[number]
export const isLanguage = (text: string | undefined): text is Language => text === 'ko' || text === 'en'

/** Korean says which keys there are; English has the same. */
export type Messages = typeof ko & { readonly rule: typeof rules }

export async function messagesOf(language: Language): Promise<Messages> {
  const [words, rules] =
    language === 'ko'
      ? await Promise.all([import('./ko.json'), import('./rules.ko.json')])
      : await Promise.all([import('./en.json'), import('./rules.en.json')])
  return { ...words.default, rule: rules.default }
}
