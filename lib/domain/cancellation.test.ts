import { describe, expect, test } from 'vitest'
import { isOpen, isOut, isUnsent, openStates, states, successors, type CancellationState } from './cancellation.ts'

function reachable(from: CancellationState): Set<CancellationState> {
  const seen = new Set<CancellationState>([from])
  for (const state of seen) for (const next of successors[state]) seen.add(next)
  return seen
}

describe('a cancellation’s life', () => {
  test('leads only to states there are, never to itself', () => {
    for (const state of states) {
      for (const next of successors[state]) {
        expect(states).toContain(next)
        expect(next).not.toBe(state)
      }
      expect(new Set(successors[state]).size).toBe(successors[state].length)
    }
  })

  test('begins at approval or READY and reaches everything from there', () => {
    expect([...reachable('AWAITING_APPROVAL')].toSorted()).toEqual(states.toSorted())
    expect(reachable('READY')).not.toContain('AWAITING_APPROVAL')
  })

  test('can always end, and what has ended stays', () => {
    expect(states.filter((state) => !isOpen(state))).toEqual(['DONE', 'DECLINED', 'REJECTED', 'WITHDRAWN'])
    for (const state of openStates) expect([...reachable(state)].some((each) => !isOpen(each))).toBe(true)
    for (const state of states) if (!isOpen(state)) expect([...reachable(state)]).toEqual([state])
  })

  test('only READY is sent, and only what was provably not sent goes back', () => {
    expect(states.filter((state) => new Set<string>(successors[state]).has('SENDING'))).toEqual(['READY'])
    for (const state of ['ACCEPTED', 'UNCONFIRMED'] as const) expect([...reachable(state)].some(isUnsent)).toBe(false)
  })

  test('what is out cannot be withdrawn, what is unsent can, and both make up what is open', () => {
    for (const state of states) {
      const canWithdraw = new Set<string>(successors[state]).has('WITHDRAWN')
      expect(canWithdraw, state).toBe(isUnsent(state))
      expect(isOut(state) || isUnsent(state), state).toBe(isOpen(state))
      expect(isOut(state) && isUnsent(state), state).toBe(false)
    }
  })

  test('done or declined comes only from what is out', () => {
    for (const state of states) {
      const ends = new Set<string>(successors[state])
      if (ends.has('DONE') || ends.has('DECLINED')) expect(isOut(state), state).toBe(true)
    }
  })
})
