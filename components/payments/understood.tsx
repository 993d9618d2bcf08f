'use client'

import type { Part } from '#lib/domain/read-query.ts'
import type { UnderstoodView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.tsx'

const chip = 'inline-flex min-h-7 items-center gap-1.5 rounded px-2 text-meta'
const quiet = 'h-7 rounded px-2 text-meta text-accent hover:bg-accent-soft'

/** How what was typed was read, each part to be taken out; what else it could mean; what was not understood. */
export function Understood({
  words: said,
  search,
}: {
  readonly words: UnderstoodView | null
  readonly search: (q: string) => void
}) {
  const words = useWords()
  const { t } = words
  const offers = said?.parts.flatMap(({ text, other }) => (other ? [{ text, ...other }] : [])) ?? []
  return (
    <section aria-label={t('search.title')} className="grid gap-1.5 pb-3">
      <div className="flex flex-wrap items-center gap-1.5">
        <span className="text-meta text-soft">{t('search.title')}</span>
        <ul className="contents">
          {said?.parts.map((part, index) => (
            <li key={`${index} ${part.text}`} className={`${chip} bg-accent-soft text-accent`}>
              {partWords(part, words)}
              <Remove what={partWords(part, words)} onClick={() => search(part.rest)} />
            </li>
          ))}
          {said?.trno ? (
            <li className={`${chip} bg-sunk text-soft`}>
              {t('search.trno', { method: t(`method.${said.trno.method}`), day: said.trno.day })}
            </li>
          ) : null}
          {said?.unknown.map((one, index) => (
            <li key={`${index} ${one.text}`} className={`${chip} bg-waiting-soft text-waiting`}>
              <Icon name="warn" className="size-3.5" />
              {t('search.unknown')}: {one.text}
              <Remove what={one.text} onClick={() => search(one.rest)} />
            </li>
          ))}
        </ul>
        {offers.map((other) => (
          <button key={other.q} type="button" className={quiet} onClick={() => search(other.q)}>
            {t('search.other', { text: other.text, part: t(`search.part.${other.kind}`) })}
          </button>
        ))}
        <button type="button" className={quiet} onClick={() => search('')}>
          {t('list.clearSearch')}
        </button>
      </div>
      {said && said.parts.length > 0 && said.unknown.length > 0 ? (
        <p className="text-meta text-waiting">{t('search.unknownHint')}</p>
      ) : null}
      {said && said.parts.length > 0 && said.period ? (
        <p className="text-meta text-soft">{t('search.period', said.period)}</p>
      ) : null}
    </section>
  )
}

function Remove({ what, onClick }: { readonly what: string; readonly onClick: () => void }) {
  const { t } = useWords()
  return (
    <button
      type="button"
      aria-label={t('search.remove', { part: what })}
      title={t('search.remove', { part: what })}
      onClick={onClick}
      className="-mr-1 inline-flex size-5 items-center justify-center rounded hover:bg-paper"
    >
      <Icon name="cross" className="size-3" />
    </button>
  )
}

/** `금액 35,000원`, `결제수단 가상계좌 제외`. */
export function partWords(part: Part, words: Words): string {
  const { t } = words
  const label = part.kind === 'name' && part.orNumber ? t('search.part.nameOrNumber') : t(`search.part.${part.kind}`)
  const value = valueWords(part, words)
  return `${label} ${'not' in part && part.not ? t('search.not', { value }) : value}`
}

function valueWords(part: Part, words: Words): string {
  const { t } = words
  switch (part.kind) {
    case 'number':
    case 'email':
    case 'name':
      return part.value
    case 'ends':
    case 'phone':
    case 'card':
      return part.digits
    case 'amount':
      return amountWords(part, words)
    case 'day':
      return part.from === part.to ? part.from : t('search.between', { from: part.from, to: part.to })
    case 'method':
      return t(`method.${part.method}`)
    case 'status':
      return part.statuses
        .map((status) =>
          status === 'ATTENTION'
            ? t('search.attention')
            : status === 'PAID'
              ? t('list.anyPaid')
              : t(`status.${status}`),
        )
        .join(' · ')
    case 'institution':
      return part.stored
        .filter((name) => /^[A-Z_]+$/.test(name))
        .map(words.institution)
        .join(' · ')
  }
}

function amountWords({ min, max }: Extract<Part, { kind: 'amount' }>, { t, money }: Words): string {
  if (min !== null && max !== null)
    return min === max ? money(min, 'KRW') : t('search.between', { from: money(min, 'KRW'), to: money(max, 'KRW') })
  if (min !== null) return t('search.from', { amount: money(min, 'KRW') })
  return max === null ? '' : t('search.to', { amount: money(max, 'KRW') })
}
