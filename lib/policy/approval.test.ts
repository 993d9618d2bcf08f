import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, plus, DAY_MS } from '#lib/domain/kst.ts'
import { approvalNeeded, type ApprovalFacts, type ApprovalPolicy } from './approval.ts'
import { closableAt, type ClosableFacts } from './closable.ts'
import { at } from './example-facts.ts'

const nobody: ApprovalPolicy = { above: null, methods: [], roles: [] }
const asked: ApprovalFacts = {
  kind: 'CANCEL',
  amount: 10_000,
  currency: 'KRW',
  method: 'CARD',
  requester: 'OPERATOR',
  afterPeople: false,
}

describe('two people', () => {
  test.each([
    ['no rule', nobody, asked, []],
    ['above: the amount itself', { ...nobody, above: 10_000 }, asked, ['amount']],
    ['above: one less', { ...nobody, above: 10_001 }, asked, []],
    ['above: nought asks for all', { ...nobody, above: 0 }, asked, ['amount']],
    [
      'above: another currency is always above',
      { ...nobody, above: 10_001 },
      { ...asked, currency: 'USD' },
      ['amount'],
    ],
    ['another currency without a limit', nobody, { ...asked, currency: 'USD' }, []],
    ['method', { ...nobody, methods: ['VIRTUAL_ACCOUNT', 'CARD'] }, asked, ['method']],
    ['another method', { ...nobody, methods: ['TRANSFER'] }, asked, []],
    ['role', { ...nobody, roles: ['OPERATOR'] }, asked, ['role']],
    [
      'an owner is of no role',
      { ...nobody, roles: ['VIEWER', 'OPERATOR', 'MANAGER'] },
      { ...asked, requester: 'OWNER' },
      [],
    ],
    ['after people', nobody, { ...asked, afterPeople: true }, ['after_people']],
    [
      'all',
      { above: 1, methods: ['CARD'], roles: ['OPERATOR'] },
      { ...asked, afterPeople: true },
      ['amount', 'method', 'role', 'after_people'],
    ],
    [
      'closing an account',
      { above: 0, methods: ['CARD'], roles: ['OPERATOR'] },
      { ...asked, kind: 'CLOSE', amount: 0, afterPeople: true },
      [],
    ],
  ] satisfies [string, ApprovalPolicy, ApprovalFacts, string[]][])('%s', (_, policy, facts, expected) => {
    expect(approvalNeeded(policy, facts)).toEqual(expected)
  })
})

describe('closing by people', () => {
  const sent = at('2026-11-20T10:00:00+09:00')
  const settleBy = plus(sent, 90_000)
  const facts: ClosableFacts = {
    state: 'UNCONFIRMED',
    sendingSince: sent,
    settleBy,
    canAsk: true,
    asked: 5,
    replayWithinMs: 2 * HOUR_MS,
  }
  test.each([
    ['asked enough, once the replay is over', facts, plus(sent, 2 * HOUR_MS)],
    ['not asked enough', { ...facts, asked: 2 }, null],
    ['nobody can be asked: as soon as no answer can come', { ...facts, canAsk: false, asked: 0 }, settleBy],
    ['without a replay', { ...facts, replayWithinMs: null }, plus(sent, HOUR_MS)],
    [
      'never before an answer can no longer come',
      { ...facts, replayWithinMs: 30_000, settleBy: plus(sent, 5 * MINUTE_MS) },
      plus(sent, 5 * MINUTE_MS),
    ],
    ['accepted: a day', { ...facts, state: 'ACCEPTED' }, plus(sent, DAY_MS)],
    ['being sent', { ...facts, state: 'SENDING' }, null],
    ['not sent', { ...facts, state: 'READY', sendingSince: null, settleBy: null }, null],
    ['done', { ...facts, state: 'DONE' }, null],
  ] satisfies [string, ClosableFacts, number | null][])('%s', (_, of, expected) => {
    expect(closableAt(of)).toBe(expected)
  })
})
