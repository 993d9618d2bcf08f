import '#lib/testing/database.ts'
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { DomainError } from '#lib/domain/problem.ts'
import { keyedHash } from './crypto.ts'
import { db } from './db.ts'
import { hashPassword, passwordFits } from './password.ts'
import { unlockSignIn } from './rate-limit.ts'
import { signInWith } from './sign-in.ts'

afterAll(() => db.$disconnect())

async function newUser(disabledAt: Date | null = null): Promise<string> {
  const email = `${randomUUID()}@example.com`
  await db.user.create({ data: { email, name: 'x', passwordHash: await hashPassword('right password'), disabledAt } })
  return email
}
const attempt = async (email: string, password: string, address = '10.0.0.1') => {
  const result: unknown = await signInWith({ email, password }, { address, agent: '' }).then(
    () => 'in',
    (error: unknown) => error,
  )
  return result instanceof DomainError ? result.code : result
}

describe('signing in', () => {
  it('takes the right password, whatever the case of the address and the form of its letters', async () => {
    const email = await newUser()
    expect(await attempt(email.toUpperCase(), 'right password')).toBe('in')
    expect(await attempt(email, 'wrong')).toBe('session.wrong_credentials')
    expect(await attempt('nobody@example.com', 'right password')).toBe('session.wrong_credentials')
    expect(await attempt(await newUser(new Date()), 'right password')).toBe('session.wrong_credentials')
  })

  it('five wrong tries block that account at that address, and unlocking ends it', async () => {
    const email = await newUser()
    for (let time = 0; time < 5; time += 1) expect(await attempt(email, 'wrong')).toBe('session.wrong_credentials')
    expect(await attempt(email, 'right password')).toBe('session.blocked')
    expect(await attempt(email, 'right password', '10.0.0.2')).toBe('in')
    expect(await attempt(email, 'right password')).toBe('session.blocked')
    expect(await unlockSignIn(email)).toBeGreaterThan(0)
    expect(await attempt(email, 'right password')).toBe('in')
  })

  it('what is typed as an address makes no hash that stands elsewhere', async () => {
    const typed = `person/phone/010${Date.now()}`
    await attempt(typed, 'x')
    const keys = await db.rateLimiterFlexible.findMany({ where: { key: { startsWith: 'sign-in' } } })
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.filter(({ key }) => key.includes(keyedHash(typed)))).toEqual([])
  })

  it('tries made at once all count', async () => {
    const email = await newUser()
    const tries = await Promise.all(Array.from({ length: 12 }, () => attempt(email, 'wrong')))
    expect(tries.filter((result) => result === 'session.wrong_credentials').length).toBeLessThanOrEqual(5)
    expect(await attempt(email, 'right password')).toBe('session.blocked')
  })

  it('a success forgets the wrong tries before it', async () => {
    const email = await newUser()
    for (let round = 0; round < 3; round += 1) {
      for (let time = 0; time < 4; time += 1) await attempt(email, 'wrong')
      expect(await attempt(email, 'right password')).toBe('in')
    }
  })

  it('every try is on record, without a password', async () => {
    const email = await newUser()
    await attempt(email, 'wrong-password-canary')
    await attempt(email, 'right password')
    const rows = await db.auditEntry.findMany({
      where: { action: 'session.sign_in', facts: { path: ['email'], equals: email } },
    })
    expect(rows.map((row) => row.outcome)).toEqual(['failed', 'done'])
    expect(JSON.stringify(rows.map((row) => row.facts))).not.toContain('canary')
  })

  it('what is typed as an address and is none of an account is kept nowhere: it may be a password', async () => {
    await attempt('password-canary-815', 'x')
    await attempt('address-canary-815@example.com', 'x')
    const kept = [await db.auditEntry.findMany({ select: { facts: true } }), await db.rateLimiterFlexible.findMany()]
    expect(JSON.stringify(kept)).not.toContain('canary-815')
  })

  it('beyond what an office needs, tries from one address are refused, and no longer recorded', async () => {
    const [email, address] = [await newUser(), '10.9.9.9']
    const full = new Date(Date.now() + 60_000)
    await db.rateLimiterFlexible.create({ data: { key: `sign-in-from:${address}`, points: 200, expire: full } })
    const before = await db.auditEntry.count()
    expect(await attempt(email, 'right password', address)).toBe('session.blocked')
    expect(await db.auditEntry.count()).toBe(before)
    expect(await attempt(email, 'right password')).toBe('in')
  })
})

describe('a password hash', () => {
  it('names its cost, differs each time, and fits one password', async () => {
    const [one, other] = [await hashPassword('암호 123'), await hashPassword('암호 123')]
    expect(one).toMatch(/^argon2id\$19456\$2\$1\$/)
    expect(one).not.toBe(other)
    expect(await passwordFits('암호 123'.normalize('NFD'), one)).toBe(true)
    expect(await passwordFits('암호 124', one)).toBe(false)
  })
})
