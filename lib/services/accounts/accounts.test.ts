import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID, X509Certificate } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, fromDate, kstDate, plus, type Instant } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { seal, unseal } from '#lib/server/crypto.ts'
import { db, transaction } from '#lib/server/db.ts'
import { env } from '#lib/server/env.ts'
import { newKcpPayment, newKcpWorld } from '#lib/testing/kcp-world.ts'
import { escrowSite, plainSite } from '#sandbox/kcp/merchant.ts'
import {
  accountOf,
  contextOf,
  control,
  newPayment,
  newWorld,
  person,
  sheetFor,
  type World,
} from '#lib/testing/world.ts'
import { requestCancellation } from '../cancellations/request-cancellation.ts'
import { listAccounts } from './list-accounts.ts'
import { Settings } from './account-fields.ts'
import {
  createAccount,
  createChannel,
  createStore,
  refuseTaken,
  updateAccount,
  updateChannel,
} from './manage-accounts.ts'
import { readiness } from './readiness.ts'
import { fromProgram, testAccount } from './test-account.ts'

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
  mode: 'portone' as const,
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

const ofModule = { siteCd: plainSite.siteCd, siteKey: plainSite.siteKey }
const ofRest = {
  siteCd: plainSite.siteCd,
  certificate: plainSite.certificate,
  privateKey: plainSite.privateKey,
  privateKeyPassword: plainSite.privateKeyPassword,
}
const kcp = (mode: 'module' | 'rest', change: object = {}) =>
  wish({ gateway: 'kcp' as const, mode, name: 'KCP', fields: mode === 'module' ? ofModule : ofRest, ...change })

describe('a KCP account', () => {
  const settingsOf = async (id: string) => (await db.gatewayAccount.findUniqueOrThrow({ where: { id } })).settings

  it('by module: is its one channel, takes what is usual where nothing is typed, and keeps its key sealed', async () => {
    const context = await owner()
    const { id } = await createAccount(context, kcp('module'))
    const row = await db.gatewayAccount.findUniqueOrThrow({ where: { id }, include: { channels: true } })
    expect(row.channels).toMatchObject([{ key: 'J1001', mid: 'J1001', pg: 'KCP' }])
    expect(row.settings).toMatchObject({
      siteCd: 'J1001',
      accoTxCd: '00100000',
      accoFields: 'owner_nm,account_no,bank_code',
    })
    expect(JSON.stringify(row)).not.toContain(plainSite.siteKey)
    const { accounts } = await listAccounts(context)
    const shown = accounts.find((account) => account.id === id)
    expect(shown).toMatchObject({ mode: 'module', program: 'set', webhookUrl: null })
    const added = createChannel(context, { accountId: id, name: 'x', key: 'J1002', mid: 'J1002' })
    expect((await problem(added)).code).toBe('channel.by_account')
  })

  it('by REST: takes certificate and key however their lines end, and shows nothing of its password', async () => {
    const context = await owner()
    const typed = {
      ...ofRest,
      privateKey: ofRest.privateKey.replaceAll('\n', '\r\n'),
      privateKeyPassword: 'a password that people chose',
    }
    const { id } = await createAccount(context, kcp('rest', { fields: typed }))
    const { accounts } = await listAccounts(context)
    const hints = accounts.find((account) => account.id === id)?.hints
    expect(hints?.['privateKeyPassword']?.endsIn).toBe('')
    expect(hints?.['privateKey']?.endsIn).toMatch(/^[A-Za-z0-9+/]{4}$/)
    expect((await accountOf({ ...world, accountId: id })).call.credentials['privateKey']).toBe(plainSite.privateKey)
  })

  it('is refused by a way there is not, without its fields, or with another site code later', async () => {
    const context = await owner()
    expect((await problem(createAccount(context, wish({ mode: 'module' })))).facts).toEqual({ field: 'mode' })
    const noKey = kcp('module', { fields: { siteCd: 'J1001' } })
    expect((await problem(createAccount(context, noKey))).facts).toEqual({ field: 'siteKey' })
    const noPem = kcp('rest', { fields: { ...ofRest, certificate: ofRest.certificate.slice(30) } })
    expect((await problem(createAccount(context, noPem))).facts).toEqual({ field: 'certificate' })
    const { id } = await createAccount(context, kcp('module'))
    const moved = updateAccount(context, { accountId: id, name: 'x', fields: { siteCd: 'J1002' } })
    expect((await problem(moved)).code).toBe('account.site_fixed')
    await updateAccount(context, { accountId: id, name: 'x', fields: { siteCd: 'J1001', accoTxCd: '00402100' } })
    expect(await settingsOf(id)).toMatchObject({ siteCd: 'J1001', accoTxCd: '00402100' })
    await updateAccount(context, { accountId: id, name: 'x', fields: { accoTxCd: '' } })
    expect(await settingsOf(id)).toMatchObject({ accoTxCd: '00100000' })
  })

  it('live: one site code is one store’s', async () => {
    const other = await newWorld(1)
    const at = (storeId: string) =>
      db.gatewayAccount.create({
        data: {
          storeId,
          gateway: 'kcp',
          mode: 'module',
          environment: 'live',
          name: 'live',
          settings: {},
          secrets: {},
          hints: {},
          channels: { create: { name: 'L0001', key: 'L0001', pg: 'KCP', mid: 'L0001', contract: {} } },
        },
      })
    await at(other.storeId)
    const tried = (storeId: string) => transaction((tx) => refuseTaken(tx, { pg: 'KCP', mid: 'L0001' }, storeId))
    expect((await problem(tried(world.storeId))).facts).toEqual({ site: 'L0001' })
    expect(await tried(other.storeId)).toBeUndefined()
  })
})

describe('"Test" of a KCP account', () => {
  const test = async (at: World, forFacts = false) =>
    (await testAccount(contextOf(await person(at.storeId, 'OWNER')), { accountId: at.accountId })).findings.map(
      ({ check, result, reason, facts }) =>
        `${check} ${result} ${reason}${forFacts ? ` ${JSON.stringify(facts)}` : ''}`,
    )
  const secret = async (at: World, name: string, value: string) => {
    const { secrets } = await db.gatewayAccount.findUniqueOrThrow({ where: { id: at.accountId } })
    const sealed = { ...Settings.parse(secrets), [name]: seal(value, ['GatewayAccount', at.accountId, name]) }
    await db.gatewayAccount.update({ where: { id: at.accountId }, data: { secrets: sealed } })
  }

  it('by module: the program runs, which proves no key; a payment that can be read does', async () => {
    const at = await newKcpWorld('module')
    expect(await test(at)).toEqual([
      'program proven ok',
      'siteKey unprovable unprovable',
      'serverAddress unprovable unprovable',
      'inquiry unprovable no_payment',
      'accountCheck unprovable assumed',
      'notice unprovable unprovable_until_received',
      'cancel unprovable unprovable',
    ])
    await newKcpPayment(at, { amount: 1_000 })
    const after = await test(at)
    expect(after).toContain('inquiry proven ok')
    expect(after.join()).not.toContain('siteKey')
    await secret(at, 'siteKey', 'another-key')
    expect(await test(at)).toContain('inquiry failed wrong_key')
  })

  it('says of a program that it is not set, not there, may not be run, or is another one', async () => {
    const at = await accountOf(await newKcpWorld('module'))
    const text = join(env.dataDir, 'not-executable')
    writeFileSync(text, 'text')
    const tried = async (program: string | null) =>
      (await fromProgram({ ...at, call: { ...at.call, program } })).map(({ result, reason }) => `${result} ${reason}`)
    expect(await tried(null)).toEqual(['failed not_set'])
    expect(await tried('/nowhere/bin/pp_cli')).toEqual(['failed not_found'])
    expect(await tried(text)).toEqual(['failed not_executable'])
    expect(await tried(env.dataDir)).toEqual(['failed not_runnable'])
    expect((await tried('/bin/echo'))[0]).toBe('failed other_answer')
  })

  it('without its secrets an account sends nothing', async () => {
    for (const mode of ['module', 'rest'] as const) {
      const at = await newKcpWorld(mode)
      const row = await db.gatewayAccount.findUniqueOrThrow({ where: { id: at.accountId } })
      expect(readiness(row)).toEqual({ credentialsReady: true, programReady: true })
      expect(readiness({ ...row, secrets: {} })).toMatchObject({ credentialsReady: false })
      await db.gatewayAccount.update({ where: { id: at.accountId }, data: { secrets: {} } })
      const payment = await newKcpPayment(at, { amount: 1_000 })
      const refused = await problem(requestCancellation(contextOf(at.operator), await sheetFor(payment, 1_000)))
      expect(refused.facts).toMatchObject({ rule: 'CANCEL-KEY' })
    }
  })

  it('by REST: certificate and key are compared before anything is asked', async () => {
    const at = await newKcpWorld('rest')
    expect(await test(at)).toEqual([
      'certificate proven ok',
      'privateKey proven ok',
      'keyPair proven ok',
      'inquiry unprovable no_payment',
      'serverAddress unprovable unprovable',
      'notice unprovable unprovable_until_received',
      'cancel unprovable unprovable',
    ])
    await newKcpPayment(at, { amount: 1_000 })
    expect(await test(at)).toContain('inquiry proven ok')
    await secret(at, 'certificate', plainSite.certificate)
    expect(await test(at)).toEqual(expect.arrayContaining(['keyPair failed another_key', 'inquiry failed wrong_key']))
    await secret(at, 'privateKeyPassword', 'not the password')
    expect(await test(at)).toContain('privateKey failed not_opened')
  })

  it('a certificate that ends soon, or has ended, says until when', async () => {
    const at = await newKcpWorld('rest')
    const until = fromDate(new X509Certificate(escrowSite.certificate).validToDate)
    const on = async (now: Instant) => {
      const context = { ...contextOf(await person(at.storeId, 'OWNER')), now: () => now }
      return (await testAccount(context, { accountId: at.accountId })).findings[0]
    }
    const day = kstDate(until)
    expect(await on(plus(until, -30 * DAY_MS - 1))).toMatchObject({
      result: 'proven',
      reason: 'ok',
      facts: { until: day },
    })
    expect(await on(plus(until, -30 * DAY_MS))).toMatchObject({ result: 'unprovable', reason: 'expires_soon' })
    expect(await on(until)).toMatchObject({ result: 'failed', reason: 'expired', facts: { until: day } })
  })

  it('nothing it says holds a key, a password or a certificate', async () => {
    for (const mode of ['module', 'rest'] as const) {
      const at = await newKcpWorld(mode)
      await secret(at, mode === 'module' ? 'siteKey' : 'privateKeyPassword', 'a-secret-of-nobody')
      await newKcpPayment(at, { amount: 1_000 })
      const said = (await test(at, true)).join()
      const kept = await db.auditEntry.findMany({ where: { action: 'account.test', storeId: at.storeId } })
      for (const text of [said, JSON.stringify(kept.map(({ facts }) => facts))])
        expect(text).not.toMatch(/a-secret-of-nobody|BEGIN|sandbox-key/)
    }
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
