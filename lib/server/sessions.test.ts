import '#lib/testing/database.ts'
import { randomUUID } from 'node:crypto'
import { encode } from 'next-auth/jwt'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/domain/kst.ts'
import { FRESH_MS } from './step-up.ts'
import { sessionSecret } from './crypto.ts'
import { db, transaction } from './db.ts'
import { hashPassword } from './password.ts'
import { currentSession } from './session.ts'
import { endSessions, keepAlive, signOutOf } from './sessions.ts'
import { signInWith } from './sign-in.ts'

/** The cookie of whoever asks. */
let token = ''
vi.mock('next/headers', () => ({ cookies: async () => ({ get: () => ({ value: token }) }), headers: () => {} }))
// Loads in Next's own server only.
vi.mock('next/navigation', () => ({ redirect: () => {}, unstable_rethrow: () => {} }))
afterAll(() => db.$disconnect())

const password = 'right password'
const passwordHash = await hashPassword(password)
const agent = 'Chrome 142, Windows'

async function newUser(data: { owner?: boolean } = {}) {
  return db.user.create({ data: { email: `${randomUUID()}@example.com`, name: 'x', passwordHash, ...data } })
}
/** Signs in as a browser does, and comes with that cookie from now on. */
async function arrive(email: string): Promise<string> {
  const { id, sessionId } = await signInWith({ email, password }, { address: '203.0.113.7', agent })
  token = await encode({ token: { sub: id, sessionId, signedInAt: Date.now() }, secret: sessionSecret })
  return sessionId
}
const here = async () => (await currentSession())?.person.id
const ago = (ms: number) => new Date(Date.now() - ms)
const change = (id: string, data: { lastSeenAt?: Date; createdAt?: Date; steppedUpAt?: Date | null }) =>
  db.session.update({ where: { id }, data })

describe('a session', () => {
  it('begins with the sign-in, with the address half hidden, and is fresh then', async () => {
    const user = await newUser()
    const id = await arrive(user.email)
    expect(await db.session.findUniqueOrThrow({ where: { id } })).toMatchObject({
      userId: user.id,
      address: '203.0.113.*',
      agent,
      endedAt: null,
    })
    const session = await currentSession()
    expect(session?.person).toMatchObject({ id: user.id, sessionId: id })
    expect(session?.person.freshUntil).toBeGreaterThan(Date.now())
    await change(id, { steppedUpAt: ago(FRESH_MS) })
    expect((await currentSession())?.person.freshUntil).toBeLessThanOrEqual(Date.now())
    await change(id, { steppedUpAt: null })
    expect((await currentSession())?.person.freshUntil).toBeNull()
  })

  it('ends after fifteen minutes without anything done', async () => {
    const user = await newUser()
    const id = await arrive(user.email)
    await change(id, { lastSeenAt: ago(15 * MINUTE_MS - 5_000) })
    expect(await here()).toBe(user.id)
    await change(id, { lastSeenAt: ago(15 * MINUTE_MS) })
    expect(await here()).toBeUndefined()
  })

  it('ends after twelve hours, however much is done', async () => {
    const user = await newUser()
    const id = await arrive(user.email)
    await change(id, { createdAt: ago(12 * HOUR_MS), lastSeenAt: ago(0) })
    expect(await here()).toBeUndefined()
  })

  it('is not kept alive by being asked for, and by being used at most once a minute', async () => {
    const user = await newUser()
    const id = await arrive(user.email)
    const seen = async () => (await db.session.findUniqueOrThrow({ where: { id } })).lastSeenAt.getTime()
    const use = async () => {
      const session = await currentSession()
      if (session) await keepAlive(id, session.lastSeenAt)
    }
    const [recent, old] = [ago(50_000), ago(70_000)]
    await change(id, { lastSeenAt: old })
    expect(await here()).toBe(user.id)
    expect(await seen()).toBe(old.getTime())
    await use()
    expect(await seen()).toBeGreaterThan(Date.now() - 5_000)
    await change(id, { lastSeenAt: recent })
    await use()
    expect(await seen()).toBe(recent.getTime())
  })

  it('ended is over: using it does not bring it back, and nobody else is touched', async () => {
    const user = await newUser()
    const other = await arrive(user.email)
    const id = await arrive(user.email)
    await change(id, { lastSeenAt: ago(2 * MINUTE_MS) })
    const before = await currentSession()
    await transaction((tx) => signOutOf(tx, id))
    expect(await here()).toBeUndefined()
    if (before) await keepAlive(id, before.lastSeenAt)
    expect(await here()).toBeUndefined()
    const rows = await db.session.findMany({ where: { userId: user.id }, orderBy: { createdAt: 'asc' } })
    expect(rows.map((row) => [row.id, row.endedBy])).toEqual([
      [other, null],
      [id, 'person'],
    ])
  })

  it('that had ended by time keeps that cause when the browser signs out of it', async () => {
    const user = await newUser()
    const [idle, aged] = [await arrive(user.email), await arrive(user.email)]
    await change(idle, { lastSeenAt: ago(HOUR_MS) })
    await change(aged, { createdAt: ago(DAY_MS) })
    for (const id of [idle, aged]) await transaction((tx) => signOutOf(tx, id))
    const causes = [idle, aged].map(async (id) => (await db.session.findUniqueOrThrow({ where: { id } })).endedBy)
    expect(await Promise.all(causes)).toEqual(['idle', 'age'])
  })

  it('of somebody disabled is nobody, at once', async () => {
    const user = await newUser()
    await arrive(user.email)
    await db.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } })
    expect(await here()).toBeUndefined()
  })

  it('serves only whom it was made for', async () => {
    const [one, other] = [await newUser(), await newUser()]
    const sessionId = await arrive(one.email)
    token = await encode({ token: { sub: other.id, sessionId, signedInAt: Date.now() }, secret: sessionSecret })
    expect(await here()).toBeUndefined()
  })

  it('that is being ended is not given out by a sign-in with the old password', async () => {
    const user = await newUser()
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    // A password reset that has begun before the sign-in looked at the password, and commits after.
    const reset = transaction(async (tx) => {
      await tx.user.update({ where: { id: user.id }, data: { passwordHash: 'other' } })
      await endSessions(tx, { userId: user.id }, 'password')
      await held
    })
    const arriving = arrive(user.email).then(
      () => 'in',
      () => 'refused',
    )
    await vi.waitFor(async () => {
      const waiting = await db.$queryRaw<unknown[]>`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
      expect(waiting.length).toBeGreaterThan(0)
    })
    release()
    await reset
    expect(await arriving).toBe('refused')
    expect(await db.session.count({ where: { userId: user.id, endedAt: null } })).toBe(0)
  })
})

describe('where the installation asks for a second factor', () => {
  const due = async () => (await currentSession())?.secondFactorDue
  const requires = (secondFactor: boolean) => db.installation.update({ where: { id: 1 }, data: { secondFactor } })

  it('whoever moves money anywhere must set one up first, and nobody else', async () => {
    const store = await db.store.create({ data: { name: 'x' } })
    await requires(true)
    for (const [role, expected] of [
      ['VIEWER', false],
      ['OPERATOR', true],
      ['MANAGER', true],
    ] as const) {
      const user = await newUser()
      await db.grant.create({ data: { userId: user.id, storeId: store.id, role } })
      await arrive(user.email)
      expect(await due(), role).toBe(expected)
    }
    const owner = await newUser({ owner: true })
    await arrive(owner.email)
    expect(await due()).toBe(true)
    await requires(false)
    expect(await due()).toBe(false)
    await requires(true)
    await db.user.update({ where: { id: owner.id }, data: { totp: 'sealed', totpConfirmedAt: new Date() } })
    expect(await due()).toBe(false)
  })
})
