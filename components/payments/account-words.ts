import { bankOf } from '#lib/domain/banks.ts'
import type { AskedAccountView, RefundAccountView } from '#lib/domain/views.ts'
import type { Said, Words } from '#lib/i18n/words.ts'

export const bankName = (code: string, { language }: Pick<Words, 'language'>): string =>
  bankOf(code)?.[language] ?? code

/** `국민은행 ****1234 홍*동`. */
export const accountWords = ({ bank, number, holder }: RefundAccountView, words: Words): string =>
  [bankName(bank, words), number, holder].filter(Boolean).join(' ')

/** A gateway by the way it is asked: `KCP 모듈(pp_cli)`. */
export const askedName = ({ gateway, mode }: AskedAccountView, { sentence }: Words): string =>
  sentence(`accounts.way.${gateway}.${mode}.title`, {}, `${gateway} ${mode}`)

/** `YYYYMMDDhhmmss`, as the gateway gave it, set apart to be read; anything else as it came. */
export const referenceTime = (time: string): string =>
  time.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6')

/** An account that could not be told says which part of it, and why. */
export function accountProblem(problem: Said, words: Words): string {
  const { field, problem: why } = problem.facts
  const otherwise = words.problem(problem)
  return problem.code === 'account_check.unsayable'
    ? words.sentence(`account.unsayable.${String(field)}.${String(why)}`, {}, otherwise)
    : otherwise
}
