import { states } from '#lib/domain/cancellation.ts'
import { minor, type Currency } from '#lib/domain/money.ts'
import { paymentStatuses } from '#lib/domain/payment.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { Words } from '#lib/i18n/words.ts'

const amounts = new Set(['amount', 'received', 'taxFree', 'ours', 'gateway', 'left'])

/** The facts of an entry that a reader can use, in one line: `금액 3,000원 · 사유 구매자 변심`. */
export function factsLine(facts: Facts, currency: Currency, words: Words): string {
  return Object.entries(facts)
    .flatMap(([name, value]) => {
      const label = words.sentence(`fact.${name}`, {}, '')
      if (label === '' || value === null || value === '' || (name === 'taxFree' && value === 0)) return []
      return [`${label} ${factWord(name, value, currency, words)}`]
    })
    .join(' · ')
}

function factWord(name: string, value: string | number | boolean, currency: Currency, words: Words): string {
  if (typeof value === 'number') return amounts.has(name) ? words.money(minor(value), currency) : String(value)
  if (name === 'state') return words.sentence(`state.${states.find((one) => one === value) ?? ''}`, {}, String(value))
  if (name === 'status')
    return words.sentence(`status.${paymentStatuses.find((one) => one === value) ?? ''}`, {}, String(value))
  if (name === 'trigger') return words.sentence(`detail.trigger.${value}`, {}, String(value))
  if (name === 'cause') return words.cause(String(value))
  return String(value)
}
