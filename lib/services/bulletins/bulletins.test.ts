import { beforeEach, describe, expect, it } from 'vitest'
import { createTranslator } from 'use-intl/core'
import { touchOf } from '#lib/domain/dated/bulletins.ts'
import { findCodes, responseCodes, type CodeGateway, type Todo } from '#lib/domain/dated/response-codes.ts'
import { bulletins } from '#lib/domain/dated/bulletins.ts'
import { DomainError } from '#lib/domain/problem.ts'
import * as kcp from '#lib/gateways/kcp/codes.ts'
import * as ksnet from '#lib/gateways/ksnet/codes.ts'
import { languages, messagesOf, type Messages } from '#lib/i18n/messages.ts'
import { wordsOf } from '#lib/i18n/words.ts'
import { db } from '#lib/server/db.ts'
import { contextOf, newWorld, person, type World } from '#lib/testing/world.ts'
import { listBulletins } from './list-bulletins.ts'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
const seenBy = async (who: Parameters<typeof contextOf>[0]) => (await listBulletins(contextOf(who))).channels

async function addSocket(storeId: string): Promise<string> {
  const mid = '2041700201'
  const account = await db.gatewayAccount.create({
    data: {
      storeId,
      gateway: 'ksnet',
      mode: 'socket',
      environment: 'sandbox',
      name: 'KSNET 소켓',
      settings: { mid },
      secrets: {},
      hints: {},
      channels: { create: { name: 'KSNET 소켓', key: mid, pg: 'KSNET', mid, contract: {} } },
    },
    include: { channels: true },
  })
  return account.channels[0]?.id ?? ''
}

describe('the channels a bulletin is held against', () => {
  it('are those of the stores a person may see, with how each is reached', async () => {
    const id = await addSocket(world.storeId)
    const other = await newWorld(1)
    const hidden = await addSocket(other.storeId)
    const seen = await seenBy(world.operator)
    expect(seen.find((channel) => channel.id === id)).toMatchObject({ mode: 'socket', storeId: world.storeId })
    expect(seen.every(({ storeId }) => storeId === world.storeId)).toBe(true)
    const all = await seenBy(await person(world.storeId, 'OWNER'))
    expect(all.map((channel) => channel.id)).toEqual(expect.arrayContaining([id, hidden]))
  })

  it('are touched by socket, and to be checked behind PortOne', async () => {
    const id = await addSocket(world.storeId)
    const seen = await seenBy(world.operator)
    const touches = seen.map((channel) => [channel.id === id, touchOf('citiVa', channel).touch] as const)
    expect(touches.filter(([socket]) => socket)).toEqual([[true, 'touched']])
    expect(touches.filter(([socket, touch]) => !socket && touch !== 'check')).toEqual([])
  })

  it('say nothing of secrets', async () => {
    await addSocket(world.storeId)
    const account = await db.gatewayAccount.findFirstOrThrow({ where: { storeId: world.storeId, gateway: 'portone' } })
    const text = JSON.stringify(await listBulletins(contextOf(world.operator)))
    for (const name of ['settings', 'secrets', 'hints', account.id]) expect(text).not.toContain(name)
  })

  it('are nobody’s who has no store: the permission is named', async () => {
    const nobody = { ...(await person(world.storeId, 'VIEWER')), grants: new Map() }
    const problem = await listBulletins(contextOf(nobody)).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(DomainError)
    expect(problem).toMatchObject({ code: 'permission.missing', facts: { permission: 'payment.view' } })
  })
})

describe('the help on response codes does not contradict what the connectors take an answer for', () => {
  const todosOf = (gateway: CodeGateway, code: string): readonly Todo[] =>
    findCodes(gateway, '').flatMap((row) => (row.code === code ? [row.todo] : []))
  const open: readonly Todo[] = ['unknown', 'done']

  it('has every refusal of KCP and of KSNET, none of them as done or open', () => {
    for (const code of Object.keys({ ...kcp.refusals, ...kcp.holderRefusals })) {
      expect(todosOf('kcp', code), code).toHaveLength(1)
      for (const todo of todosOf('kcp', code)) expect([...open, 'notSent'], code).not.toContain(todo)
    }
    for (const { code } of ksnet.refusals) {
      expect(todosOf('ksnet', code).length, code).toBeGreaterThan(0)
      for (const todo of todosOf('ksnet', code)) expect([...open, 'notSent'], code).not.toContain(todo)
    }
  })

  it('sends people to the record where an earlier cancel may be behind the answer', () => {
    for (const code of kcp.refusedUnlessFound)
      for (const todo of todosOf('kcp', code)) expect(['already', 'restAsPart', 'amount'], code).toContain(todo)
    for (const { code, ko, todo } of findCodes('ksnet', ''))
      if (ksnet.saysBefore(code, ko)) expect(todo, code).toBe('already')
    for (const code of kcp.refusedUnlessFound) expect(todosOf('kcp', code), code).toHaveLength(1)
  })

  it('says that nothing was sent only where the connector takes it for that', () => {
    const said = responseCodes.filter(({ todo }) => todo === 'notSent').map(({ code }) => code)
    expect(said.toSorted()).toEqual(Object.keys(kcp.notSent).toSorted())
    const silent = ['8041', '8048', '8995', '8997', 'S203', 'S204', 'CC72'].flatMap((code) => todosOf('kcp', code))
    expect(new Set(silent)).toEqual(new Set(['unknown']))
  })
})

describe('bulletins', () => {
  it.each(languages)('have a sentence for each step and aside in %s', async (locale) => {
    const messages = await messagesOf(locale)
    const { sentence } = wordsOf(locale, createTranslator<Messages>({ locale, messages }))
    for (const { id, steps, asides } of bulletins) {
      for (const step of steps) expect(sentence(`bulletins.${id}.step.${step.id}`, {}, ''), step.id).not.toBe('')
      for (const aside of asides) expect(sentence(`bulletins.${id}.aside.${aside}`, {}, ''), aside).not.toBe('')
    }
  })
})
