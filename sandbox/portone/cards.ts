import type { Card } from './payment.ts'

/** Names as in PortOne's card company list (U9). The numbers are nobody's. */
const companies = [
  ['KOOKMIN_CARD', '국민카드'],
  ['SHINHAN_CARD', '신한카드'],
  ['SAMSUNG_CARD', '삼성카드'],
  ['HYUNDAI_CARD', '현대카드'],
  ['BC_CARD', '비씨카드'],
  ['NH_CARD', '농협카드'],
] as const
const kinds = ['CREDIT', 'DEBIT'] as const

export function cardFor(sequence: number): Card {
  const [issuer, name] = companies[sequence % companies.length] ?? companies[0]
  const bin = String(400_000 + (sequence % 50_000))
  return {
    publisher: issuer,
    issuer,
    brand: 'LOCAL',
    type: kinds[sequence % kinds.length] ?? 'CREDIT',
    ownerType: 'PERSONAL',
    bin,
    name,
    number: `${bin}******${String(sequence % 10_000).padStart(4, '0')}`,
  }
}
