import '#lib/testing/database.ts'
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import { audit } from './audit.ts'
import { contextOf, type Person } from './context.ts'
import { db, transaction } from './db.ts'
import { parseInput, recordFailure } from './report.ts'

// Loads in Next's own server only.
vi.mock('next/navigation', () => ({ redirect: () => {}, unstable_rethrow: () => {} }))

afterAll(() => db.$disconnect())

const someone = (): Person => {
  const id = randomUUID()
  return {
    kind: 'person',
    id,
    name: 'x',
    email: `${id}@example.com`,
    owner: false,
    grants: new Map(),
    sessionId: id,
    freshUntil: null,
  }
}

describe('what goes wrong', () => {
  it('names the member that is wrong, however it was called', () => {
    const strange = () => parseInput(z.record(z.string().max(5), z.string()), { [`\0a${'b'.repeat(1_000)}`]: '' })
    expect(strange).toThrow(
      expect.objectContaining({ code: 'request.invalid', facts: { field: `a${'b'.repeat(99)}` } }),
    )
  })

  it('is recorded, but a person in a loop does not fill what nothing is removed from', async () => {
    const person = someone()
    const context = contextOf(person)
    await recordFailure(context, 'audit.view', new DomainError('permission.missing'))
    const full = new Date(Date.now() + 60_000)
    await db.rateLimiterFlexible.update({
      where: { key: `failure:${person.id}` },
      data: { points: 120, expire: full },
    })
    await recordFailure(context, 'audit.view', new DomainError('permission.missing'))
    expect(await db.auditEntry.count({ where: { actorId: person.id, outcome: 'denied' } })).toBe(1)
  })
})

describe('an audit row', () => {
  it('holds no card number, wherever in its facts somebody typed one', async () => {
    const person = someone()
    const facts = { q: '4111 1111 1111 1111', deep: [{ text: 'my card 4111111111111111' }], amount: 1_000 }
    await transaction((tx) => audit(tx, contextOf(person), { action: 'payment.look_up', outcome: 'done', facts }))
    const row = await db.auditEntry.findFirstOrThrow({ where: { actorId: person.id } })
    expect(row.facts).toEqual({ q: '[card]', deep: [{ text: 'my card [card]' }], amount: 1_000 })
  })
})
