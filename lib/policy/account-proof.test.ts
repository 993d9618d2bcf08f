import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS, plus, SECOND_MS } from '#lib/domain/kst.ts'
import { proofState, proofStates, sameHolder, type Proof } from './account-proof.ts'
import { at } from './example-facts.ts'

const checked = at('2026-11-20T23:55:00+09:00')
const proof: Proof = { by: 'gateway', result: 'MATCHED', hash: 'h', at: checked, usedBy: null }
const used: Proof = { ...proof, usedBy: 'intent' }
const people: Proof = { ...proof, by: 'people' }

describe('the proof of a refund account', () => {
  test.each([
    ['no check', null, 'h', checked, null, 'none'],
    ['no account typed', proof, null, checked, null, 'none'],
    ['just checked', proof, 'h', checked, null, 'proven'],
    ['a second before ten minutes', proof, 'h', plus(checked, 10 * MINUTE_MS - SECOND_MS), null, 'proven'],
    ['ten minutes', proof, 'h', plus(checked, 10 * MINUTE_MS), null, 'old'],
    ['ten minutes and a second', proof, 'h', plus(checked, 10 * MINUTE_MS + SECOND_MS), null, 'old'],
    ['another account', proof, 'other', checked, null, 'edited'],
    ['another holder', { ...proof, result: 'DIFFERENT' }, 'h', checked, null, 'not_matched'],
    ['refused', { ...proof, result: 'REFUSED' }, 'h', checked, null, 'not_matched'],
    ['no answer', { ...proof, result: 'UNKNOWN' }, 'h', checked, null, 'not_matched'],
    ['waits for the second person', { ...people, result: 'AWAITING' }, 'h', checked, null, 'awaiting'],
    ['used by another', used, 'h', checked, null, 'used'],
    ['used by another, judged again', used, 'h', checked, 'mine', 'used'],
    ['its own, overnight', used, 'h', plus(checked, 6 * 60 * MINUTE_MS), 'intent', 'proven'],
    ['its own, a second before a day', used, 'h', plus(checked, DAY_MS - SECOND_MS), 'intent', 'proven'],
    ['its own, a day', used, 'h', plus(checked, DAY_MS), 'intent', 'expired'],
    ['its own, another account', used, 'other', checked, 'intent', 'edited'],
    ['its own intent, but not bound to it', proof, 'h', checked, 'intent', 'none'],
    ['by people, hours later', people, 'h', plus(checked, 60 * MINUTE_MS), null, 'proven'],
    ['by people, a day later', people, 'h', plus(checked, DAY_MS), null, 'expired'],
  ] as const)('%s', (_, check, hash, now, own, expected) => {
    expect(proofState(check, hash, now, own)).toBe(expected)
  })

  test('is proven only by a match of the same account in time', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('MATCHED', 'DIFFERENT', 'REFUSED', 'UNKNOWN', 'AWAITING', 'matched', ''),
        fc.constantFrom('h', 'other'),
        fc.integer({ min: 0, max: 3 * DAY_MS }),
        fc.constantFrom(null, 'intent', 'another'),
        fc.constantFrom(null, 'intent'),
        (result, hash, age, usedBy, own) => {
          const state = proofState({ ...proof, result, usedBy }, hash, plus(checked, age), own)
          expect(proofStates).toContain(state)
          if (state !== 'proven') return
          expect([result, hash, usedBy]).toEqual(['MATCHED', 'h', own])
          expect(age).toBeLessThan(own === null ? 10 * MINUTE_MS : DAY_MS)
        },
      ),
    )
  })
})

describe('the holder', () => {
  test.each([
    ['홍길동', '홍길동', true],
    [' 홍 길동 ', '홍길동', true],
    ['(주)전표상점', '주식회사 전표상점', true],
    ['㈜전표상점', '주식회사전표상점', true],
    ['hong gildong', 'HONG GILDONG', true],
    ['홍길동', '홍길순', false],
    ['홍길동', '홍*동', false],
    ['홍길', '홍길동', false],
    ['', '', false],
    [' ', '홍길동', false],
  ])('%s and %s: %s', (asked, told, same) => {
    expect(sameHolder(asked, told)).toBe(same)
  })
})
