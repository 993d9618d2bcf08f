// Account checks at KCP over its program: what is asked, what is kept of the answer, and what is refused before anything is asked.
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import { addKcpAccount, newKcpPayment, newKcpWorld } from '#lib/testing/kcp-world.ts'
import {
  contextOf,
  control,
  newPayment,
  newWorld,
  nextNoon,
  sheetFor,
  type Made,
  type World,
} from '#lib/testing/world.ts'
import { requestCancellation } from '../cancellations/request-cancellation.ts'
import { getPayment } from '../payments/get-payment.ts'
import { checkAccount, CheckAccount } from './check-account.ts'
import { proposeAccountProof } from './people-proof.ts'
import { whoChecks } from './who-checks.ts'

let world: World
let payment: Made
beforeEach(async () => {
  await control('/reset', {})
  await nextNoon()
  world = await newKcpWorld('module')
  payment = await newKcpPayment(world, { amount: 30_000, method: 'VIRTUAL_ACCOUNT' })
})

const clerk = () => contextOf(world.operator)
const account = { bank: '88', number: '110123456789', holder: '홍길동' }
const check = (change: object = {}) =>
  checkAccount(clerk(), CheckAccount.parse({ paymentId: payment.id, ...account, ...change }))
const problem = async (run: Promise<unknown>) => {
  const error: unknown = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof DomainError) return error
  throw new Error(`no problem: ${String(error)}`)
}
const asked = async () =>
  z
    .array(z.object({ operation: z.string() }))
    .parse(await control('/journal?gateway=kcp'))
    .filter(({ operation }) => operation === 'holder').length
const need = async () => (await getPayment(clerk(), payment.id)).refundAccount

describe('an account check at KCP', () => {
  it('that is confirmed proves the account, and keeps tno and app_time', async () => {
    expect(await need()).toMatchObject({ how: 'gateway', ofKcp: true, asks: { gateway: 'kcp', mode: 'module' } })
    const view = await check()
    expect(view).toMatchObject({
      result: 'MATCHED',
      code: null,
      message: null,
      asked: { gateway: 'kcp', mode: 'module' },
    })
    expect(view.reference).toMatch(/^\d{14}$/)
    expect(view.referenceTime).toMatch(/^\d{14}$/)
    const row = await db.accountCheck.findUniqueOrThrow({ where: { id: view.id } })
    expect(row).toMatchObject({
      accountId: world.accountId,
      reference: view.reference,
      referenceTime: view.referenceTime,
    })
    expect((await need())?.checks[0]).toMatchObject({ reference: view.reference, referenceTime: view.referenceTime })
    const sheet = await sheetFor(payment, 30_000)
    await requestCancellation(clerk(), { ...sheet, account: { checkId: view.id, ...account } })
    expect(await db.accountCheck.findUniqueOrThrow({ where: { id: view.id } })).toMatchObject({
      cancellationId: sheet.id,
    })
  })

  it('of another holder, or of a closed account, proves nothing; code, tno and app_time stay', async () => {
    const [other, closed, none] = [{ holder: '김철수' }, { number: '110000000001' }, { number: '999999999999' }]
    expect((await check(closed)).message).toBe('해지 계좌')
    for (const change of [other, closed, none]) {
      const view = await check(change)
      expect(view).toMatchObject({ result: 'DIFFERENT', code: '8999', usableUntil: null })
      expect(view.reference).toMatch(/^\d{14}$/)
      expect(view.referenceTime).toMatch(/^\d{14}$/)
      const refund = { checkId: view.id, ...account, ...change }
      const refused = await problem(
        requestCancellation(clerk(), { ...(await sheetFor(payment, 30_000)), account: refund }),
      )
      expect(refused.facts).toMatchObject({ rule: 'CANCEL-ACCOUNT' })
    }
  })

  it('that got no answer proves neither: the institution, the line, and a program that is broken', async () => {
    expect(await check({ number: '110000000002' })).toMatchObject({ result: 'UNKNOWN', usableUntil: null })
    for (const kind of ['reply-lost', 'request-lost', 'empty-body', 'html-502', 'error-though-done']) {
      await control('/faults', { gateway: 'kcp', operation: 'holder', fault: kind, times: 1 })
      expect(await check(), kind).toMatchObject({ result: 'UNKNOWN' })
    }
  })

  it('that is not contracted is said, and then two people prove the account', async () => {
    await control('/settings', { gateway: 'kcp', accoContract: false })
    expect(await check()).toMatchObject({ result: 'REFUSED', code: '8998' })
    expect(await need()).toMatchObject({ how: 'people' })
  })

  it('keeps nothing personal of what the gateway says', async () => {
    const rows = async () => JSON.stringify(await db.accountCheck.findMany({ where: { paymentId: payment.id } }))
    await check({ holder: '김철수', number: '110123456789' })
    const kept = await rows()
    for (const hidden of ['110123456789', '홍길동', '김철수']) expect(kept).not.toContain(hidden)
    const audits = await db.auditEntry.findMany({ where: { subjectId: payment.id, action: 'account_check.create' } })
    expect(JSON.stringify(audits.map(({ facts }) => facts))).not.toMatch(/110123456789|홍길동|김철수/)
  })
})

describe('what KCP cannot be told', () => {
  const cases = [
    ['a comma', { holder: '홍,길동' }, 'holder', 'characters'],
    ['an ampersand', { holder: '길동&길순' }, 'holder', 'characters'],
    ['more than 20 bytes', { holder: '주식회사전표상점본점영업부' }, 'holder', 'length'],
    ['what CP949 lacks', { holder: '김😀' }, 'holder', 'encoding'],
  ] as const
  it.each(cases)('%s is refused before anything is asked', async (_name, change, field, why) => {
    const refused = await problem(check(change))
    expect(refused).toMatchObject({ code: 'account_check.unsayable', facts: { field, problem: why } })
    expect(await asked()).toBe(0)
    expect(await db.accountCheck.count({ where: { paymentId: payment.id } })).toBe(0)
  })

  it('is no proof by people either, since the refund could not be sent', async () => {
    await db.gatewayAccount.update({ where: { id: world.accountId }, data: { holderCheck: 'not_enabled' } })
    const proposed = CheckAccount.parse({ paymentId: payment.id, ...account, holder: '홍,길동' })
    const evidenceId = '00000000-0000-4000-8000-000000000000'
    expect((await problem(proposeAccountProof(clerk(), { ...proposed, evidenceId }))).code).toBe(
      'account_check.unsayable',
    )
  })

  it('goes as it is: Hangul beyond EUC-KR, a company, ten syllables', async () => {
    for (const holder of ['똠방각하', '(주)전표상점', '가나다라마바사아자차'])
      expect((await check({ holder })).code).toBe('8999')
    expect(await check({ number: '100987654321', holder: '주식회사전표상점' })).toMatchObject({ result: 'MATCHED' })
  })
})

describe('who is asked', () => {
  it('another account of the same store and environment, where the payment’s own cannot check', async () => {
    const shop = await newWorld()
    world = shop
    payment = await newPayment(shop, { amount: 9_000, method: 'VIRTUAL_ACCOUNT' })
    await db.gatewayAccount.update({ where: { id: shop.accountId }, data: { holderCheck: 'not_enabled' } })
    expect(await need()).toMatchObject({ how: 'people' })
    await newKcpWorld('module')
    expect(await need()).toMatchObject({ how: 'people' })
    const added = await addKcpAccount(shop.storeId, 'module')
    expect(await need()).toMatchObject({ how: 'gateway', asks: { gateway: 'kcp', mode: 'module' }, ofKcp: true })
    const view = await check()
    expect(view).toMatchObject({ result: 'MATCHED', asked: { gateway: 'kcp', mode: 'module' } })
    const row = await db.accountCheck.findUniqueOrThrow({ where: { id: view.id } })
    expect(row.accountId).toBe(added.accountId)
    const [own, other] = await Promise.all(
      [shop.accountId, added.accountId].map((id) => db.gatewayAccount.findUniqueOrThrow({ where: { id } })),
    )
    expect([own?.holderCheck, other?.holderCheck]).toEqual(['not_enabled', 'available'])
  })

  it('nobody, where the store’s other account has no key', async () => {
    world = await newKcpWorld('rest')
    payment = await newKcpPayment(world, { amount: 5_000 })
    const row = await db.payment.findUniqueOrThrow({
      where: { id: payment.id },
      include: { channel: { include: { account: true } } },
    })
    expect(await whoChecks(row)).toBeNull()
    const { accountId } = await addKcpAccount(world.storeId, 'module')
    expect(await whoChecks(row)).toMatchObject({ id: accountId })
    await db.gatewayAccount.update({ where: { id: accountId }, data: { secrets: {} } })
    expect(await whoChecks(row)).toBeNull()
    expect((await problem(check())).code).toBe('gateway.refused')
  })
})
