import { describe, expect, test } from 'vitest'
import { minor } from '#lib/domain/money.ts'
import type { CancelFacts } from '../cancel-facts.ts'
import { at, facts, routes } from '../example-facts.ts'
import { cancelAfterPartial, cancelCount, cancelMobile, cancelTransfer } from './parts.ts'

const after = (partials: number, amount: number | null, more: Partial<CancelFacts> = {}): CancelFacts =>
  facts({
    status: 'PARTIALLY_REFUNDED',
    refunded: minor(partials * 1_000),
    partials,
    amount: amount === null ? null : minor(amount),
    ...more,
  })

describe('CANCEL-COUNT', () => {
  test('tells which of nine it is', () => {
    expect(cancelCount.judge(facts({ amount: minor(1_000) }))).toMatchObject({
      kind: 'allowed',
      reason: 'nth',
      facts: { n: 1, limit: 9 },
    })
    expect(cancelCount.judge(after(3, 1_000))).toMatchObject({ kind: 'allowed', facts: { n: 4, limit: 9 } })
  })

  test('the ninth is allowed, the tenth is not, be it the remainder', () => {
    expect(cancelCount.judge(after(8, 1_000))).toMatchObject({ kind: 'allowed', facts: { n: 9 } })
    expect(cancelCount.judge(after(8, 4_000))).toMatchObject({ kind: 'allowed', facts: { n: 9 } })
    expect(cancelCount.judge(after(9, 1_000))).toMatchObject({ kind: 'never', reason: 'used_up', facts: { limit: 9 } })
    expect(cancelCount.judge(after(9, 3_000, routes['KSNET socket']))).toMatchObject({
      kind: 'never',
      reason: 'used_up',
    })
    expect(cancelCount.judge(after(9, 3_000))).toMatchObject({ kind: 'never', reason: 'remainder_portone' })
  })

  test('a whole cancel is not a partial one', () => {
    expect(cancelCount.judge(facts({ amount: minor(12_000) }))).toBeNull()
    expect(cancelCount.judge(facts({ amount: minor(11_999) }))).toMatchObject({ reason: 'nth' })
  })

  test('before an amount is typed it tells how many are left, or that none is', () => {
    expect(cancelCount.judge(after(3, null))).toMatchObject({
      kind: 'allowed',
      facts: { used: 3, limit: 9, remaining: 6 },
    })
    expect(cancelCount.judge(after(9, null))).toMatchObject({ kind: 'never', reason: 'used_up' })
  })
})

test('CANCEL-MOBILE: the whole, and nothing after a part', () => {
  const mobile = { method: 'MOBILE' } as const
  expect(cancelMobile.judge(facts({ ...mobile }))).toMatchObject({ kind: 'allowed' })
  expect(cancelMobile.judge(facts({ ...mobile, amount: minor(12_000) }))).toMatchObject({ kind: 'allowed' })
  expect(cancelMobile.judge(facts({ ...mobile, amount: minor(11_999) }))).toMatchObject({
    kind: 'never',
    reason: 'partial',
  })
  expect(cancelMobile.judge(after(1, null, mobile))).toMatchObject({ kind: 'never', reason: 'partial' })
})

test('CANCEL-TRANSFER: by socket the same day in Seoul and whole', () => {
  const socket = { ...routes['KSNET socket'], method: 'TRANSFER', amount: minor(12_000) } as const
  const paidAt = at('2026-11-21T00:00:00+09:00')
  const lastAt = at('2026-11-21T23:59:59.999+09:00')
  expect(cancelTransfer.judge(facts({ ...socket, paidAt, now: lastAt }))).toMatchObject({
    kind: 'allowed',
    facts: { lastAt },
  })
  expect(cancelTransfer.judge(facts({ ...socket, paidAt, now: at('2026-11-22T00:00:00+09:00') }))).toMatchObject({
    reason: 'later_day',
  })
  expect(cancelTransfer.judge(facts({ ...socket, amount: minor(11_999) }))).toMatchObject({
    kind: 'never',
    reason: 'partial',
  })
  expect(cancelTransfer.judge(facts({ ...socket, paidAt: null }))).toMatchObject({
    kind: 'warned',
    reason: 'unknown_date',
  })
  expect(cancelTransfer.judge(facts({ ...socket, paidAt: null, amount: minor(1) }))).toMatchObject({
    kind: 'never',
    reason: 'partial',
  })
})

test('CANCEL-AFTER-PARTIAL: what is left goes as a partial', () => {
  expect(cancelAfterPartial.judge(after(2, null, routes['KSNET socket']))).toMatchObject({
    kind: 'allowed',
    facts: { leftAmount: 10_000 },
  })
  expect(cancelAfterPartial.judge(after(0, null, routes['KSNET socket']))).toBeNull()
})
