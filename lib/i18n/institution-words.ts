import en from './en.json' with { type: 'json' }
import ko from './ko.json' with { type: 'json' }

/** What an institution's name may end in when people leave it out: `신한` for 신한카드, `kakao` for KakaoPay. */
const ENDING = /(?:카드|은행|뱅크|페이|card|bank|pay)$/u
const LATIN_HEAD = /^[a-z]+(?=[가-힣])/u

/** As people write a name, in lower case and without spaces: whole, and without its ending or its Latin letters. */
function spellings(name: string): string[] {
  const whole = name.normalize('NFC').toLowerCase().replace(/\s/g, '')
  const short = whole.replace(ENDING, '')
  return [whole, short, whole.replace(LATIN_HEAD, ''), short.replace(LATIN_HEAD, '')].filter((one) => one.length > 1)
}

function readWords(): ReadonlyMap<string, readonly string[]> {
  const english: Readonly<Record<string, string>> = en.institution
  const words = new Map<string, Set<string>>()
  for (const [code, name] of Object.entries(ko.institution))
    for (const word of [...spellings(name), ...spellings(english[code] ?? ''), code.toLowerCase()]) {
      const stored = words.get(word) ?? new Set()
      // Where a gateway gives no code, its Korean name is stored.
      words.set(word, stored.add(code).add(name))
    }
  return new Map([...words].map(([word, stored]) => [word, [...stored]]))
}

/** By every name a person may type, in either language: how payments hold that institution. */
export const institutionWords = readWords()
