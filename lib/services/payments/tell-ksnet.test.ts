// KSNET's results as shops tell them: whose they are, and that a number seen in two ways is one payment.
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { minor } from '#lib/domain/money.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import {
  addKsnetAccount,
  approvalOf,
  issueOf,
  ksnetPaymentOf,
  newKsnetShop,
  newMid,
  newTrno,
  tellerOf,
  tellKsnet,
  type Fields,
  type KsnetShop,
} from '#lib/testing/ksnet-inbound.ts'
import {
  accountOf,
  contextOf,
  control,
  invariantsOf,
  newPayment,
  newWorld,
  person,
  sheetFor,
  systemContext,
  type World,
} from '#lib/testing/world.ts'
import { recordOutcome } from '../cancellations/record-outcome.ts'
import { requestCancellation } from '../cancellations/request-cancellation.ts'
import { claimSending } from '../cancellations/send-cancellation.ts'
import { importPayments } from '../imports/import-payments.ts'
import { previewImport } from '../imports/preview-import.ts'
import { findPayments, FindPayments } from './find-payments.ts'
import { readAtGateway } from './read-at-gateway.ts'
import { readToldFields } from './told-fields.ts'

const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, ...error.facts }
    throw error
  }
  return null
}

describe('a result of KSNET', () => {
  it('is recorded for the store’s one merchant, which no field names, and known the second time', async () => {
    const shop = await newKsnetShop()
    const trno = newTrno()
    const fields = approvalOf(trno, 11_000)
    expect(await tellKsnet(shop, fields)).toMatchObject({ tno: trno, state: 'recorded' })
    expect((await tellKsnet(shop, fields)).state).toBe('known')
    const payment = await ksnetPaymentOf(shop.mid, trno)
    expect(payment).toMatchObject({
      storeId: shop.storeId,
      channelId: shop.channelId,
      source: 'shop',
      status: 'PAID',
      method: 'CARD',
      received: 11_000n,
    })
    expect(payment.receiptUrl).toContain(trno)
    expect(payment.references.map(({ kind }) => kind)).toEqual(['TRNO', 'ORDER_NUMBER', 'APPROVAL_NUMBER'])
  })

  it('of a virtual account is issued: nothing was received, and its number is nowhere in clear', async () => {
    const shop = await newKsnetShop()
    const trno = newTrno('6')
    await tellKsnet(shop, issueOf(trno, 9_000, { cbtrno: 'H98210000001', cbauthno: '123456789' }))
    const payment = await ksnetPaymentOf(shop.mid, trno)
    expect(payment).toMatchObject({ status: 'ISSUED', received: 0n, paidAt: null, receiptUrl: null })
    expect(payment.cashReceipt).toMatchObject({ status: 'ISSUED', reference: 'H98210000001', number: '****6789' })
    expect(
      JSON.stringify({ ...payment, amount: '', received: '' }, (_, one: unknown) =>
        typeof one === 'bigint' ? String(one) : one,
      ),
    ).not.toContain('79012345678901')
  })

  it('is the merchant’s that a field names where a store has several, and refused in words where none does', async () => {
    const shop = await newKsnetShop()
    const other = await addKsnetAccount(shop.storeId, newMid())
    const { key } = await db.channel.findUniqueOrThrow({ where: { id: other.channelId } })
    const fields = approvalOf(newTrno(), 11_000)
    expect(await problemOf(tellKsnet(shop, fields))).toEqual({ code: 'telling.unreadable', field: 'sndStoreid' })
    for (const name of ['sndStoreid', 'storeid']) {
      const told = approvalOf(newTrno(), 11_000, { [name]: key })
      await tellKsnet(shop, told)
      expect(await ksnetPaymentOf(key, told['trno'] ?? '')).toMatchObject({ channelId: other.channelId })
    }
    expect(await problemOf(tellKsnet(shop, { ...fields, sndStoreid: newMid() }))).toEqual({ code: 'account.not_found' })
    expect(await db.payment.count({ where: { storeId: shop.storeId } })).toBe(2)
  })

  it('is for the older of two ways to one merchant, and finds no other store’s account', async () => {
    const shop = await newKsnetShop()
    await addKsnetAccount(shop.storeId, shop.mid, 'rest')
    const fields = approvalOf(newTrno(), 11_000)
    await tellKsnet(shop, fields)
    expect(await ksnetPaymentOf(shop.mid, fields['trno'] ?? '')).toMatchObject({ channelId: shop.channelId })
    const { id: storeId } = await db.store.create({ data: { name: 'none' } })
    const none = await tellerOf(storeId)
    expect(await problemOf(tellKsnet(none, approvalOf(newTrno(), 1_000)))).toEqual({ code: 'account.not_found' })
    const twin = await newKsnetShop(shop.mid)
    expect((await problemOf(tellKsnet(twin, fields)))?.code).toBe('payment.at_other_store')
  })

  it('is for the live one of two accounts for one merchant, a test’s being older', async () => {
    const shop = await newKsnetShop()
    const live = await addKsnetAccount(shop.storeId, shop.mid)
    await db.gatewayAccount.update({ where: { id: live.accountId }, data: { environment: 'live' } })
    const fields = approvalOf(newTrno(), 11_000)
    await tellKsnet(shop, fields)
    expect(await ksnetPaymentOf(shop.mid, fields['trno'] ?? '')).toMatchObject({
      channelId: live.channelId,
      environment: 'live',
    })
  })

  it('that was declined, has an unknown type, or comes from tomorrow is refused by name', async () => {
    const shop = await newKsnetShop()
    const fields = approvalOf(newTrno(), 11_000)
    expect(await problemOf(tellKsnet(shop, { ...fields, authyn: 'X', authno: '8350' }))).toEqual({
      code: 'telling.not_approved',
      result: '8350',
    })
    expect(await problemOf(tellKsnet(shop, { ...fields, result: '9999' }))).toEqual({
      code: 'telling.unreadable',
      field: 'result',
    })
    expect(await problemOf(tellKsnet(shop, { ...fields, trddt: '20981121' }))).toEqual({
      code: 'telling.unreadable',
      field: 'trddt',
    })
    expect(await db.payment.count({ where: { storeId: shop.storeId } })).toBe(0)
  })

  it('is read from JSON and from a form, in UTF-8 and in EUC-KR', async () => {
    const fields = approvalOf(newTrno(), 1_004)
    const json = (charset: string) => readToldFields(Buffer.from(JSON.stringify(fields)), `application/json${charset}`)
    expect(json('')).toEqual(fields)
    const { msg1: _, ...ascii } = fields
    const form = `${new URLSearchParams({ ...ascii, sndCharSet: 'euc-kr' }).toString()}&msg1=%BD%C5%C7%D1%C4%AB%B5%E5`
    const read = readToldFields(Buffer.from(form, 'latin1'), 'application/x-www-form-urlencoded')
    expect(read).toEqual({ ...ascii, sndCharSet: 'euc-kr', msg1: '신한카드' })
  })
})

describe('a number seen through PortOne and directly', () => {
  /** The store's own KSNET account under the merchant that its PortOne channel has. */
  async function both(): Promise<{ world: World; direct: KsnetShop }> {
    await control('/reset', {})
    const world = await newWorld()
    const { mid } = await db.channel.findUniqueOrThrow({ where: { id: world.channelId } })
    return { world, direct: await newKsnetShop(mid, world.storeId) }
  }
  /** Of the same merchant, but with real money. */
  const makeLive = (accountId: string) =>
    db.gatewayAccount.update({ where: { id: accountId }, data: { environment: 'live' } })

  it('in another environment is another’s: neither is taken for the other, whoever came first', async () => {
    const { world, direct } = await both()
    const made = await newPayment(world, { amount: 11_000 })
    await makeLive(direct.accountId)
    expect(await problemOf(tellKsnet(direct, approvalOf(made.pgTxId ?? '', 11_000)))).toMatchObject({
      code: 'payment.channel_unknown',
    })
    expect(await db.reference.count({ where: { channelId: direct.channelId } })).toBe(0)
    const unread = await unreadPayment(world)
    await tellKsnet(direct, approvalOf(unread.pgTxId, 11_000))
    const reading = await readAtGateway(systemContext(), await accountOf(world), unread.paymentId)
    expect(reading).toMatchObject({ kind: 'not_ours', problem: { code: 'payment.channel_unknown' } })
    expect(await ksnetPaymentOf(direct.mid, unread.pgTxId)).toMatchObject({ environment: 'live', source: 'shop' })
  })

  it('cancelled directly, and once more by PortOne, which never heard of it: counted once, and a task', async () => {
    const { world, direct } = await both()
    const account = await accountOf(world)
    for (const known of ['done', 'unknown'] as const) {
      const unread = await unreadPayment(world)
      await tellKsnet(direct, approvalOf(unread.pgTxId, 11_000))
      const { id } = await ksnetPaymentOf(direct.mid, unread.pgTxId)
      const payment = { id, paymentId: unread.pgTxId, pgTxId: unread.pgTxId }
      const intent = await sheetFor(payment, 11_000)
      await requestCancellation(contextOf(world.operator), intent)
      const claim = (await claimSending(systemContext(), intent.id)) ?? expect.fail()
      const value = { amount: minor(11_000), taxFree: minor(0), approvalNumber: '15608820', cancelledAt: null }
      const reference = `${unread.pgTxId}/00`
      const done = { kind: 'done', reference, value: { ...value, cancellationId: reference } } as const
      const outcome = known === 'done' ? done : ({ kind: 'unknown', cause: 'written: closed' } as const)
      const transcript = { startedAt: '', durationMs: 0, request: {}, reply: null, broken: null }
      await recordOutcome(systemContext(), claim, { outcome, transcript })
      // KSNET answers "O" to it, so PortOne has it as a cancel of its own.
      await control('/outside-cancel', { payment: unread.paymentId, amount: 11_000, where: 'portone-console' })
      for (let times = 0; times < 2; times += 1) await readAtGateway(systemContext(), account, unread.paymentId)
      const after = await ksnetPaymentOf(direct.mid, unread.pgTxId)
      expect(after.refunded).toBe(known === 'done' ? 11_000n : 0n)
      expect(after.tasks.filter(({ kind }) => kind === 'outside_cancel')).toHaveLength(1)
      expect(await db.cancellation.findUniqueOrThrow({ where: { id: intent.id } })).toMatchObject({
        state: known === 'done' ? 'DONE' : 'UNCONFIRMED',
      })
      expect(await invariantsOf(id)).toEqual([])
    }
  })

  it('cancelled in part on PortOne’s console, where it fits, counts as made elsewhere', async () => {
    const { world, direct } = await both()
    const unread = await unreadPayment(world)
    await tellKsnet(direct, approvalOf(unread.pgTxId, 11_000))
    await control('/outside-cancel', { payment: unread.paymentId, amount: 4_000, where: 'portone-console' })
    await readAtGateway(systemContext(), await accountOf(world), unread.paymentId)
    expect(await ksnetPaymentOf(direct.mid, unread.pgTxId)).toMatchObject({ refunded: 4_000n })
  })

  const onePayment = async (storeId: string) => {
    const payments = await db.payment.findMany({ where: { storeId }, include: { references: true } })
    expect(payments).toHaveLength(1)
    return payments[0] ?? expect.fail()
  }
  const numbersOf = (
    payment: { references: readonly { channelId: string; kind: string; value: string }[] },
    id: string,
  ) => payment.references.filter(({ channelId }) => channelId === id).map(({ kind, value }) => `${kind} ${value}`)

  it('first there, is one payment with two references, and is cancelled through PortOne', async () => {
    const { world, direct } = await both()
    const made = await newPayment(world, { amount: 11_000 })
    const trno = made.pgTxId ?? ''
    expect((await tellKsnet(direct, approvalOf(trno, 11_000))).state).toBe('known')
    const payment = await onePayment(world.storeId)
    expect(payment).toMatchObject({ id: made.id, source: 'gateway', channelId: world.channelId })
    expect(numbersOf(payment, world.channelId)).toContain(`PAYMENT_ID ${made.paymentId}`)
    expect(numbersOf(payment, direct.channelId)).toContain(`TRNO ${trno}`)
    await oneCancelOnly(world, payment.id, world.channelId)
  })

  it('first here, is one payment with two references, and is cancelled directly', async () => {
    const { world, direct } = await both()
    const unread = await unreadPayment(world)
    expect((await tellKsnet(direct, approvalOf(unread.pgTxId, 11_000))).state).toBe('recorded')
    const before = await ksnetPaymentOf(direct.mid, unread.pgTxId)
    expect(before).toMatchObject({ source: 'shop', channelId: direct.channelId })
    const reading = await readAtGateway(systemContext(), await accountOf(world), unread.paymentId)
    expect(reading).toMatchObject({ kind: 'recorded', paymentId: before.id })
    const payment = await ksnetPaymentOf(direct.mid, unread.pgTxId)
    expect(payment).toMatchObject({ source: 'gateway', channelId: direct.channelId, received: 11_000n })
    expect(payment.tasks.map(({ kind }) => kind)).not.toContain('amount_differs')
    expect(numbersOf(payment, world.channelId)).toContain(`PAYMENT_ID ${unread.paymentId}`)
    expect(numbersOf(payment, direct.channelId)).toContain(`TRNO ${unread.pgTxId}`)
    await oneCancelOnly(world, payment.id, direct.channelId)
  })

  it('with another amount here becomes a task, whoever came first', async () => {
    const { world, direct } = await both()
    const made = await newPayment(world, { amount: 11_000 })
    expect((await problemOf(tellKsnet(direct, approvalOf(made.pgTxId ?? '', 12_000))))?.code).toBe('payment.differs')
    const unread = await unreadPayment(world)
    await tellKsnet(direct, approvalOf(unread.pgTxId, 12_000))
    await readAtGateway(systemContext(), await accountOf(world), unread.paymentId)
    const payment = await ksnetPaymentOf(direct.mid, unread.pgTxId)
    expect(payment.source).toBe('shop')
    expect(payment.tasks.filter(({ kind }) => kind === 'amount_differs')).toHaveLength(1)
  })

  it('told at the same time is one payment still', async () => {
    const { world, direct } = await both()
    const unread = await unreadPayment(world)
    const account = await accountOf(world)
    await Promise.all([
      ...Array.from({ length: 4 }, () => tellKsnet(direct, approvalOf(unread.pgTxId, 11_000))),
      ...Array.from({ length: 4 }, () => readAtGateway(systemContext(), account, unread.paymentId)),
    ])
    const payment = await onePayment(world.storeId)
    expect(payment.source).toBe('gateway')
    expect(await invariantsOf(payment.id)).toEqual([])
  })

  /** Two cancels at once through whatever channel: one intent, by the payment's own. */
  async function oneCancelOnly(world: World, paymentId: string, channelId: string): Promise<void> {
    const payment = { id: paymentId, paymentId: '', pgTxId: null }
    const sheets = [await sheetFor(payment, 11_000), await sheetFor(payment, 11_000)]
    const answers = await Promise.all(
      sheets.map((sheet) => problemOf(requestCancellation(contextOf(world.operator), sheet))),
    )
    expect(answers.filter((one) => one === null)).toHaveLength(1)
    const intents = await db.cancellation.findMany({ where: { paymentId } })
    expect(intents.map((one) => one.channelId)).toEqual([channelId])
    expect(await invariantsOf(paymentId)).toEqual([])
  }
})

const Made = z.object({ paymentId: z.string(), pgTxId: z.string() })
/** A payment at the sandbox's PortOne that nobody here has read. */
async function unreadPayment(world: World) {
  const channel = await db.channel.findUniqueOrThrow({ where: { id: world.channelId } })
  const account = await accountOf(world)
  const wish = { amount: 11_000, storeId: account.call.credentials['storeId'], channelKey: channel.key }
  const made: unknown = await control('/payments', { gateway: 'portone', method: 'CARD', status: 'PAID', ...wish })
  return Made.parse(made)
}

describe('a file of KSNET’s', () => {
  const HEAD = [
    '거래번호',
    '거래일자',
    '거래시간',
    '거래금액',
    '결제수단',
    '승인구분',
    '주문번호',
    '승인번호',
    '카드사',
  ]
  const csv = (rows: readonly Fields[]) =>
    [HEAD, ...rows.map((row) => HEAD.map((title) => row[title] ?? ''))].map((row) => row.join(',')).join('\n')
  const base64 = (text: string) => Buffer.from(text).toString('base64')

  it('is read by its guessed titles, makes payments of its account, and is the same as what the shop told', async () => {
    const shop = await newKsnetShop()
    const told = approvalOf(newTrno(), 11_000, { trddt: '20241120', trdtm: '140322' })
    await tellKsnet(shop, told)
    const fresh = newTrno()
    const row = { 거래일자: '20241120', 거래시간: '140322', 거래금액: '11000', 승인구분: '승인', 승인번호: '15608820' }
    const content = base64(
      csv([
        { ...row, 거래번호: told['trno'] ?? '', 결제수단: '신용카드' },
        { ...row, 거래번호: fresh, 결제수단: 'ISP' },
        { ...row, 거래번호: '26869900661952', 결제수단: '신용카드' },
      ]),
    )
    const context = contextOf(await person(shop.storeId, 'MANAGER'))
    const { columns, rows } = await previewImport(context, {
      accountId: shop.accountId,
      content,
      columns: null,
      allMethod: null,
    })
    expect(rows?.map(({ verdict }) => (verdict.kind === 'error' ? verdict.reason : verdict.kind))).toEqual([
      'known',
      'new',
      'number_form',
    ])
    const part = { accountId: shop.accountId, content, columns, allMethod: null, from: 0, count: 10 }
    const taken = await importPayments(context, { ...part, id: randomUUID(), fileName: 'ksnet.csv' })
    expect(taken.results.map(({ kind }) => kind)).toEqual(['known', 'recorded', 'error'])
    expect(await ksnetPaymentOf(shop.mid, fresh)).toMatchObject({ source: 'file', method: 'CARD', received: 11_000n })
  })
})

describe('the one box', () => {
  it('finds a trno as it stands, and only explains what it looks like', async () => {
    const shop = await newKsnetShop()
    const trno = newTrno('2')
    await tellKsnet(shop, approvalOf(trno, 11_000))
    const viewer = contextOf(await person(shop.storeId, 'VIEWER')).actor
    const page = await findPayments(viewer, FindPayments.parse({ q: trno }))
    // The number says transfer, the payment was by card: what was searched for is the number alone.
    expect(page.items.map(({ method }) => method)).toEqual(['CARD'])
    expect(page.understood?.trno).toEqual({ method: 'TRANSFER', day: '2026-11-18' })
    expect((await findPayments(viewer, FindPayments.parse({ q: '홍길동' }))).understood?.trno).toBeNull()
  })
})
