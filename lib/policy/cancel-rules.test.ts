import { describe, expect, test } from 'vitest'
import { minor } from '#lib/domain/money.ts'
import { methods, type Method } from '#lib/domain/payment.ts'
import { proofStates } from './account-proof.ts'
import type { CancelFacts } from './cancel-facts.ts'
import { CANCEL_RULES_VERSION, cancelRules, judgeCancellation } from './cancel-rules.ts'
import { at, facts, plain, routes } from './example-facts.ts'
import { type RuleId } from './verdict.ts'

const letters: Record<string, Method> = {
  C: 'CARD',
  T: 'TRANSFER',
  V: 'VIRTUAL_ACCOUNT',
  M: 'MOBILE',
  E: 'EASY_PAY',
  O: 'OTHER',
}
const all = 'CTVMEO'
const no = ''
/** Written from the gateways' rules, not from the code: the methods of each route that a rule may say anything about. */
const columns = [
  'PortOne+KSNET',
  'PortOne+KCP',
  'PortOne+other',
  'KSNET page',
  'KSNET socket',
  'KSNET REST',
  'KCP REST',
  'KCP module',
] as const
const applies: Record<RuleId, readonly string[]> = {
  'SUM-STATE': [all, all, all, all, all, all, all, all],
  'SUM-SOURCE': [all, all, all, all, all, all, all, all],
  'SUM-OPEN': [all, all, all, all, all, all, all, all],
  'SUM-POSITIVE': [all, all, all, all, all, all, all, all],
  'SUM-LEFT': [all, all, all, all, all, all, all, all],
  // An unpaid account is closed, and anything else is never closed: closing is judged everywhere.
  'CANCEL-VA-UNPAID': [all, all, all, all, all, all, all, all],
  'CANCEL-DISCOUNT': [all, all, all, all, all, all, all, all],
  'CANCEL-TAX': [all, all, all, all, all, all, all, all],
  'CANCEL-ESCROW': [all, all, all, all, all, all, all, all],
  'REFUND-BY-HAND': [all, all, all, all, all, all, all, all],
  'CANCEL-WINDOW': [all, no, no, all, all, all, no, no],
  'CANCEL-TEST-STORE': [all, no, no, all, all, all, no, no],
  'CANCEL-COUNT': ['CTVE', no, no, 'CTVE', 'CTVE', 'CTVE', no, no],
  'CANCEL-MOBILE': ['M', no, no, 'M', 'M', 'M', no, no],
  'CANCEL-MOBILE-MONTH': ['M', 'M', 'M', 'M', 'M', 'M', 'M', 'M'],
  'CANCEL-VA-HOURS': ['V', no, no, 'V', 'V', 'V', no, no],
  'CANCEL-VA-CONTRACT': ['V', no, no, 'V', 'V', 'V', no, no],
  'CANCEL-VA-DIRECT': [no, no, no, 'V', 'V', 'V', no, no],
  'CANCEL-ACCOUNT': ['V', 'V', 'V', 'V', 'V', 'V', 'TV', 'TV'],
  // The page link has no cancel of its own: its payments are cancelled by the socket message.
  'CANCEL-TRANSFER': [no, no, no, 'T', 'T', no, no, no],
  'CANCEL-AFTER-PARTIAL': [no, no, no, all, all, no, all, all],
  'CANCEL-KEY': [no, no, no, no, no, no, all, all],
  // Escrow of any method, and virtual accounts paid or not.
  'CANCEL-KCP-REST': [no, no, no, no, no, no, all, no],
  // Accounts are closed by socket; points and gift cards are cancelled by neither.
  'CANCEL-KSNET-WAY': [no, no, no, 'O', 'O', 'VMO', no, no],
  'CANCEL-KSNET-KEY': [no, no, no, all, all, all, no, no],
  'CANCEL-KCP-NIGHT': [no, 'C', no, no, no, no, 'C', 'C'],
}

/** Each makes some rules speak; together, all of them, wherever they apply. */
const battery: readonly Partial<CancelFacts>[] = [
  {
    amount: minor(12_000),
    openCount: 1,
    testStore: true,
    discount: minor(500),
    escrow: 'confirmed',
    credentialsReady: false,
    unverified: true,
  },
  { amount: minor(0), byHand: minor(700), escrow: 'shipped' },
  { status: 'REFUNDED', refunded: minor(12_000) },
  {
    status: 'PARTIALLY_REFUNDED',
    refunded: minor(2_000),
    partials: 1,
    amount: minor(500),
    taxFree: minor(0),
    receivedTaxFree: minor(100),
  },
  { kind: 'CLOSE', amount: minor(0) },
  { status: 'ISSUED', kind: 'CLOSE', received: minor(0), paidAt: null },
  { now: at('2026-11-21T02:00:00+09:00') },
]

const pairs = battery.flatMap((first) => battery.map((second) => ({ ...first, ...second })))

describe('where a rule may speak', () => {
  test('every rule has its row, once', () => {
    const ids = cancelRules.map((rule) => rule.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.toSorted()).toEqual(Object.keys(applies).toSorted())
  })

  const cells = columns.flatMap((column, index) =>
    methods.flatMap((method) => cancelRules.map((rule) => ({ column, index, method, rule }))),
  )
  test.each(columns)('%s', (wanted) => {
    for (const { column, index, method, rule } of cells) {
      if (column !== wanted) continue
      const mayLetters = (applies[rule.id][index] ?? '').split('')
      const may = mayLetters.some((letter) => letters[letter] === method)
      const judged = pairs.map((each) => rule.judge(facts({ ...each, ...routes[column], method })))
      const speaks = judged.some((verdict) => verdict !== null)
      expect(speaks, `${rule.id}, ${column}, ${method}`).toBe(may)
    }
  })
})

/** A payment on which everything is wrong, then cured rule by rule: before each cure, that rule's denial is the answer. */
type Walk = {
  readonly start: Partial<CancelFacts>
  readonly cures: readonly (readonly [RuleId, Partial<CancelFacts>])[]
}
const wrongSums: Partial<CancelFacts> = {
  status: 'PARTIALLY_REFUNDED',
  receivedTaxFree: minor(6_000),
  refunded: minor(12_000),
  refundedTaxFree: minor(5_000),
  openCount: 1,
  partials: 9,
  discount: minor(500),
  unverified: true,
  amount: minor(5_000),
  taxFree: null,
}
const curedState = ['SUM-STATE', { refunded: minor(9_000) }] as const
const curedSource = ['SUM-SOURCE', { unverified: false }] as const
const curedOpen = ['SUM-OPEN', { openCount: 0 }] as const
const curedDiscount = ['CANCEL-DISCOUNT', { discount: minor(0) }] as const
const curedLeft = ['SUM-LEFT', { amount: minor(2_000) }] as const
const curedTax = ['CANCEL-TAX', { taxFree: minor(500) }] as const
const untouched = { refunded: minor(0), refundedTaxFree: minor(0), partials: 0 }
const walks: Record<string, Walk> = {
  'virtual account through PortOne': {
    start: {
      ...wrongSums,
      method: 'VIRTUAL_ACCOUNT',
      paidAt: at('2026-05-20T12:00:00+09:00'),
      now: at('2026-11-21T05:00:00+09:00'),
      contract: { vaRefund: false },
      refundAccount: 'none',
    },
    cures: [
      curedState,
      curedSource,
      curedOpen,
      curedDiscount,
      ['CANCEL-WINDOW', { paidAt: at('2026-05-21T12:00:00+09:00') }],
      ['CANCEL-COUNT', { partials: 8 }],
      ['CANCEL-VA-CONTRACT', { contract: { vaRefund: true } }],
      ['CANCEL-VA-HOURS', { now: at('2026-11-21T06:00:00+09:00') }],
      ['CANCEL-ACCOUNT', { refundAccount: 'proven' }],
      curedLeft,
      curedTax,
    ],
  },
  'virtual account at KSNET direct': {
    start: {
      ...wrongSums,
      ...routes['KSNET REST'],
      method: 'VIRTUAL_ACCOUNT',
      kind: 'CLOSE',
      paidAt: at('2026-05-20T12:00:00+09:00'),
      now: at('2026-11-21T05:00:00+09:00'),
      refundAccount: 'none',
    },
    cures: [
      curedState,
      curedSource,
      curedOpen,
      ['CANCEL-VA-UNPAID', { kind: 'CANCEL' }],
      curedDiscount,
      ['CANCEL-VA-DIRECT', { method: 'MOBILE' }],
      ['CANCEL-KSNET-WAY', { method: 'OTHER' }],
      ['CANCEL-KSNET-WAY', { method: 'CARD', credentialsReady: false }],
      ['CANCEL-WINDOW', { paidAt: plain.paidAt }],
      ['CANCEL-COUNT', { partials: 1 }],
      ['CANCEL-KSNET-KEY', { credentialsReady: true }],
      curedLeft,
      curedTax,
    ],
  },
  'transfer by KSNET socket': {
    start: { ...wrongSums, ...routes['KSNET socket'], method: 'TRANSFER', paidAt: at('2026-05-20T12:00:00+09:00') },
    cures: [
      curedState,
      curedSource,
      curedOpen,
      curedDiscount,
      ['CANCEL-WINDOW', { paidAt: at('2026-11-20T23:59:59+09:00') }],
      ['CANCEL-TRANSFER', { paidAt: at('2026-11-21T00:00:00+09:00'), ...untouched, amount: minor(12_001) }],
      ['SUM-LEFT', { amount: minor(12_000) }],
      ['CANCEL-TAX', { taxFree: minor(6_000) }],
    ],
  },
  'mobile through PortOne': {
    start: { ...wrongSums, method: 'MOBILE', paidAt: at('2026-05-20T12:00:00+09:00') },
    cures: [
      curedState,
      curedSource,
      curedOpen,
      curedDiscount,
      ['CANCEL-WINDOW', { paidAt: plain.paidAt }],
      ['CANCEL-MOBILE', { ...untouched, amount: minor(12_001) }],
      ['SUM-LEFT', { amount: minor(12_000) }],
      ['CANCEL-TAX', { taxFree: minor(6_000) }],
    ],
  },
  'escrow card by KCP module': {
    start: {
      ...wrongSums,
      ...routes['KCP module'],
      now: at('2026-11-21T02:00:00+09:00'),
      escrow: 'shipped',
      credentialsReady: false,
      programReady: false,
    },
    cures: [
      curedState,
      curedSource,
      curedOpen,
      curedDiscount,
      ['CANCEL-ESCROW', { escrow: 'confirmed' }],
      ['CANCEL-KEY', { credentialsReady: true }],
      ['CANCEL-KEY', { programReady: true }],
      ['CANCEL-KCP-NIGHT', { now: at('2026-11-21T02:30:00+09:00') }],
      curedLeft,
      ['CANCEL-TAX', { receivedTaxFree: minor(0), refundedTaxFree: minor(0) }],
    ],
  },
  'escrow transfer by KCP module': {
    start: {
      ...routes['KCP module'],
      method: 'TRANSFER',
      escrow: 'shipped',
      refundAccount: 'none',
      amount: minor(11_999),
      receivedTaxFree: minor(6_000),
    },
    cures: [
      ['CANCEL-ESCROW', { amount: minor(12_001) }],
      ['CANCEL-ACCOUNT', { refundAccount: 'proven' }],
      ['SUM-LEFT', { amount: minor(12_000) }],
      ['CANCEL-TAX', { taxFree: minor(6_000) }],
    ],
  },
  'virtual account by KCP REST': {
    start: {
      ...wrongSums,
      ...routes['KCP REST'],
      method: 'VIRTUAL_ACCOUNT',
      escrow: 'shipped',
      credentialsReady: false,
      refundAccount: 'none',
    },
    cures: [
      curedState,
      curedSource,
      curedOpen,
      curedDiscount,
      ['CANCEL-KCP-REST', { escrow: null }],
      ['CANCEL-KCP-REST', { method: 'CARD' }],
      ['CANCEL-KEY', { credentialsReady: true, amount: minor(0) }],
      ['SUM-POSITIVE', { amount: minor(5_000) }],
      curedLeft,
      ['CANCEL-TAX', { amount: minor(1_000), receivedTaxFree: minor(0), refundedTaxFree: minor(0) }],
    ],
  },
}

describe('the order', () => {
  test.each(Object.entries(walks))('%s', (_name, { start, cures }) => {
    let now = facts(start)
    for (const [rule, cure] of cures) {
      expect(judgeCancellation(now).denial?.rule).toBe(rule)
      now = { ...now, ...cure }
    }
    expect(judgeCancellation(now).denial).toBeNull()
  })

  test('is walked as it is written, and names every rule that can stop', () => {
    const ids = cancelRules.map((rule) => rule.id)
    for (const { cures } of Object.values(walks)) {
      const walked = cures.map(([rule]) => ids.indexOf(rule))
      expect(walked).toEqual(walked.toSorted((a, b) => a - b))
    }
    const walkedIds = Object.values(walks).flatMap(({ cures }) => cures.map(([rule]) => rule))
    const neverStop = ['REFUND-BY-HAND', 'CANCEL-AFTER-PARTIAL', 'CANCEL-MOBILE-MONTH', 'CANCEL-TEST-STORE']
    expect([...new Set<string>(walkedIds), ...neverStop].toSorted()).toEqual([...ids].toSorted())
    expect(CANCEL_RULES_VERSION).toBeGreaterThan(0)
  })
})

/** With a value the types do not allow, as an older version meets one. */
const withFact = (on: CancelFacts, name: string, value: string | number): CancelFacts => ({ ...on, [name]: value })

describe('what is not understood is refused', () => {
  const enums = ['gateway', 'pg', 'mode', 'method', 'status', 'kind', 'escrow'] as const
  test.each(enums)('an unknown %s', (name) => {
    for (const value of ['SOMETHING_NEW', 'toString', '__proto__', '']) {
      const unknown = withFact({ ...plain, amount: minor(12_000) }, name, value)
      expect(judgeCancellation(unknown)).toEqual({
        verdicts: [{ rule: 'SUM-STATE', reason: 'unknown_fact', facts: { field: name }, kind: 'never' }],
        denial: { rule: 'SUM-STATE', reason: 'unknown_fact', facts: { field: name }, kind: 'never' },
      })
    }
  })

  const numbers = [
    'now',
    'paidAt',
    'received',
    'receivedTaxFree',
    'refunded',
    'refundedTaxFree',
    'open',
    'openTaxFree',
    'byHand',
    'openCount',
    'partials',
    'discount',
    'amount',
    'taxFree',
  ] as const
  test.each(numbers)('%s that is no whole number in bounds', (name) => {
    for (const value of [Number.NaN, Infinity, 0.5, -(2 ** 60), 2 ** 60]) {
      const unknown = withFact(plain, name, value)
      expect(judgeCancellation(unknown).denial).toMatchObject({ reason: 'unknown_fact', facts: { field: name } })
    }
  })

  test('a gateway that comes with another one’s mode or payment gateway', () => {
    expect(judgeCancellation(facts({ gateway: 'ksnet', mode: 'module' })).denial?.facts).toEqual({ field: 'mode' })
    expect(judgeCancellation(facts({ gateway: 'ksnet', mode: 'socket', pg: 'KCP' })).denial?.facts).toEqual({
      field: 'pg',
    })
  })

  test('more tax-free than received, or money on an unpaid account', () => {
    expect(judgeCancellation(facts({ receivedTaxFree: minor(12_001) })).denial?.facts).toEqual({
      field: 'receivedTaxFree',
    })
    expect(judgeCancellation(facts({ method: 'VIRTUAL_ACCOUNT', status: 'ISSUED' })).denial?.facts).toEqual({
      field: 'received',
    })
  })

  test('a contract that is not known', () => {
    const judge = (vaRefund: boolean | null) =>
      judgeCancellation(facts({ method: 'VIRTUAL_ACCOUNT', contract: { vaRefund } })).denial
    expect(judge(true)).toBeNull()
    expect(judge(false)).toMatchObject({ rule: 'CANCEL-VA-CONTRACT', reason: 'not_contracted' })
    expect(judge(null)).toMatchObject({ rule: 'CANCEL-VA-CONTRACT', reason: 'unknown' })
  })
})

describe('when the sheet opens', () => {
  test('the rules that need an amount are silent, the others speak', () => {
    const speaking = judgeCancellation(facts({ receivedTaxFree: minor(1_000) })).verdicts.map((verdict) => verdict.rule)
    expect(speaking).toEqual(['CANCEL-WINDOW', 'CANCEL-COUNT'])
  })
})

describe('a payment that only an unsigned notice told of', () => {
  test('is neither cancelled nor closed until somebody else says the same', () => {
    for (const route of Object.values(routes)) {
      const paid = facts({ ...route, unverified: true, amount: minor(12_000) })
      expect(judgeCancellation(paid).denial).toEqual({
        rule: 'SUM-SOURCE',
        reason: 'notice_alone',
        facts: {},
        kind: 'not_now',
        until: null,
      })
      const issued = { method: 'VIRTUAL_ACCOUNT', status: 'ISSUED', received: minor(0), paidAt: null } as const
      expect(judgeCancellation({ ...paid, ...issued, kind: 'CLOSE', amount: null }).denial?.rule).toBe('SUM-SOURCE')
    }
    expect(judgeCancellation(facts({ amount: minor(12_000) })).denial).toBeNull()
  })
})

describe('money paid back by hand', () => {
  const spoken = (changes: Partial<CancelFacts>) =>
    judgeCancellation(facts(changes)).verdicts.find((verdict) => verdict.rule === 'REFUND-BY-HAND') ?? null
  test('warns whoever cancels and stops nobody', () => {
    expect(spoken({})).toBeNull()
    expect(spoken({ byHand: minor(5_000) })).toMatchObject({ kind: 'warned', reason: 'paid' })
    expect(spoken({ byHand: minor(5_000), amount: minor(7_000) })).toMatchObject({ reason: 'paid' })
    const much = facts({ byHand: minor(5_000), amount: minor(7_001) })
    expect(spoken(much)).toMatchObject({
      kind: 'warned',
      reason: 'more_than_received',
      facts: { byHandAmount: 5_000, receivedAmount: 12_000, totalAmount: 12_001 },
    })
    expect(judgeCancellation(much).denial).toBeNull()
  })
  test('counts what is given back and what is under way', () => {
    const part = { status: 'PARTIALLY_REFUNDED', refunded: minor(4_000), byHand: minor(4_000) } as const
    expect(spoken({ ...part, amount: minor(4_000) })?.reason).toBe('paid')
    expect(spoken({ ...part, amount: minor(4_001) })?.reason).toBe('more_than_received')
    expect(spoken({ ...part, open: minor(1), amount: minor(4_000) })?.reason).toBe('more_than_received')
  })
  test('says nothing of what is refunded or closed', () => {
    expect(spoken({ status: 'REFUNDED', refunded: minor(12_000), byHand: minor(100) })).toBeNull()
    expect(spoken({ kind: 'CLOSE', byHand: minor(100) })).toBeNull()
  })
})

describe('the account a refund goes into', () => {
  const into = { method: 'VIRTUAL_ACCOUNT', status: 'PAID', amount: minor(12_000) } as const
  const unproven = proofStates.filter((state) => state !== 'proven')

  test.each(unproven)('%s stops it, and says so', (refundAccount) => {
    for (const route of [routes['PortOne+KSNET'], routes['PortOne+KCP'], routes['PortOne+other'], routes['KCP module']])
      expect(judgeCancellation(facts({ ...into, ...route, refundAccount })).denial).toMatchObject({
        rule: 'CANCEL-ACCOUNT',
        kind: 'needs',
        what: 'refund_account',
        reason: refundAccount,
      })
  })

  test('proven lets it go', () => {
    const { denial, verdicts } = judgeCancellation(facts({ ...into, refundAccount: 'proven' }))
    expect(denial).toBeNull()
    expect(verdicts).toContainEqual(expect.objectContaining({ rule: 'CANCEL-ACCOUNT', reason: 'proven' }))
  })

  test.each(proofStates)('%s says nothing where no account is needed', (refundAccount) => {
    const unpaid = { method: 'VIRTUAL_ACCOUNT', status: 'ISSUED', received: minor(0), paidAt: null } as const
    for (const each of [
      facts({ refundAccount, amount: minor(12_000) }),
      facts({ refundAccount, method: 'EASY_PAY', amount: minor(1) }),
      facts({ refundAccount, ...unpaid, kind: 'CLOSE' }),
    ]) {
      const { denial, verdicts } = judgeCancellation(each)
      expect(denial).toBeNull()
      expect(verdicts.map((verdict) => verdict.rule)).not.toContain('CANCEL-ACCOUNT')
    }
  })

  test('the hour is said before the account, so that nobody checks one in vain', () => {
    const night = facts({ ...into, refundAccount: 'none', now: at('2026-11-21T23:00:00+09:00') })
    expect(judgeCancellation(night).denial?.rule).toBe('CANCEL-VA-HOURS')
  })
})

describe('an unpaid virtual account', () => {
  const unpaid = facts({
    method: 'VIRTUAL_ACCOUNT',
    status: 'ISSUED',
    received: minor(0),
    paidAt: null,
    refundAccount: 'none',
  })
  const night = at('2026-11-21T03:00:00+09:00')
  test('is closed at any hour, without account or amount', () => {
    for (const route of Object.values(routes).filter(({ mode }) => mode !== 'rest')) {
      for (const amount of [null, minor(0)]) {
        const close = judgeCancellation({
          ...unpaid,
          ...route,
          now: night,
          kind: 'CLOSE',
          amount,
          contract: { vaRefund: null },
        })
        expect(close).toMatchObject({ denial: null, verdicts: [{ rule: 'CANCEL-VA-UNPAID', reason: 'close' }] })
      }
    }
  })

  test('is not cancelled, and not closed with an amount', () => {
    expect(judgeCancellation({ ...unpaid, amount: minor(12_000) }).denial).toMatchObject({ reason: 'close_instead' })
    expect(judgeCancellation({ ...unpaid, kind: 'CLOSE', amount: minor(1) }).denial).toMatchObject({
      reason: 'amount_not_zero',
    })
    expect(judgeCancellation({ ...unpaid, kind: 'CLOSE', taxFree: minor(1) }).denial).toMatchObject({
      reason: 'amount_not_zero',
    })
  })
})

describe('escrow', () => {
  const judge = (changes: Partial<CancelFacts>) =>
    judgeCancellation(facts(changes)).verdicts.find((verdict) => verdict.rule === 'CANCEL-ESCROW')
  test('through PortOne: before shipment allowed, later the gateway decides', () => {
    expect(judge({ escrow: 'before_shipment' })).toMatchObject({ kind: 'allowed' })
    expect(judge({ escrow: 'shipped' })).toMatchObject({ kind: 'warned' })
    expect(judge({ escrow: 'confirmed' })).toMatchObject({ kind: 'warned' })
    expect(judge({ escrow: null })).toBeUndefined()
  })

  test('KCP: by stage, and whole until the purchase is confirmed', () => {
    const kcp = routes['KCP module']
    for (const escrow of ['before_shipment', 'shipped'] as const) {
      expect(judge({ ...kcp, escrow, amount: minor(12_000) })).toMatchObject({
        kind: 'allowed',
        reason: `kcp_${escrow}`,
      })
      expect(judge({ ...kcp, escrow, amount: minor(11_999) })).toMatchObject({
        kind: 'never',
        reason: 'kcp_whole_only',
      })
    }
    expect(judge({ ...kcp, escrow: 'confirmed', amount: minor(1) })).toMatchObject({
      kind: 'allowed',
      reason: 'kcp_confirmed',
    })
    const mobile = { ...kcp, method: 'MOBILE', escrow: 'confirmed', amount: minor(12_000) } as const
    expect(judge(mobile)).toMatchObject({ kind: 'never', reason: 'kcp_no_message' })
    expect(judge({ ...mobile, escrow: 'shipped' })).toMatchObject({ kind: 'allowed' })
  })
})

describe('NHN KCP', () => {
  const [rest, byModule] = [routes['KCP REST'], routes['KCP module']]
  const denial = (changes: Partial<CancelFacts>) => judgeCancellation(facts(changes)).denial
  const unpaid = { method: 'VIRTUAL_ACCOUNT', status: 'ISSUED', received: minor(0), paidAt: null } as const

  test('by REST: no refund into an account, no escrow, no closing; whatever else the module does, it does', () => {
    const whole = { ...rest, amount: minor(12_000), taxFree: minor(0) }
    const never = (reason: string) => ({ rule: 'CANCEL-KCP-REST', kind: 'never', reason })
    expect(denial({ ...whole, method: 'VIRTUAL_ACCOUNT' })).toMatchObject(never('virtual_account'))
    for (const method of methods)
      for (const escrow of ['before_shipment', 'shipped', 'confirmed'] as const)
        expect(denial({ ...whole, method, escrow })).toMatchObject(never('escrow'))
    expect(denial({ ...rest, ...unpaid, kind: 'CLOSE' })).toMatchObject(never('close'))
    expect(denial({ ...rest, kind: 'CLOSE' })).toMatchObject({ rule: 'CANCEL-VA-UNPAID' })
    for (const method of methods.filter((one) => one !== 'VIRTUAL_ACCOUNT'))
      expect(denial({ ...whole, method })).toBeNull()
    const all = { ...byModule, amount: minor(12_000), taxFree: minor(0) }
    expect(denial({ ...all, method: 'VIRTUAL_ACCOUNT' })).toBeNull()
    expect(denial({ ...byModule, ...unpaid, kind: 'CLOSE' })).toBeNull()
  })

  test('nothing goes without what the channel needs: key, certificate, program', () => {
    const asked = { amount: minor(12_000), taxFree: minor(0) }
    const lacks = (changes: Partial<CancelFacts>) => denial({ ...asked, ...changes })?.reason
    expect(lacks({ ...byModule, credentialsReady: false })).toBe('no_site_key')
    expect(lacks({ ...byModule, programReady: false })).toBe('no_program')
    expect(lacks({ ...rest, credentialsReady: false })).toBe('no_certificate')
    expect(lacks({ ...rest, programReady: false })).toBeUndefined()
    expect(lacks({ ...byModule, ...unpaid, kind: 'CLOSE', amount: null, programReady: false })).toBe('no_program')
    for (const route of Object.values(routes))
      if (route.gateway === 'portone')
        expect(lacks({ ...route, credentialsReady: false, programReady: false })).toBeUndefined()
  })

  test('an escrow transfer goes into an account until the purchase is confirmed, then back the way it came', () => {
    const transfer = { ...byModule, method: 'TRANSFER', amount: minor(12_000), refundAccount: 'none' } as const
    for (const escrow of ['before_shipment', 'shipped'] as const)
      expect(denial({ ...transfer, escrow })).toMatchObject({ rule: 'CANCEL-ACCOUNT', what: 'refund_account' })
    for (const escrow of ['confirmed', null] as const) expect(denial({ ...transfer, escrow })).toBeNull()
    expect(denial({ ...transfer, method: 'VIRTUAL_ACCOUNT', escrow: 'confirmed' })).toMatchObject({
      rule: 'CANCEL-ACCOUNT',
    })
    for (const method of ['CARD', 'EASY_PAY', 'MOBILE', 'OTHER'] as const)
      expect(denial({ ...transfer, method, escrow: 'shipped' })).toBeNull()
  })

  test('after a part the rest is announced as a part, for every method', () => {
    const part = { status: 'PARTIALLY_REFUNDED', refunded: minor(2_000), partials: 1, amount: minor(10_000) } as const
    for (const route of [rest, byModule])
      for (const method of methods) {
        const { verdicts } = judgeCancellation(facts({ ...route, ...part, method }))
        expect(verdicts).toContainEqual(
          expect.objectContaining({
            rule: 'CANCEL-AFTER-PARTIAL',
            reason: 'as_partial',
            facts: { leftAmount: 10_000 },
          }),
        )
      }
  })

  test('between 01:50 and 02:30 no card, by either way; everything else', () => {
    const night = { now: at('2026-11-21T02:00:00+09:00'), amount: minor(12_000) }
    for (const route of [rest, byModule]) {
      expect(denial({ ...route, ...night })).toMatchObject({
        rule: 'CANCEL-KCP-NIGHT',
        until: at('2026-11-21T02:30:00+09:00'),
      })
      expect(denial({ ...route, ...night, method: 'TRANSFER' })).toBeNull()
    }
    expect(denial({ ...byModule, ...unpaid, kind: 'CLOSE', now: night.now })).toBeNull()
  })
})

describe('KSNET directly', () => {
  const ways = { page: routes['KSNET page'], socket: routes['KSNET socket'], rest: routes['KSNET REST'] }
  const asked = { amount: minor(12_000), taxFree: minor(0) }
  const denial = (changes: Partial<CancelFacts>) => judgeCancellation(facts({ ...asked, ...changes })).denial
  const unpaid = { method: 'VIRTUAL_ACCOUNT', status: 'ISSUED', received: minor(0), paidAt: null } as const
  const partly = { status: 'PARTIALLY_REFUNDED', refunded: minor(2_000), partials: 1, amount: minor(10_000) } as const

  test('what each way has a message for: the whole of it, and a part', () => {
    const whole = (way: keyof typeof ways) => methods.filter((method) => denial({ ...ways[way], method }) === null)
    expect(whole('socket')).toEqual(['CARD', 'TRANSFER', 'MOBILE', 'EASY_PAY'])
    expect(whole('page')).toEqual(whole('socket'))
    expect(whole('rest')).toEqual(['CARD', 'TRANSFER', 'EASY_PAY'])
    const part = (way: keyof typeof ways) =>
      methods.filter((method) => denial({ ...ways[way], method, amount: minor(1_000) }) === null)
    expect(part('socket')).toEqual(['CARD', 'EASY_PAY'])
    expect(part('rest')).toEqual(['CARD', 'TRANSFER', 'EASY_PAY'])
  })

  test('an unpaid account is closed by socket only, a paid one refunded by neither', () => {
    expect(denial({ ...ways.socket, ...unpaid, kind: 'CLOSE', amount: null, taxFree: null })).toBeNull()
    expect(denial({ ...ways.rest, ...unpaid, kind: 'CLOSE', amount: null, taxFree: null })).toMatchObject({
      rule: 'CANCEL-KSNET-WAY',
      kind: 'never',
      reason: 'close',
    })
    for (const way of Object.values(ways)) {
      expect(denial({ ...way, method: 'VIRTUAL_ACCOUNT' })).toMatchObject({ rule: 'CANCEL-VA-DIRECT', kind: 'never' })
      expect(denial({ ...way, method: 'OTHER' })).toMatchObject({ rule: 'CANCEL-KSNET-WAY', reason: 'other' })
    }
    expect(denial({ ...ways.rest, method: 'MOBILE' })).toMatchObject({ rule: 'CANCEL-KSNET-WAY', reason: 'mobile' })
  })

  test('a transfer: by socket until midnight in Seoul and in full, by REST later and in part', () => {
    const transfer = { method: 'TRANSFER', paidAt: at('2026-11-20T23:59:59.999+09:00') } as const
    expect(denial({ ...ways.socket, ...transfer, now: at('2026-11-20T23:59:59.999+09:00') })).toBeNull()
    expect(denial({ ...ways.socket, ...transfer, now: at('2026-11-21T00:00:00+09:00') })).toMatchObject({
      rule: 'CANCEL-TRANSFER',
      reason: 'later_day',
    })
    expect(denial({ ...ways.rest, ...transfer, now: at('2026-11-21T00:00:00+09:00') })).toBeNull()
    expect(denial({ ...ways.rest, ...transfer, ...partly })).toBeNull()
  })

  test('a part with tax goes where the message has a field for it: cards by REST', () => {
    const mixed = { receivedTaxFree: minor(6_000), amount: minor(2_000), taxFree: minor(1_000) }
    const may = (way: keyof typeof ways) =>
      methods.filter((method) => denial({ ...ways[way], ...mixed, method }) === null)
    expect(may('rest')).toEqual(['CARD', 'EASY_PAY'])
    expect(may('socket')).toEqual([])
    expect(denial({ ...ways.socket, ...mixed })).toMatchObject({ rule: 'CANCEL-TAX', reason: 'wire' })
    expect(denial({ ...ways.socket, ...mixed, amount: minor(12_000), taxFree: minor(6_000) })).toBeNull()
  })

  test('after nine parts nothing goes, the rest neither', () => {
    const nine = { ...partly, partials: 9 }
    for (const way of Object.values(ways))
      expect(denial({ ...way, ...nine })).toMatchObject({ rule: 'CANCEL-COUNT', reason: 'used_up' })
    for (const way of Object.values(ways)) expect(denial({ ...way, ...nine, partials: 8 })).toBeNull()
  })

  test('nothing goes without an address or a key', () => {
    const lacks = (way: keyof typeof ways, changes: Partial<CancelFacts> = {}) =>
      denial({ ...ways[way], credentialsReady: false, ...changes })
    expect(lacks('socket')).toMatchObject({ rule: 'CANCEL-KSNET-KEY', kind: 'not_now', reason: 'no_address' })
    expect(lacks('page')).toMatchObject({ reason: 'no_address' })
    expect(lacks('rest')).toMatchObject({ reason: 'no_api_key' })
    expect(lacks('socket', { ...unpaid, kind: 'CLOSE', amount: null })).toMatchObject({ reason: 'no_address' })
    expect(lacks('socket', { credentialsReady: true, programReady: false })).toBeNull()
  })
})
