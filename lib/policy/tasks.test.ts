import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, instant, plus } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { methods } from '#lib/domain/payment.ts'
import { isTicked, taskDueAt, taskKinds, taskRule, tasksOf, taskStep, type TaskFacts } from './tasks.ts'

const facts = (change: Partial<TaskFacts> = {}): TaskFacts => ({
  method: 'VIRTUAL_ACCOUNT',
  testStore: false,
  paidAt: instant(1),
  closedAt: null,
  received: minor(10_000),
  receivedTaxFree: minor(0),
  refunded: minor(0),
  cashReceipt: { status: 'ISSUED', amount: minor(10_000) },
  ...change,
})
const opened = (change: Partial<TaskFacts>) => tasksOf(facts(change)).opens.map(({ kind }) => kind)

describe('a cash receipt after a refund', () => {
  it('of a virtual account refunded whole survives, until it is cancelled', () => {
    const whole = { refunded: minor(10_000) }
    expect(tasksOf(facts(whole)).opens).toEqual([
      {
        kind: 'cash_receipt_alive',
        key: '10000',
        facts: { check: false, known: true, refunded: 10_000 },
      },
    ])
    const cancelled = { status: 'CANCELLED', amount: minor(10_000) } as const
    expect(opened({ ...whole, cashReceipt: cancelled })).toEqual([])
    expect(tasksOf(facts({ ...whole, cashReceipt: cancelled })).over).toContain('cash_receipt_alive')
  })

  it('of a mixed-tax part wants two steps: the first does not end it, the right amount does', () => {
    const part = { refunded: minor(4_000), receivedTaxFree: minor(3_000) }
    expect(opened(part)).toEqual(['cash_receipt_reissue'])
    const first = tasksOf(facts({ ...part, cashReceipt: { status: 'CANCELLED', amount: minor(10_000) } }))
    expect([first.opens, first.over]).toEqual([[], []])
    const second = tasksOf(facts({ ...part, cashReceipt: { status: 'ISSUED', amount: minor(6_000) } }))
    expect([second.opens, second.over]).toEqual([[], ['cash_receipt_alive', 'cash_receipt_reissue']])
    expect(opened({ ...part, cashReceipt: { status: 'ISSUED', amount: null } })).toEqual(['cash_receipt_reissue'])
  })

  it('that turns from a part into the whole changes its task', () => {
    const whole = tasksOf(facts({ refunded: minor(10_000), receivedTaxFree: minor(3_000) }))
    expect(whole.opens.map(({ kind }) => kind)).toEqual(['cash_receipt_alive'])
    expect(whole.over).toEqual(['cash_receipt_reissue'])
  })

  it('of a part without a tax-free part, and of a transfer of which nothing is known, is for a person to check', () => {
    for (const change of [
      { refunded: minor(4_000) },
      { refunded: minor(4_000), method: 'TRANSFER', cashReceipt: null },
    ] as const) {
      const [task] = tasksOf(facts(change)).opens
      expect(task?.kind).toBe('cash_receipt_alive')
      expect(isTicked('cash_receipt_alive', task?.facts ?? {})).toBe(true)
      expect(taskStep('cash_receipt_alive', task?.facts ?? {})).toBe('note')
    }
    expect(opened({ refunded: minor(4_000), cashReceipt: null })).toEqual([])
  })

  it('is nobody’s task without a refund, nor for any other method', () => {
    expect(opened({})).toEqual([])
    for (const method of methods) {
      if (method === 'VIRTUAL_ACCOUNT' || method === 'TRANSFER') continue
      expect(opened({ method, refunded: minor(10_000) })).toEqual([])
    }
  })
})

it('a deposit after the close, and money at a test store, are seen', () => {
  expect(opened({ closedAt: instant(1), paidAt: null, received: minor(0) })).toEqual([])
  expect(opened({ closedAt: instant(1) })).toEqual(['deposit_after_close'])
  expect(opened({ testStore: true })).toEqual(['test_store_payment'])
  expect(opened({ testStore: true, received: minor(0) })).toEqual([])
})

it('what ends by itself is ticked only where its end cannot be seen', () => {
  for (const kind of taskKinds) {
    const { ends } = taskRule(kind)
    expect(isTicked(kind, {})).toBe(ends === 'person')
    expect(isTicked(kind, { check: true })).toBe(true)
    expect(isTicked(kind, { refused: 'SBX' })).toBe(true)
    expect(taskStep(kind, {}) === 'note').toBe(ends === 'person')
  }
  expect(taskDueAt('outside_cancel', instant(5))).toBe(5)
  expect(taskDueAt('cash_receipt_alive', instant(5))).toBe(plus(instant(5), DAY_MS))
})

it('never opens a kind that it says is over, and opens at most one task of a kind', () => {
  const amount = fc.integer({ min: 0, max: 1_000 }).map(minor)
  fc.assert(
    fc.property(
      fc.record({
        method: fc.constantFrom(...methods),
        testStore: fc.boolean(),
        paidAt: fc.constantFrom(null, instant(1)),
        closedAt: fc.constantFrom(null, instant(1)),
        received: amount,
        receivedTaxFree: amount,
        refunded: amount,
        cashReceipt: fc.option(
          fc.record({ status: fc.constantFrom('ISSUED' as const, 'CANCELLED' as const), amount: fc.option(amount) }),
        ),
      }),
      (some) => {
        const { opens, over } = tasksOf(some)
        const kinds = opens.map(({ kind }) => kind)
        expect(new Set(kinds).size).toBe(kinds.length)
        expect(kinds.filter((kind) => over.includes(kind))).toEqual([])
      },
    ),
  )
})
