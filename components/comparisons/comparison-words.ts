import type { CancelTold, Days } from '#lib/domain/comparison.ts'
import type { DifferenceItem } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'
import type { Tone } from '../ui/mark.tsx'

export const daysWords = (days: Days | null, { t }: Words): string =>
  days === null
    ? t('comparisons.title')
    : days.from === days.to
      ? t('comparisons.day', { from: days.from })
      : t('comparisons.days', { from: days.from, to: days.to })

export const toneOf = ({ state, kind }: Pick<DifferenceItem, 'state' | 'kind'>): Tone =>
  state === 'CLOSED' ? 'ended' : kind === 'differs' ? 'refused' : 'waiting'

/** What a column of a file holds. */
export const fieldWords = (field: string, { sentence }: Words): string =>
  sentence(`imports.field.${field}`, {}, sentence(`comparisons.field.${field}`, {}, field))

/** Why the two sides are not the same; for what only one of them knows, that. */
export const whyWords = ({ kind, whys }: Pick<DifferenceItem, 'kind' | 'whys'>, { t }: Words): readonly string[] =>
  whys.length > 0
    ? whys.map((why) => t(`comparisons.why.${why}`))
    : kind === 'differs'
      ? []
      : [t(`comparisons.why.${kind}`)]

export const cancelWords = (
  { amount, at, daySaid }: CancelTold & { readonly daySaid: boolean },
  words: Words,
): string =>
  words.t(daySaid ? 'comparisons.recordLine' : 'comparisons.recordDayUnsaid', {
    amount: words.money(amount, 'KRW'),
    at: at === null ? '' : words.instant(at),
  })
