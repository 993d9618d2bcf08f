import type { PaymentItem } from '#lib/domain/views.ts'
import { states } from '#lib/domain/cancellation.ts'
import { minor } from '#lib/domain/money.ts'
import { paymentStatuses } from '#lib/domain/payment.ts'
import type { Facts } from '#lib/domain/problem.ts'
import type { Words } from '#lib/i18n/words.ts'

type Of = Pick<PaymentItem, 'currency' | 'method'>
const amounts = new Set([
  'amount',
  'received',
  'taxFree',
  'ours',
  'gateway',
  'shop',
  'file',
  'left',
  'refunded',
  'ordered',
  'deposited',
])
const stateWords = [...states, 'NOT_SENT', 'DECIDED_NOT'] as const

/** The facts of an entry that a reader can use, in one line: `금액 3,000원 · 사유 구매자 변심`. */
export function factsLine(facts: Facts, payment: Of, words: Words): string {
  return Object.entries(facts)
    .flatMap(([name, value]) => {
      if (value === null || value === '' || (name === 'taxFree' && value === 0)) return []
      // A cause is a sentence of its own, and needs no label.
      if (name === 'cause') return [words.cause(String(value))]
      const label = words.sentence(`fact.${name}`, {}, '')
      return label === '' ? [] : [`${label} ${factWord(name, value, payment, words)}`]
    })
    .join(' · ')
}

function factWord(name: string, value: string | number | boolean, { currency, method }: Of, words: Words): string {
  if (typeof value === 'number') return amounts.has(name) ? words.money(minor(value), currency) : String(value)
  const state = name === 'state' && stateWords.find((one) => one === value)
  if (state) return words.t(`state.${state}`)
  const status = name === 'status' && paymentStatuses.find((one) => one === value)
  if (status) return words.status(status, method)
  if (name === 'doubt') return words.sentence(`deposit.why.${value}`, {}, String(value))
  if (name === 'escrow') return words.sentence(`deposit.escrow.${value}`, {}, String(value))
  if (name === 'field') return words.sentence(`personal.${value}`, {}, String(value))
  if (name === 'source') return words.sentence(`source.${value}.name`, {}, String(value))
  if (name === 'trigger') return words.sentence(`detail.trigger.${value}`, {}, String(value))
  return String(value)
}
