import fc from 'fast-check'
import { createTranslator } from 'use-intl/core'
import { proofStates } from './account-proof.ts'
import { describe, expect, test } from 'vitest'
import { instant, plus } from '#lib/domain/kst.ts'
import { add, minor } from '#lib/domain/money.ts'
import { methods, paymentStatuses } from '#lib/domain/payment.ts'
import en from '../i18n/rules.en.json' with { type: 'json' }
import ko from '../i18n/rules.ko.json' with { type: 'json' }
import type { CancelFacts } from './cancel-facts.ts'
import { cancelRules, judgeCancellation } from './cancel-rules.ts'
import { at, routes } from './example-facts.ts'
import { stops, type Verdict } from './verdict.ts'

const money = fc
  .oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1_000_000 }))
  .map(minor)
const asked = fc.option(fc.oneof(money, fc.integer({ min: -3, max: 20 }).map(minor)))
const PAID_FROM = at('2023-01-01T00:00:00+09:00')
const PAID_TO = at('2026-12-31T23:59:59+09:00')
const time = fc.integer({ min: PAID_FROM, max: PAID_TO }).map(instant)

const DAY_MS = 86_400_000
const laterBy = fc.oneof(fc.nat(DAY_MS), fc.nat(200 * DAY_MS), fc.nat(800 * DAY_MS))
const status = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('PAID' as const, 'PARTIALLY_REFUNDED' as const) },
  { weight: 2, arbitrary: fc.constantFrom(...paymentStatuses) },
)

/** Any facts whose values are known by themselves, however little they fit each other. */
const anyFacts: fc.Arbitrary<CancelFacts> = fc
  .record({
    route: fc.constantFrom(...Object.values(routes)),
    times: fc.tuple(time, laterBy, fc.boolean()),
    method: fc.constantFrom(...methods),
    testStore: fc.boolean(),
    unverified: fc.constantFrom(false, false, false, true),
    status,
    received: money,
    receivedTaxFree: money,
    refunded: money,
    refundedTaxFree: money,
    byHand: money,
    open: money,
    openTaxFree: money,
    openCount: fc.constantFrom(0, 0, 1),
    partials: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10 })),
    discount: fc.constantFrom(minor(0), minor(0), minor(500)),
    contract: fc.record({ vaRefund: fc.constantFrom(true, true, false, null) }),
    escrow: fc.constantFrom('before_shipment', 'shipped', 'confirmed', null),
    credentialsReady: fc.boolean(),
    programReady: fc.boolean(),
    refundAccount: fc.constantFrom(...proofStates),
    kind: fc.constantFrom('CANCEL', 'CANCEL', 'CLOSE'),
    amount: fc.oneof({ weight: 2, arbitrary: asked }, { weight: 1, arbitrary: fc.constant('what is left' as const) }),
    taxFree: asked,
  })
  .map(({ route, times: [paidAt, later, isKnown], ...rest }) => {
    const received = rest.status === 'ISSUED' ? minor(0) : rest.received
    return {
      ...rest,
      ...route,
      received,
      receivedTaxFree: minor(rest.receivedTaxFree % (received + 1)),
      amount: rest.amount === 'what is left' ? minor(received - rest.refunded - rest.open) : rest.amount,
      now: plus(paidAt, later),
      paidAt: isKnown ? paidAt : null,
    }
  })

describe('over any facts', () => {
  test('denial is the first verdict that stops, and warnings do not', () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        const { verdicts, denial } = judgeCancellation(any)
        expect(denial).toBe(verdicts.find(stops) ?? null)
        const places = verdicts.map((verdict) => cancelRules.findIndex((rule) => rule.id === verdict.rule))
        expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b))
      }),
    )
  })
  test('nothing else is ever closed', () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        if (any.kind !== 'CLOSE' || (any.method === 'VIRTUAL_ACCOUNT' && any.status === 'ISSUED')) return
        expect(judgeCancellation(any).denial).not.toBeNull()
      }),
    )
  })
})

describe('more given back or under way', () => {
  const more = fc.record({
    openCount: fc.integer({ min: 0, max: 2 }),
    open: fc.nat(30),
    openTaxFree: fc.nat(30),
    refunded: fc.nat(30),
    refundedTaxFree: fc.nat(30),
    partials: fc.nat(3),
  })
  test('never turns a denial into permission', () => {
    fc.assert(
      fc.property(anyFacts, more, (before, extra) => {
        const after: CancelFacts = {
          ...before,
          openCount: before.openCount + extra.openCount,
          open: add(before.open, minor(extra.open)),
          openTaxFree: add(before.openTaxFree, minor(extra.openTaxFree)),
          refunded: add(before.refunded, minor(extra.refunded)),
          refundedTaxFree: add(before.refundedTaxFree, minor(extra.refundedTaxFree)),
          partials: before.partials + extra.partials,
        }
        if (judgeCancellation(before).denial) expect(judgeCancellation(after).denial).not.toBeNull()
      }),
      { numRuns: 3_000 },
    )
  })

  test('an allowed amount never exceeds what is left, nor does its tax-free part', () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        if (any.amount === null || any.kind === 'CLOSE' || judgeCancellation(any).denial) return
        expect(any.amount).toBeGreaterThan(0)
        expect(any.refunded + any.open + any.amount).toBeLessThanOrEqual(any.received)
        expect(any.refundedTaxFree + any.openTaxFree + (any.taxFree ?? 0)).toBeLessThanOrEqual(any.receivedTaxFree)
      }),
      { numRuns: 3_000 },
    )
  })
})

type Sentences = Record<string, Record<string, string>>
const languages: Record<string, Sentences> = { ko, en }
const namesIn = (sentence: string): string[] =>
  [...new Set([...sentence.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? ''))].toSorted()

/** One verdict for every rule and reason that turns up over many facts. */
function everyVerdict(): Map<string, Verdict> {
  const found = new Map<string, Verdict>()
  for (const facts of fc.sample(anyFacts, { numRuns: 30_000, seed: 1 })) {
    for (const verdict of judgeCancellation(facts).verdicts) found.set(`${verdict.rule}.${verdict.reason}`, verdict)
  }
  return found
}

describe('sentences', () => {
  const found = everyVerdict()

  test('both languages have the same rules, reasons and facts', () => {
    const shape = (sentences: Sentences) =>
      Object.entries(sentences).map(([rule, reasons]) => [
        rule,
        Object.entries(reasons).map(([reason, text]) => [reason, namesIn(text)]),
      ])
    expect(shape(ko)).toEqual(shape(en))
  })

  test('every rule has its title and source, and a reading says so', () => {
    for (const { id, source } of cancelRules) {
      for (const sentences of Object.values(languages)) {
        expect(sentences[id]?.['title'], id).toBeTruthy()
        expect(sentences[id]?.['source'], id).toBeTruthy()
      }
      if (source.basis !== 'reading') continue
      expect(languages['ko']?.[id]?.['source'], id).toContain('해석')
      expect(languages['en']?.[id]?.['source'], id).toContain('our reading')
    }
  })

  test('every verdict has its sentence with exactly its facts', () => {
    for (const [key, { rule, reason, facts }] of found) {
      for (const [language, sentences] of Object.entries(languages)) {
        const sentence = sentences[rule]?.[reason]
        expect(sentence, `${language} ${key}`).toBeDefined()
        expect(namesIn(sentence ?? ''), `${language} ${key}`).toEqual(Object.keys(facts).toSorted())
      }
    }
  })

  test('no sentence waits for a verdict that never comes', () => {
    // Fact sets of known values never give it; cancel-rules.test.ts does.
    const said = new Set([...found.keys(), 'SUM-STATE.unknown_fact'])
    const written = Object.entries(ko).flatMap(([rule, reasons]) =>
      Object.keys(reasons).map((reason) => ({ rule, reason })),
    )
    const unsaid = written
      .filter(({ rule, reason }) => rule !== 'REFUND-WHEN' && reason !== 'title' && reason !== 'source')
      .map(({ rule, reason }) => `${rule}.${reason}`)
      .filter((key) => !said.has(key))
    expect(unsaid).toEqual([])
  })

  test.each(['ko', 'en'] as const)('every sentence in %s can be formatted', (locale) => {
    const sentences = languages[locale] ?? {}
    const errors: unknown[] = []
    for (const { rule, reason, facts } of found.values()) {
      const messages = { sentence: sentences[rule]?.[reason] ?? '' }
      const translate = createTranslator({ locale, messages, onError: (error) => errors.push(error) })
      const values = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]))
      expect(translate('sentence', values)).not.toMatch(/[{}]/)
    }
    expect(errors).toEqual([])
  })
})
