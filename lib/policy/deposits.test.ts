import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant, parseKst } from '#lib/domain/kst.ts'
import { minor } from '#lib/domain/money.ts'
import { accountEnded, canReverse, doubtOf, type DepositFacts } from './deposits.ts'

const facts = (change: Partial<DepositFacts> = {}): DepositFacts => ({
  kind: 'deposit',
  amount: minor(10_000),
  account: '1234567890',
  known: true,
  ordered: minor(10_000),
  ownAccount: '1234567890',
  ended: false,
  awaited: true,
  standing: [],
  ...change,
})
const reversal = (change: Partial<DepositFacts> = {}) =>
  facts({ kind: 'reversal', awaited: false, standing: [{ amount: minor(10_000), own: true }], ...change })

describe('a deposit that a notice tells of', () => {
  it('is believed only where payment, account and amount are what we know and nobody has paid', () => {
    expect(doubtOf(facts())).toBeNull()
    expect(doubtOf(facts({ known: false }))).toBe('unknown_payment')
    expect(doubtOf(facts({ account: '1234567891' }))).toBe('other_account')
    expect(doubtOf(facts({ account: null }))).toBe('other_account')
    expect(doubtOf(facts({ ownAccount: null }))).toBe('other_account')
    expect(doubtOf(facts({ account: null, ownAccount: null }))).toBe('other_account')
    expect(doubtOf(facts({ amount: minor(9_999) }))).toBe('other_amount')
    expect(doubtOf(facts({ ended: true }))).toBe('account_ended')
    expect(doubtOf(facts({ awaited: false }))).toBe('not_awaited')
  })

  it('into an account at Citibank is none of KSNET from 23 May 2022 on', () => {
    const at = (text: string) => parseKst(text) ?? instant(0)
    expect(accountEnded('KSNET', 'CITI', at('2022-05-22 23:59:59'))).toBe(false)
    expect(accountEnded('KSNET', 'CITI', at('2022-05-23 00:00:00'))).toBe(true)
    expect(accountEnded('KCP', 'CITI', at('2026-05-23 00:00:00'))).toBe(false)
    for (const bank of ['KOOKMIN', 'SHINHAN', 'X', null])
      expect(accountEnded('KSNET', bank, at('2026-05-23 00:00:00'))).toBe(false)
  })
})

describe('a reversal', () => {
  it('takes back a deposit as it was, and never what did not come in', () => {
    expect(doubtOf(reversal())).toBeNull()
    expect(doubtOf(reversal({ standing: [] }))).toBe('not_received')
    expect(doubtOf(reversal({ amount: minor(9_000) }))).toBe('not_received')
    expect(doubtOf(reversal({ known: false }))).toBe('unknown_payment')
    const elsewhere = { account: '9999999999', standing: [{ amount: minor(10_000), own: false }] }
    expect(doubtOf(reversal(elsewhere))).toBe('other_account')
    // A person confirmed a deposit into another account: what takes it back tells of that account too.
    expect(doubtOf(reversal({ ...elsewhere, standing: [{ amount: minor(10_000), own: true }] }))).toBeNull()
    expect(canReverse(reversal())).toBe(true)
    expect(canReverse(reversal({ standing: [{ amount: minor(9_000), own: true }] }))).toBe(false)
  })
})

it('nothing is believed of what only a notice told', () => {
  const money = fc.integer({ min: 1, max: 3 }).map(minor)
  const account = fc.constantFrom(null, '1', '2')
  fc.assert(
    fc.property(
      fc.record({
        kind: fc.constantFrom('deposit' as const, 'reversal' as const),
        amount: money,
        account,
        known: fc.boolean(),
        ordered: money,
        ownAccount: account,
        ended: fc.boolean(),
        awaited: fc.boolean(),
        standing: fc.array(fc.record({ amount: money, own: fc.boolean() }), { maxLength: 3 }),
      }),
      (any) => {
        if (doubtOf(any) !== null) return
        expect(any.known).toBe(true)
        if (any.kind === 'deposit') expect([any.account, any.amount]).toEqual([any.ownAccount, any.ordered])
        else expect(canReverse(any)).toBe(true)
      },
    ),
  )
})
