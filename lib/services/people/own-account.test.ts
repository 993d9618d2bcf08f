import '#lib/testing/database.ts'
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { generateSync } from 'otplib'
import { afterAll, describe, expect, it } from 'vitest'
import { instant, MINUTE_MS, plus, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { now } from '#lib/server/clock.ts'
import type { Context, Person } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import { hashPassword } from '#lib/server/password.ts'
import { requireFreshSignIn } from '#lib/server/step-up.ts'
import { beginSession } from '#lib/server/sessions.ts'
import { signInWith } from '#lib/server/sign-in.ts'
import { createFirstOwner } from './create-first-owner.ts'
import { changePassword, endOwnSession, ownAccount } from './own-account.ts'
import { confirmSecondFactor, renewRecoveryCodes, startSecondFactor, turnOffSecondFactor } from './second-factor.ts'
import { stepUp } from './step-up.ts'

const address = '203.0.113.9'
const password = 'right password'
const passwordHash = await hashPassword(password)
const visitor = { address, agent: 'Chrome 142, Windows' }
afterAll(() => db.$disconnect())

type Me = Context & { readonly actor: Person }
const later = (): Instant => plus(instant(Date.now()), MINUTE_MS)

/** Somebody who is signed in, fresh or not. */
async function newMe(freshUntil: Instant | null = later(), owner = false): Promise<Me> {
  const user = await db.user.create({
    data: { email: `${randomUUID()}@example.com`, name: 'x', passwordHash, owner },
  })
  const sessionId = await transaction((tx) => beginSession(tx, user.id, visitor))
  const { id, name, email } = user
  return {
    actor: { kind: 'person', id, name, email, owner, grants: new Map(), sessionId, freshUntil },
    requestId: randomUUID(),
    now,
  }
}
const codeOf = async (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'done',
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  )
const codeAt = (secret: string, seconds = 0) =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + seconds })
const endOf = async (id: string) => (await db.session.findUniqueOrThrow({ where: { id } })).endedBy
const audited = (id: string, action: string) => db.auditEntry.count({ where: { actorId: id, action, outcome: 'done' } })

/** Sets a second factor up, as the page does. */
async function enrol(me: Me) {
  const { secret } = await startSecondFactor(me)
  const { codes } = await confirmSecondFactor(me, { code: codeAt(secret, -30) })
  return { secret, codes }
}

describe('a fresh sign-in', () => {
  it('is missing without one or after its time, whatever the clock of the demo says', async () => {
    const [without, old, fresh] = [await newMe(null), await newMe(instant(Date.now())), await newMe()]
    for (const me of [without, old]) expect(() => requireFreshSignIn(me)).toThrow('session.step_up')
    expect(() => requireFreshSignIn(fresh)).not.toThrow()
  })

  it('is given by the password, and is on record', async () => {
    const me = await newMe(null)
    const at = () => db.session.findUniqueOrThrow({ where: { id: me.actor.sessionId } })
    await db.session.update({ where: { id: me.actor.sessionId }, data: { steppedUpAt: null } })
    expect(await codeOf(stepUp(me, { password: 'wrong' }, address))).toBe('session.wrong_credentials')
    expect((await at()).steppedUpAt).toBeNull()
    expect(await codeOf(stepUp(me, { password }, address))).toBe('done')
    expect((await at()).steppedUpAt?.getTime()).toBeGreaterThan(Date.now() - 5_000)
    expect(await audited(me.actor.id, 'session.step_up')).toBe(1)
  })

  it('needs the code too where there is a second factor, once each', async () => {
    const me = await newMe()
    const { secret, codes } = await enrol(me)
    const code = codeAt(secret)
    expect(await codeOf(stepUp(me, { password }, address))).toBe('session.wrong_code')
    expect(await codeOf(stepUp(me, { password, code }, address))).toBe('done')
    expect(await codeOf(stepUp(me, { password, code }, address))).toBe('session.wrong_code')
    expect(await codeOf(stepUp(me, { password, code: codes[0] ?? '' }, address))).toBe('done')
  })

  it('is tried as often as a sign-in, counted together with it', async () => {
    const me = await newMe()
    for (let time = 0; time < 5; time += 1) await codeOf(stepUp(me, { password: 'wrong' }, address))
    expect(await codeOf(stepUp(me, { password }, address))).toBe('session.blocked')
    expect(await codeOf(signInWith({ email: me.actor.email, password }, visitor))).toBe('session.blocked')
  })
})

describe('a second factor', () => {
  it('counts once a code of it came back, and gives ten recovery codes', async () => {
    const me = await newMe()
    const { secret, uri } = await startSecondFactor(me)
    expect(uri).toContain(secret)
    expect((await ownAccount(me)).secondFactor.on).toBe(false)
    expect(await codeOf(confirmSecondFactor(me, { code: '000000' }))).toBe('session.wrong_code')
    const { codes } = await confirmSecondFactor(me, { code: codeAt(secret) })
    expect(codes).toHaveLength(10)
    expect((await ownAccount(me)).secondFactor).toEqual({ on: true, required: false, recoveryCodesLeft: 10 })
    expect(await codeOf(startSecondFactor(me))).toBe('request.invalid')
    expect(await audited(me.actor.id, 'session.second_factor')).toBe(1)
  })

  it('is changed only after a fresh sign-in', async () => {
    const me = await newMe(null)
    for (const verb of [
      startSecondFactor(me),
      confirmSecondFactor(me, { code: '000000' }),
      renewRecoveryCodes(me),
      turnOffSecondFactor(me),
    ])
      expect(await codeOf(verb)).toBe('session.step_up')
  })

  it('is turned off with its codes, unless it is required of this person', async () => {
    const [owner, viewer] = [await newMe(later(), true), await newMe()]
    await db.installation.update({ where: { id: 1 }, data: { secondFactor: true } })
    for (const me of [owner, viewer]) await enrol(me)
    expect(await codeOf(turnOffSecondFactor(owner))).toBe('session.second_factor_needed')
    expect((await ownAccount(owner)).secondFactor).toMatchObject({ on: true, required: true })
    expect(await codeOf(turnOffSecondFactor(viewer))).toBe('done')
    expect((await ownAccount(viewer)).secondFactor).toEqual({ on: false, required: false, recoveryCodesLeft: 0 })
    expect(await codeOf(renewRecoveryCodes(viewer))).toBe('request.invalid')
  })
})

describe("one's own account", () => {
  it('shows the sessions that live, and ends them one by one, but nobody else its', async () => {
    const [me, other] = [await newMe(), await newMe()]
    const second = await transaction((tx) => beginSession(tx, me.actor.id, visitor))
    const gone = await transaction((tx) => beginSession(tx, me.actor.id, visitor))
    await db.session.update({ where: { id: gone }, data: { lastSeenAt: new Date(0) } })
    const shown = (await ownAccount(me)).sessions
    expect(shown.map(({ id, here }) => [id, here])).toEqual(
      expect.arrayContaining([
        [me.actor.sessionId, true],
        [second, false],
      ]),
    )
    expect(shown).toHaveLength(2)
    expect(await codeOf(endOwnSession(me, { sessionId: other.actor.sessionId }))).toBe('session.not_found')
    expect(await codeOf(endOwnSession(me, { sessionId: second }))).toBe('done')
    expect([await endOf(second), await endOf(me.actor.sessionId), await endOf(other.actor.sessionId)]).toEqual([
      'person',
      null,
      null,
    ])
  })

  it('takes a new password only with the old one, and ends the other sessions', async () => {
    const me = await newMe()
    const second = await transaction((tx) => beginSession(tx, me.actor.id, visitor))
    const change = (old: string) => codeOf(changePassword(me, { old, password: 'another password' }, address))
    expect(await change('wrong')).toBe('session.wrong_credentials')
    expect(await endOf(second)).toBeNull()
    expect(await change(password)).toBe('done')
    expect([await endOf(second), await endOf(me.actor.sessionId)]).toEqual(['password', null])
    expect(await codeOf(signInWith({ email: me.actor.email, password }, visitor))).toBe('session.wrong_credentials')
  })
})

describe('the first owner', () => {
  const input = { email: 'first@example.com', name: 'first', password: 'a long enough password' }
  const context: Context = { actor: { kind: 'system', name: 'setup' }, requestId: randomUUID(), now }
  const file = join(env.dataDir, 'setup.code')

  it('has the code from the data directory, with few tries, and it serves once', async () => {
    await db.$executeRaw`TRUNCATE "User" CASCADE`
    const become = (code: string, from: string) => codeOf(createFirstOwner(context, { ...input, code }, from))
    mkdirSync(env.dataDir, { recursive: true })
    expect(await become('', 'a')).toBe('setup.wrong_code')
    writeFileSync(file, 'ABCD-EFGH-JKMN\n')
    for (let time = 0; time < 5; time += 1) expect(await become('ABCD-EFGH-JKMM', 'b')).toBe('setup.wrong_code')
    expect(await become('ABCD-EFGH-JKMN', 'b')).toBe('session.blocked')
    expect(await become('', 'a')).toBe('setup.wrong_code')
    expect(await become(' abcd efgh jkmn', 'a')).toBe('done')
    expect(existsSync(file)).toBe(false)
    expect(await become('ABCD-EFGH-JKMN', 'a')).toBe('setup.done')
    expect(await db.user.count()).toBe(1)
  })
})
