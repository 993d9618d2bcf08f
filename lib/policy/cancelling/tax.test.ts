import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { add, minor } from '#lib/domain/money.ts'
import type { CancelFacts } from '../cancel-facts.ts'
import { judgeCancellation } from '../cancel-rules.ts'
import { facts, routes } from '../example-facts.ts'
import { cancelTax } from './tax.ts'

const mixed = facts({ receivedTaxFree: minor(4_000) })
const ask = (on: CancelFacts, amount: number, taxFree: number | null) =>
  cancelTax.judge({ ...on, amount: minor(amount), taxFree: taxFree === null ? null : minor(taxFree) })

describe('CANCEL-TAX', () => {
  test('is asked, never guessed', () => {
    expect(ask(mixed, 1_000, null)).toMatchObject({
      kind: 'needs',
      what: 'amount',
      facts: { taxFreeLeftAmount: 4_000 },
    })
    expect(ask(mixed, 12_000, null)).toMatchObject({ kind: 'needs', what: 'amount' })
    expect(ask(facts({}), 1_000, null)).toBeNull()
    expect(ask(facts({}), 1_000, 0)).toBeNull()
    expect(ask(facts({}), 1_000, 1)).toMatchObject({ kind: 'never', reason: 'no_tax_free_part' })
  })

  test('edges of the bounds', () => {
    expect(ask(mixed, 5_000, 0)).toMatchObject({ kind: 'allowed', facts: { taxableAmount: 5_000, taxFreeAmount: 0 } })
    expect(ask(mixed, 5_000, 4_000)).toMatchObject({
      kind: 'allowed',
      facts: { taxableAmount: 1_000, taxFreeAmount: 4_000 },
    })
    expect(ask(mixed, 5_000, 4_001)).toMatchObject({
      kind: 'never',
      reason: 'between',
      facts: { lowestAmount: 0, highestAmount: 4_000 },
    })
    expect(ask(mixed, 5_000, -1)).toMatchObject({ kind: 'never', reason: 'between' })
    expect(ask(mixed, 3_000, 3_001)).toMatchObject({ facts: { lowestAmount: 0, highestAmount: 3_000 } })
    expect(ask(mixed, 10_000, 1_999)).toMatchObject({ facts: { lowestAmount: 2_000, highestAmount: 4_000 } })
    expect(ask(mixed, 10_000, 2_000)).toMatchObject({ kind: 'allowed' })
    expect(ask(mixed, 12_000, 3_999)).toMatchObject({ kind: 'never', reason: 'exactly', facts: { exactAmount: 4_000 } })
    expect(ask(mixed, 12_000, 4_000)).toMatchObject({ kind: 'allowed' })
  })

  test('what is under way counts as given', () => {
    const open = { ...mixed, open: minor(6_000), openTaxFree: minor(1_000), openCount: 1 }
    expect(ask(open, 6_000, 3_000)).toMatchObject({ kind: 'allowed' })
    expect(ask(open, 6_000, 4_000)).toMatchObject({ reason: 'exactly', facts: { exactAmount: 3_000 } })
  })

  test('KCP: the module says it of a part, REST and escrow have no field for it', () => {
    const part = (on: Partial<CancelFacts>) => ask({ ...mixed, ...on }, 11_999, 4_000)
    expect(part(routes['KCP module'])).toMatchObject({ kind: 'allowed' })
    expect(part({ ...routes['KCP module'], method: 'VIRTUAL_ACCOUNT' })).toMatchObject({ kind: 'allowed' })
    for (const on of [routes['KCP REST'], { ...routes['KCP module'], escrow: 'confirmed' as const }]) {
      expect(part(on)).toMatchObject({ kind: 'never', reason: 'wire_kcp' })
      expect(ask({ ...mixed, ...on }, 12_000, 4_000)).toMatchObject({ kind: 'allowed' })
      expect(ask(facts(on), 5_000, null)).toBeNull()
    }
  })

  test('where the wire has no field for it only the whole goes', () => {
    for (const on of [
      routes['KSNET socket'],
      routes['KSNET page'],
      { ...routes['KSNET REST'], method: 'TRANSFER' as const },
    ]) {
      expect(ask({ ...mixed, ...on }, 11_999, 4_000)).toMatchObject({ kind: 'never', reason: 'wire' })
      expect(ask({ ...mixed, ...on }, 12_000, 4_000)).toMatchObject({ kind: 'allowed' })
      expect(ask(facts(on), 5_000, null)).toBeNull()
    }
    expect(ask({ ...mixed, ...routes['KSNET REST'] }, 11_999, 4_000)).toMatchObject({ kind: 'allowed' })
  })

  test('sums that contradict each other after a cancel elsewhere', () => {
    expect(ask({ ...mixed, refunded: minor(9_000) }, 3_000, 3_000)).toMatchObject({
      kind: 'never',
      reason: 'sums_differ',
    })
    expect(ask({ ...mixed, refunded: minor(5_000), refundedTaxFree: minor(5_000) }, 1_000, 0)).toMatchObject({
      reason: 'sums_differ',
    })
  })

  test('step by step down to zero: always possible, both at zero in the end, never below', () => {
    const portone = facts({ ...routes['PortOne+other'] })
    const start = fc
      .integer({ min: 1, max: 40 })
      .chain((received) => fc.tuple(fc.constant(received), fc.integer({ min: 0, max: received })))
    const choices = fc.infiniteStream(fc.nat(1_000))
    fc.assert(
      fc.property(start, choices, ([received, receivedTaxFree], choose) => {
        const pick = (from: readonly number[]): number => {
          const chosen = from[Number(choose.next().value) % from.length]
          if (chosen === undefined) throw new Error('nothing is allowed')
          return chosen
        }
        let now: CancelFacts = { ...portone, received: minor(received), receivedTaxFree: minor(receivedTaxFree) }
        while (now.refunded < received) {
          const amount = 1 + pick([...Array(received - now.refunded).keys()])
          const isAllowed = (taxFree: number): boolean =>
            judgeCancellation({ ...now, amount: minor(amount), taxFree: minor(taxFree) }).denial === null
          const taxFree = pick([...Array(received + 3).keys()].map((each) => each - 1).filter(isAllowed))
          now = {
            ...now,
            status: 'PARTIALLY_REFUNDED',
            partials: now.partials + 1,
            refunded: add(now.refunded, minor(amount)),
            refundedTaxFree: add(now.refundedTaxFree, minor(taxFree)),
          }
          const taxFreeLeft = receivedTaxFree - now.refundedTaxFree
          expect(taxFreeLeft).toBeGreaterThanOrEqual(0)
          expect(received - now.refunded - taxFreeLeft).toBeGreaterThanOrEqual(0)
        }
        expect([now.refunded, now.refundedTaxFree]).toEqual([received, receivedTaxFree])
      }),
    )
  })

  test('any amount left can be split in some way, and in the way the denial names', () => {
    const sums = fc
      .tuple(fc.nat(1e12), fc.nat(1e12), fc.nat(1e12))
      .map(([taxable, taxFree, ask]) => ({ taxable, taxFree, ask }))
    fc.assert(
      fc.property(sums, ({ taxable, taxFree, ask: asked }) => {
        const received = taxable + taxFree
        fc.pre(taxFree > 0)
        const on = facts({ received: minor(received), receivedTaxFree: minor(taxFree) })
        const amount = 1 + (asked % received)
        const denied = ask(on, amount, -1)
        const named =
          denied?.reason === 'exactly'
            ? [denied.facts['exactAmount']]
            : [denied?.facts['lowestAmount'], denied?.facts['highestAmount']]
        for (const each of named) expect(ask(on, amount, Number(each))).toMatchObject({ kind: 'allowed' })
        expect(ask(on, amount, Number(named[0]) - 1)).toMatchObject({ kind: 'never' })
        expect(ask(on, amount, Number(named.at(-1)) + 1)).toMatchObject({ kind: 'never' })
      }),
    )
  })
})
