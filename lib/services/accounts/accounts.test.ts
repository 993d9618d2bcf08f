import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { DomainError } from '#lib/domain/problem.ts'
import { seal, unseal } from '#lib/server/crypto.ts'
import { db } from '#lib/server/db.ts'
import { accountOf, contextOf, control, newPayment, newWorld, person, type World } from '#lib/testing/world.ts'
import { listAccounts } from './list-accounts.ts'
import { createAccount, createChannel, createStore, updateAccount, updateChannel } from './manage-accounts.ts'
import { testAccount } from './test-account.ts'

let world: World
beforeEach(async () => {
  await control('/reset', {})
  world = await newWorld()
})
const owner = async () => contextOf(await person(world.storeId, 'OWNER'))
const problem = async (run: Promise<unknown>) => {
  const error: unknown = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof DomainError) return error
  throw new Error(`no problem: ${String(error)}`)
}
const fields = {
  storeId: 'store-00000000-0000-4000-8000-000000000001',
  apiSecret: 'sandbox-api-secret',
  webhookSecret: 'whsec_c2FuZGJveC13ZWJob29rLXNlY3JldC0wMDAxMjM0NTY=',
}
const wish = (change: object = {}) => ({
  storeId: world.storeId,
  gateway: 'portone' as const,
  environment: 'sandbox' as const,
  name: 'PortOne',
  fields,
  ...change,
})

describe('a gateway account', () => {
  it('keeps its secrets sealed, bound to row and field, and shows only when they were set and how they end', async () => {
    const context = await owner()
    const { id } = await createAccount(context, wish())
    const row = await db.gatewayAccount.findUniqueOrThrow({ where: { id } })
    expect(JSON.stringify(row)).not.toContain('sandbox-api-secret')
    const listed = await listAccounts(context)
    expect(JSON.stringify(listed)).not.toContain('sandbox-api-secret')
    expect(listed.accounts.find((account) => account.id === id)?.hints['apiSecret']?.endsIn).toBe('cret')
  })

  it('an empty secret stays as it is, a new one replaces it', async () => {
    const context = await owner()
    const { id } = await createAccount(context, wish())
    await updateAccount(context, {
      accountId: id,
      name: 'renamed',
      fields: { storeId: fields.storeId, apiSecret: '', webhookSecret: '' },
    })
    expect((await testAccount(context, { accountId: id })).findings[0]).toMatchObject({
      check: 'apiSecret',
      result: 'proven',
    })
    await updateAccount(context, {
      accountId: id,
      name: 'renamed',
      fields: { storeId: '', apiSecret: 'another-secret-0000', webhookSecret: '' },
    })
    expect((await testAccount(context, { accountId: id })).findings[0]).toMatchObject({
      check: 'apiSecret',
      result: 'failed',
      reason: 'wrong_secret',
    })
  })

  it('refuses a missing or mistyped field, a webhook secret as API secret, another environment', async () => {
    const context = await owner()
    expect((await problem(createAccount(context, wish({ fields: { ...fields, apiSecret: '' } })))).facts).toEqual({
      field: 'apiSecret',
    })
    expect((await problem(createAccount(context, wish({ fields: { ...fields, storeId: 'mid 1' } })))).facts).toEqual({
      field: 'storeId',
    })
    expect(
      (await problem(createAccount(context, wish({ fields: { ...fields, apiSecret: fields.webhookSecret } })))).code,
    ).toBe('account.secret_kind')
    expect((await problem(createAccount(context, wish({ environment: 'live' })))).facts).toEqual({
      field: 'environment',
    })
    expect((await problem(createAccount(context, wish({ storeId: randomUUID() })))).code).toBe('store.not_found')
  })

  it('"Test" says what is proven, what failed and what cannot be shown', async () => {
    const context = await owner()
    const test = async () =>
      (await testAccount(context, { accountId: world.accountId })).findings.map(
        ({ check, result, reason }) => `${check} ${result} ${reason}`,
      )
    expect(await test()).toEqual([
      'apiSecret proven ok',
      'store proven ok',
      'feed proven ok',
      'channel unprovable unseen',
      'channel unprovable unseen',
      'webhook unprovable unprovable_until_received',
      'cancel unprovable unprovable',
    ])
    await newPayment(world, { amount: 1_000 })
    expect(await test()).toContain('channel proven seen')
    await control('/faults', { gateway: 'portone', operation: 'events', fault: 'request-lost', times: 1 })
    expect((await test())[0]).toBe('apiSecret unprovable unreadable')
    await db.gatewayAccount.update({
      where: { id: world.accountId },
      data: { settings: { storeId: 'store-99999999-0000-4000-8000-000000000001' } },
    })
    expect((await test())[1]).toBe('store failed wrong_store')
  })
})

describe('channels and stores', () => {
  it('are made by the owner only, each key once', async () => {
    const context = await owner()
    const manager = contextOf(await person(world.storeId, 'MANAGER'))
    const channel = { accountId: world.accountId, name: 'new', key: 'channel-key-new', mid: '2041700999' }
    const attempts = [
      () => createStore(manager, { name: 'x' }),
      () => createAccount(manager, wish()),
      () => createChannel(manager, channel),
      () => updateAccount(manager, { accountId: world.accountId, name: 'x', fields: {} }),
      () => testAccount(manager, { accountId: world.accountId }),
    ]
    for (const attempt of attempts) expect((await problem(attempt())).code).toBe('permission.missing')
    const { id } = await createChannel(context, channel)
    expect((await problem(createChannel(context, channel))).code).toBe('channel.key_taken')
    await updateChannel(context, { channelId: id, name: 'new', contract: { vaRefund: true, mobile: false } })
    expect((await db.channel.findUniqueOrThrow({ where: { id } })).contract).toEqual({ vaRefund: true, mobile: false })
  })
})

describe('a sealed value', () => {
  it('opens only where it was made for, and never as plain text', () => {
    const sealed = seal('secret', ['GatewayAccount', 'row-1', 'apiSecret'])
    expect(unseal(sealed, ['GatewayAccount', 'row-1', 'apiSecret'])).toBe('secret')
    for (const binding of [
      ['GatewayAccount', 'row-2', 'apiSecret'],
      ['GatewayAccount', 'row-1', 'webhookSecret'],
      ['Notice', 'row-1', 'apiSecret'],
    ] as const)
      expect(() => unseal(sealed, binding)).toThrow(/authenticate/)
    for (const text of [
      'secret',
      '',
      sealed.replace(/\.[^.]+$/, '.AAAA'),
      sealed.replace(/^v1\.[0-9a-f]+/, 'v1.00000000'),
    ])
      expect(() => unseal(text, ['GatewayAccount', 'row-1', 'apiSecret'])).toThrow(/sealed|authenticat/)
    expect(seal('secret', ['a', 'b', 'c'])).not.toBe(seal('secret', ['a', 'b', 'c']))
  })

  it('of another account does not open', async () => {
    const other = await newWorld(1)
    const row = await db.gatewayAccount.findUniqueOrThrow({ where: { id: world.accountId } })
    await db.gatewayAccount.update({ where: { id: other.accountId }, data: { secrets: row.secrets ?? {} } })
    await expect(accountOf(other)).rejects.toThrow(/authenticate/)
  })
})
