import { describe, expect, it } from 'vitest'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { contextOf, person } from '#lib/testing/world.ts'
import { authenticateToken } from './authenticate-token.ts'
import { createToken, revokeToken, tokensOf } from './manage-tokens.ts'

const newStore = async () => (await db.store.create({ data: { name: 'store' } })).id
const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
  return 'none'
}
async function made() {
  const storeId = await newStore()
  const owner = await person(storeId, 'OWNER')
  const { id, token } = await createToken(contextOf(owner), { storeId, name: '쇼핑몰 서버' })
  return { storeId, owner, id, token }
}
const use = (token: string) => authenticateToken(`Bearer ${token}`, '203.0.113.7')

describe('a token', () => {
  it('opens its own store, and nothing of it is kept but a hash that only this installation can make', async () => {
    const { storeId, id, token } = await made()
    expect(await use(token)).toEqual({ tokenId: id, storeId })
    const row = await db.apiToken.findUniqueOrThrow({ where: { id } })
    expect(JSON.stringify(row)).not.toContain(token.slice(8, -4))
    expect(row).toMatchObject({ endsIn: token.slice(-4), scopes: ['payments:write'] })
    const entries = await db.auditEntry.findMany({ where: { storeId } })
    expect(entries.map(({ action }) => action)).toEqual(['token.create'])
    expect(JSON.stringify(entries.map(({ facts }) => facts))).not.toContain(token.slice(8))
    expect(JSON.stringify(await tokensOf([storeId]))).not.toContain(token.slice(8, -4))
  })
  it.each([
    '',
    'Bearer',
    'Bearer x',
    'Basic jeonpyo_',
    `Bearer jeonpyo_${'A'.repeat(43)}`,
    `Bearer ${'a'.repeat(9_000)}`,
  ])('is not %s', async (authorization) => {
    expect(await problemOf(authenticateToken(authorization, '203.0.113.8'))).toBe('token.invalid')
  })
  it('opens nothing from the moment it is revoked, and a second time changes nothing', async () => {
    const { storeId, owner, id, token } = await made()
    await revokeToken(contextOf(owner), { tokenId: id })
    expect(await problemOf(use(token))).toBe('token.invalid')
    await revokeToken(contextOf(owner), { tokenId: id })
    const entries = await db.auditEntry.findMany({ where: { storeId, action: 'token.revoke' } })
    expect(entries).toHaveLength(1)
    expect(await tokensOf([storeId])).toEqual([])
  })
  it('without its scope opens nothing', async () => {
    const { id, token } = await made()
    await db.apiToken.update({ where: { id }, data: { scopes: [] } })
    expect(await problemOf(use(token))).toBe('token.invalid')
  })
  it('says when it was last used, written at most once a minute', async () => {
    const { id, token } = await made()
    const usedAt = async () => (await db.apiToken.findUniqueOrThrow({ where: { id } })).lastUsedAt?.getTime()
    expect(await usedAt()).toBeUndefined()
    await use(token)
    const first = await usedAt()
    expect(first).toBeDefined()
    await use(token)
    expect(await usedAt()).toBe(first)
    await db.apiToken.update({ where: { id }, data: { lastUsedAt: new Date((first ?? 0) - 61_000) } })
    await use(token)
    expect((await usedAt()) ?? 0).toBeGreaterThanOrEqual(first ?? Infinity)
  })
  it('and an address may ask only so often', async () => {
    const { id, token } = await made()
    const full = (key: string) =>
      db.rateLimiterFlexible.upsert({
        where: { key },
        create: { key, points: 100_000, expire: new Date(Date.now() + 60_000) },
        update: { points: 100_000, expire: new Date(Date.now() + 60_000) },
      })
    await full(`token:${id}`)
    expect(await problemOf(use(token))).toBe('request.too_many')
    await full('tokenFrom:203.0.113.9')
    const other = await made()
    const wrong = `Bearer jeonpyo_${'A'.repeat(43)}`
    expect(await problemOf(authenticateToken(wrong, '203.0.113.9'))).toBe('request.too_many')
    // Who has a token is not kept out by others behind the same address.
    expect(await authenticateToken(`Bearer ${other.token}`, '203.0.113.9')).toMatchObject({ tokenId: other.id })
    expect(await problemOf(use(other.token))).toBe('none')
  })
  it('is made and revoked by an owner alone, freshly signed in; to others of another store it is not there', async () => {
    const { storeId, id, owner } = await made()
    const manager = await person(storeId, 'MANAGER')
    const stranger = await person(await newStore(), 'MANAGER')
    const make = { storeId, name: 'x' }
    expect(await problemOf(createToken(contextOf(manager), make))).toBe('permission.missing')
    expect(await problemOf(revokeToken(contextOf(manager), { tokenId: id }))).toBe('permission.missing')
    expect(await problemOf(createToken(contextOf(stranger), make))).toBe('store.not_found')
    expect(await problemOf(revokeToken(contextOf(stranger), { tokenId: id }))).toBe('token.not_found')
    const stale = contextOf({ ...owner, freshUntil: null })
    expect(await problemOf(createToken(stale, make))).toBe('session.step_up')
    expect(await problemOf(revokeToken(stale, { tokenId: id }))).toBe('session.step_up')
    expect(await tokensOf([storeId])).toHaveLength(1)
  })
})
