import '#lib/testing/database.ts'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, plus } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { now } from '#lib/server/clock.ts'
import type { Context, Person } from '#lib/server/context.ts'
import { db, transaction } from '#lib/server/db.ts'
import { hashPassword } from '#lib/server/password.ts'
import { newSecret, replaceRecoveryCodes, sealSecret } from '#lib/server/second-factor.ts'
import { beginSession } from '#lib/server/sessions.ts'
import { signInWith } from '#lib/server/sign-in.ts'
import { acceptInvitation, openInvitation } from './invitations.ts'
import { getMember, listMembers } from './list-members.ts'
import {
  disableMember,
  endMemberSessions,
  inviteMember,
  resetPassword,
  resetSecondFactor,
  revokeInvitation,
  unlockMember,
  updateMember,
} from './manage-members.ts'

const visitor = { address: '203.0.113.7', agent: 'Chrome 142, Windows' }
const password = 'right password'
const passwordHash = await hashPassword(password)
let storeId = ''
let owner: Awaited<ReturnType<typeof newPerson>>

async function newPerson(data: { owner?: boolean } = {}) {
  return db.user.create({ data: { email: `${randomUUID()}@example.com`, name: 'x', passwordHash, ...data } })
}
type User = Awaited<ReturnType<typeof newPerson>>

const contextOf = (
  user: User,
  rest: Partial<Pick<Person, 'grants' | 'freshUntil'>> = {},
): Context & { readonly actor: Person } => ({
  actor: {
    kind: 'person',
    id: user.id,
    name: user.name,
    email: user.email,
    owner: user.owner,
    grants: new Map(),
    sessionId: randomUUID(),
    freshUntil: now(),
    ...rest,
  },
  requestId: randomUUID(),
  now,
})
const fresh = (user: User) => {
  const context = contextOf(user)
  return { ...context, actor: { ...context.actor, freshUntil: plus(now(), HOUR_MS) } }
}
const asVisitor = (): Context => ({ actor: { kind: 'system', name: 'visitor' }, requestId: randomUUID(), now })

const codeOf = async (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'done',
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  )
const tokenIn = (link: string) => link.split('/invite/')[1] ?? ''
const signIn = (email: string, secret = password) => codeOf(signInWith({ email, password: secret }, visitor))
const sessionFor = (userId: string) => transaction((tx) => beginSession(tx, userId, visitor))
const endOf = async (id: string) => (await db.session.findUniqueOrThrow({ where: { id } })).endedBy

beforeEach(async () => {
  await db.user.updateMany({ data: { disabledAt: new Date() } })
  owner = await newPerson({ owner: true })
  storeId = (await db.store.create({ data: { name: 'store' } })).id
})
afterAll(() => db.$disconnect())

describe('the last enabled owner', () => {
  const roles = (user: User, isOwner: boolean) => ({ userId: user.id, owner: isOwner, grants: [] })

  it('is neither demoted nor disabled, and a disabled owner does not count', async () => {
    await db.user.create({
      data: { email: `${randomUUID()}@example.com`, name: 'gone', passwordHash, owner: true, disabledAt: new Date() },
    })
    expect(await codeOf(updateMember(fresh(owner), roles(owner, false)))).toBe('member.last_owner')
    expect(await codeOf(disableMember(fresh(owner), { userId: owner.id, disabled: true }))).toBe('member.last_owner')
    const other = await newPerson()
    await updateMember(fresh(owner), roles(other, true))
    expect(await codeOf(updateMember(fresh(owner), roles(owner, false)))).toBe('done')
  })

  it('stays when two owners demote or disable each other at the same moment', async () => {
    for (let round = 0; round < 12; round += 1) {
      await db.user.updateMany({ data: { disabledAt: new Date() } })
      const [one, other] = [await newPerson({ owner: true }), await newPerson({ owner: true })]
      const against = (by: User, whom: User) =>
        round % 2 === 0
          ? updateMember(fresh(by), roles(whom, false))
          : disableMember(fresh(by), { userId: whom.id, disabled: true })
      const results = await Promise.all([codeOf(against(one, other)), codeOf(against(other, one))])
      // Whoever came second had ceased to be an owner.
      expect(results.toSorted()).toEqual(['done', 'permission.missing'])
      expect(await db.user.count({ where: { owner: true, disabledAt: null } })).toBe(1)
    }
  })
})

describe('members', () => {
  it('are managed by owners alone, and what gives access only after a fresh sign-in', async () => {
    const manager = await newPerson()
    const held = { grants: new Map([[storeId, 'MANAGER' as const]]) }
    const wish = { email: 'a@example.com', name: 'a', owner: false, grants: [] }
    const member = { userId: owner.id }
    type Asking = ReturnType<typeof contextOf>
    const verbs: [needsFresh: boolean, verb: (context: Asking) => Promise<unknown>][] = [
      [false, listMembers],
      [false, (context) => getMember(context, owner.id)],
      [true, (context) => inviteMember(context, wish)],
      [true, (context) => updateMember(context, { ...member, owner: true, grants: [] })],
      [true, (context) => resetPassword(context, member)],
      [true, (context) => resetSecondFactor(context, { userId: manager.id })],
      [false, (context) => unlockMember(context, member)],
      [false, (context) => endMemberSessions(context, member)],
      [true, (context) => disableMember(context, { ...member, disabled: false })],
    ]
    for (const [needsFresh, verb] of verbs) {
      expect(await codeOf(verb(contextOf(manager, held)))).toBe('permission.missing')
      expect(await codeOf(verb(contextOf(owner)))).toBe(needsFresh ? 'session.step_up' : 'done')
    }
  })

  it('have roles by store, and every change is kept with what was before', async () => {
    const user = await newPerson()
    const second = (await db.store.create({ data: { name: 'second' } })).id
    const grants = [
      { storeId, role: 'MANAGER' as const },
      { storeId: second, role: 'VIEWER' as const },
    ]
    await updateMember(fresh(owner), { userId: user.id, owner: false, grants })
    await updateMember(fresh(owner), { userId: user.id, owner: false, grants: grants.slice(0, 1) })
    const { grants: held, history } = await getMember(fresh(owner), user.id)
    expect(held).toEqual(grants.slice(0, 1))
    expect(history.map((entry) => [entry.action, entry.grants])).toEqual([
      ['member.update', grants.slice(0, 1)],
      ['member.update', grants],
    ])
    const unknown = [{ storeId: randomUUID(), role: 'VIEWER' as const }]
    expect(await codeOf(updateMember(fresh(owner), { userId: user.id, owner: false, grants: unknown }))).toBe(
      'store.not_found',
    )
    expect(await codeOf(updateMember(fresh(owner), { userId: randomUUID(), owner: false, grants }))).toBe(
      'member.not_found',
    )
    expect((await getMember(fresh(owner), user.id)).grants).toEqual(grants.slice(0, 1))
  })

  it('disabled lose their sessions and open links at once, and may sign in again once enabled', async () => {
    const user = await newPerson()
    const session = await sessionFor(user.id)
    const { link } = await resetPassword(fresh(owner), { userId: user.id })
    await disableMember(fresh(owner), { userId: user.id, disabled: true })
    expect(await endOf(session)).toBe('disabled')
    expect(await openInvitation(tokenIn(link))).toBeNull()
    expect(await signIn(user.email)).toBe('session.wrong_credentials')
    await disableMember(fresh(owner), { userId: user.id, disabled: false })
    expect(await signIn(user.email)).toBe('done')
    expect(await endOf(session)).toBe('disabled')
  })

  it('locked out by wrong passwords are shown so, and can be unlocked', async () => {
    const user = await newPerson()
    const locked = async () => (await getMember(fresh(owner), user.id)).locked
    expect(await locked()).toBe(false)
    for (let time = 0; time < 5; time += 1) await signIn(user.email, 'wrong')
    expect(await signIn(user.email)).toBe('session.blocked')
    expect(await locked()).toBe(true)
    await unlockMember(fresh(owner), { userId: user.id })
    expect(await locked()).toBe(false)
    expect(await signIn(user.email)).toBe('done')
  })

  it('lose their second factor and their sessions by a reset', async () => {
    const user = await newPerson()
    await db.user.update({
      where: { id: user.id },
      data: { totp: sealSecret(newSecret(), user.id), totpConfirmedAt: new Date() },
    })
    await transaction((tx) => replaceRecoveryCodes(tx, user.id))
    const session = await sessionFor(user.id)
    expect((await getMember(fresh(owner), user.id)).secondFactor).toBe(true)
    await resetSecondFactor(fresh(owner), { userId: user.id })
    expect((await getMember(fresh(owner), user.id)).secondFactor).toBe(false)
    expect(await db.recoveryCode.count({ where: { userId: user.id } })).toBe(0)
    expect(await endOf(session)).toBe('second_factor')
  })

  it('can be signed out of one session or of all', async () => {
    const user = await newPerson()
    const [one, other] = [await sessionFor(user.id), await sessionFor(user.id)]
    const foreign = await sessionFor(owner.id)
    const end = (sessionId?: string) =>
      codeOf(endMemberSessions(fresh(owner), { userId: user.id, ...(sessionId !== undefined && { sessionId }) }))
    expect(await end(foreign)).toBe('session.not_found')
    expect(await end(one)).toBe('done')
    expect([await endOf(one), await endOf(other)]).toEqual(['owner', null])
    expect(await end()).toBe('done')
    expect([await endOf(other), await endOf(foreign)]).toEqual(['owner', null])
  })
})

describe('an invitation', () => {
  const invite = (email = `${randomUUID()}@example.com`) =>
    inviteMember(fresh(owner), { email, name: '새 사람', owner: false, grants: [{ storeId, role: 'OPERATOR' }] })
  const accept = (link: string, secret = 'another password') =>
    codeOf(acceptInvitation(asVisitor(), { token: tokenIn(link), name: '새 이름', password: secret }, randomUUID()))

  it('makes an account with its roles, once, however many come at the same moment', async () => {
    const email = `${randomUUID()}@example.com`
    const { link } = await invite(email)
    expect(await openInvitation(tokenIn(link))).toEqual({ kind: 'INVITE', name: '새 사람', email })
    const results = await Promise.all(Array.from({ length: 5 }, () => accept(link)))
    expect(results.filter((result) => result === 'done')).toHaveLength(1)
    expect(await signIn(email, 'another password')).toBe('done')
    const member = (await listMembers(fresh(owner))).members.find((one) => one.email === email)
    expect(member).toMatchObject({ name: '새 이름', owner: false, grants: [{ storeId, role: 'OPERATOR' }] })
    expect((await getMember(fresh(owner), member?.id ?? '')).history[0]).toMatchObject({ action: 'member.accept' })
  })

  it('is kept as a hash only', async () => {
    const token = tokenIn((await invite()).link)
    expect(token.length).toBeGreaterThan(40)
    const kept = [await db.invitation.findMany(), await db.auditEntry.findMany({ select: { facts: true } })]
    expect(JSON.stringify(kept)).not.toContain(token)
  })

  it('ends by being revoked, by a newer one, and after 72 hours', async () => {
    const email = `${randomUUID()}@example.com`
    const first = await invite(email)
    const second = await invite(email)
    expect(await accept(first.link)).toBe('invitation.not_found')
    const listed = (await listMembers(fresh(owner))).invitations.filter((one) => one.email === email)
    expect(listed).toHaveLength(1)
    await revokeInvitation(fresh(owner), { invitationId: listed[0]?.id ?? '' })
    expect(await accept(second.link)).toBe('invitation.not_found')
    const third = await invite(email)
    await db.invitation.updateMany({ where: { email }, data: { expiresAt: new Date() } })
    expect(await accept(third.link)).toBe('invitation.not_found')
    expect(await accept('/invite/none')).toBe('invitation.not_found')
    expect(await db.user.count({ where: { email } })).toBe(0)
  })

  it('is not made for an address that has an account, nor taken for one that got it meanwhile', async () => {
    const user = await newPerson()
    expect(await codeOf(invite(user.email))).toBe('member.email_taken')
    const email = `${randomUUID()}@example.com`
    const { link } = await invite(email)
    await db.user.create({ data: { email, name: 'x', passwordHash } })
    expect(await accept(link)).toBe('member.email_taken')
    expect(await openInvitation(tokenIn(link))).not.toBeNull()
  })

  it('of an owner goes with being an owner', async () => {
    const other = await newPerson({ owner: true })
    const { link } = await inviteMember(fresh(other), {
      email: `${randomUUID()}@example.com`,
      name: 'x',
      owner: true,
      grants: [],
    })
    await updateMember(fresh(owner), { userId: other.id, owner: false, grants: [] })
    expect(await accept(link)).toBe('invitation.not_found')
  })

  it('to set a password anew ends every session, and the old password', async () => {
    const user = await newPerson()
    const session = await sessionFor(user.id)
    const { link } = await resetPassword(fresh(owner), { userId: user.id })
    expect(await signIn(user.email)).toBe('done')
    expect(await accept(link, 'a third password')).toBe('done')
    expect(await endOf(session)).toBe('password')
    expect(await signIn(user.email)).toBe('session.wrong_credentials')
    expect(await signIn(user.email, 'a third password')).toBe('done')
    expect(await accept(link)).toBe('invitation.not_found')
  })
})
