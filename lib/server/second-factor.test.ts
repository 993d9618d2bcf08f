import '#lib/testing/database.ts'
import { randomUUID } from 'node:crypto'
import { generateSync } from 'otplib'
import { afterAll, describe, expect, it } from 'vitest'
import { instant, SECOND_MS, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db, transaction } from './db.ts'
import { hashPassword } from './password.ts'
import { newSecret, openSecret, replaceRecoveryCodes, sealSecret, stepOf, takeCode } from './second-factor.ts'
import { signInWith } from './sign-in.ts'

afterAll(() => db.$disconnect())

/** RFC 6238, appendix B, SHA-1: the ASCII secret 12345678901234567890, the last six of the eight digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const vectors: [seconds: number, code: string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
]

const codeAt = (secret: string, at: Instant) => generateSync({ secret, epoch: Math.floor(at / SECOND_MS) })

async function userWith(secret: string) {
  const id = randomUUID()
  return db.user.create({
    data: {
      id,
      email: `${id}@example.com`,
      name: 'x',
      passwordHash: await hashPassword('right password'),
      totp: sealSecret(secret, id),
      totpConfirmedAt: new Date(),
    },
  })
}
const take = (user: Awaited<ReturnType<typeof userWith>>, code: string, at = instant(Date.now())) =>
  transaction((tx) => takeCode(tx, user, code, at))

describe('a code of the app', () => {
  it.each(vectors)('at second %i of RFC 6238 is %s', (seconds, code) => {
    expect(stepOf(RFC_SECRET, code, instant(seconds * SECOND_MS))).toBe(BigInt(Math.floor(seconds / 30)))
  })

  it('fits one step before and after its own, and no further', () => {
    const at = instant(1_111_111_111 * SECOND_MS)
    const own = stepOf(RFC_SECRET, '050471', at)
    const shifted = (seconds: number) => stepOf(RFC_SECRET, '050471', instant(at + seconds * SECOND_MS))
    expect([shifted(-30), shifted(30)]).toEqual([own, own])
    expect([shifted(-60), shifted(60)]).toEqual([null, null])
    for (const none of ['', '05047', '0504711', 'ABCDEF', '050 71']) expect(stepOf(RFC_SECRET, none, at)).toBeNull()
  })

  it('serves once, also when it comes from many at the same time, and none before it serves after it', async () => {
    const secret = newSecret()
    const user = await userWith(secret)
    const now = instant(Date.now())
    const code = codeAt(secret, now)
    const results = await Promise.all(Array.from({ length: 8 }, () => take(user, code)))
    expect(results.filter((result) => result === 'totp')).toHaveLength(1)
    expect(await take(user, codeAt(secret, instant(now - 30 * SECOND_MS)), now)).toBeNull()
    expect(await take(user, codeAt(secret, instant(now + 30 * SECOND_MS)), now)).toBe('totp')
  })

  it('has its secret sealed for the person it was made for', async () => {
    const secret = newSecret()
    const user = await userWith(secret)
    expect(user.totp).not.toContain(secret)
    expect(() => openSecret(user.totp ?? '', randomUUID())).toThrow('authenticate')
  })
})

describe('a recovery code', () => {
  it('serves once, however it is written, and is kept as a hash only', async () => {
    const user = await userWith(newSecret())
    const other = await userWith(newSecret())
    const codes = await transaction((tx) => replaceRecoveryCodes(tx, user.id))
    const [first = '', second = ''] = codes
    expect(new Set(codes).size).toBe(10)
    expect(await take(other, first)).toBeNull()
    expect(await take(user, ` ${first.toLowerCase().replace('-', ' ')} `)).toBe('recovery')
    expect(await take(user, first)).toBeNull()
    expect(await take(user, second)).toBe('recovery')
    expect(JSON.stringify(await db.recoveryCode.findMany())).not.toContain(first.replace('-', ''))
    await transaction((tx) => replaceRecoveryCodes(tx, user.id))
    expect(await take(user, codes[2] ?? '')).toBeNull()
  })
})

describe('signing in with a second factor', () => {
  const attempt = async (email: string, password: string, code?: string) => {
    const result: unknown = await signInWith({ email, password, code }, { address: '10.1.1.1', agent: '' }).then(
      () => 'in',
      (error: unknown) => error,
    )
    return result instanceof DomainError ? result.code : result
  }

  it('asks for the code after the right password only, counts each try, and takes the code once', async () => {
    const secret = newSecret()
    const { email, id } = await userWith(secret)
    const code = codeAt(secret, instant(Date.now()))
    expect(await attempt(email, 'wrong', code)).toBe('session.wrong_credentials')
    expect(await attempt(email, 'right password')).toBe('session.wrong_code')
    expect(await attempt(email, 'right password', '000000')).toBe('session.wrong_code')
    expect(await attempt(email, 'right password', code)).toBe('in')
    expect(await attempt(email, 'right password', code)).toBe('session.wrong_code')
    expect(await db.session.count({ where: { userId: id } })).toBe(1)
    for (let time = 0; time < 4; time += 1) await attempt(email, 'right password', '000000')
    expect(await attempt(email, 'right password', codeAt(secret, instant(Date.now() + 30_000)))).toBe('session.blocked')
  })

  it('one that was begun and never confirmed is not asked for', async () => {
    const { email, id } = await userWith(newSecret())
    await db.user.update({ where: { id }, data: { totpConfirmedAt: null } })
    expect(await attempt(email, 'right password')).toBe('in')
  })
})
