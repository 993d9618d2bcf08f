import { bankOf } from '#lib/domain/banks.ts'
import type { RefundAccountView } from '#lib/domain/views.ts'
import type { Words } from '#lib/i18n/words.ts'

export const bankName = (code: string, { language }: Pick<Words, 'language'>): string =>
  bankOf(code)?.[language] ?? code

/** `국민은행 ****1234 홍*동`. */
export const accountWords = ({ bank, number, holder }: RefundAccountView, words: Words): string =>
  [bankName(bank, words), number, holder].filter(Boolean).join(' ')
