// Notices that nobody signs: what is taken, from whom, and what it may change.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, plus } from '#lib/domain/kst.ts'
import { DomainError } from '#lib/domain/problem.ts'
import { db } from '#lib/server/db.ts'
import {
  ACCOUNT,
  addressNow,
  applyAll,
  depositFields,
  formOf,
  FROM,
  newNoticeWorld,
  newTno,
  noticeContext,
  paymentOf,
  personContext,
  receive,
  request,
  SITE,
  tell,
  tellIssued,
  type NoticeWorld,
} from '#lib/testing/notice-world.ts'
import { sheetFor } from '#lib/testing/world.ts'
import { requestCancellation } from '../cancellations/request-cancellation.ts'
import { readForm } from './read-form.ts'
import { noticeUrl, renewNoticeAddress } from './notice-address.ts'
import { receiveUnsigned } from './receive-unsigned.ts'

let world: NoticeWorld
beforeEach(async () => {
  world = await newNoticeWorld()
})

const problemOf = async (run: Promise<unknown>) => {
  try {
    await run
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
  return null
}
const noticesOf = () => db.notice.findMany({ where: { accountId: world.accountId }, orderBy: { receivedAt: 'asc' } })
const common = (tno: string) => ({ site_cd: SITE, tno, tx_tm: '20261121140500' })
const deposit = (tno: string, change: Record<string, string> = {}) =>
  formOf({ site_cd: SITE, ...depositFields(world, tno, 5_000, change) })
const actionsOf = async (subjectId: string) =>
  (await db.auditEntry.findMany({ where: { subjectId }, orderBy: { id: 'asc' } })).map(({ action }) => action)

describe('the door', () => {
  it('opens to the address, the machines and the site of the account alone, and keeps nothing else', async () => {
    const tno = newTno()
    const address = await addressNow(world)
    const at = (change: object) =>
      receiveUnsigned(noticeContext(world), {
        gateway: 'kcp',
        accountId: world.accountId,
        address,
        from: FROM,
        request: request(deposit(tno)),
        ...change,
      })
    for (const change of [
      { accountId: randomUUID() },
      { address: '' },
      { address: `${address}x` },
      { address: address.toLowerCase() },
      { address: address.slice(1) },
      { gateway: 'ksnet' },
    ])
      expect(await problemOf(at(change)), JSON.stringify(change)).toBe('account.not_found')
    for (const change of [
      { from: '8.8.8.8' },
      { from: '' },
      { from: `${FROM}, 8.8.8.8` },
      { request: request(formOf({ ...depositFields(world, tno, 5_000), site_cd: 'J9002' })) },
      { request: request(formOf({ site_cd: SITE, ...depositFields(world, tno, 5_000), ipgm_mnyx: 'x' })) },
      { request: request(`${deposit(tno)}&tno=${newTno()}`) },
      { request: request('') },
    ])
      expect(await problemOf(at(change)), JSON.stringify(change)).toBe('notice.unverified')
    expect(await problemOf(at({ request: request('a'.repeat(64 * 1024 + 1)) }))).toBe('request.too_large')
    expect(await noticesOf()).toEqual([])
    const rejected = await db.auditEntry.findMany({ where: { subjectId: world.accountId } })
    expect(rejected.map(({ facts }) => facts)).toContainEqual({ rejected: 'source', from: '8.8.8.*' })
    expect(JSON.stringify(rejected.map(({ facts }) => facts))).not.toContain(address)
    expect(await at({})).toMatchObject({ body: expect.stringContaining('value="0000"') })
  })

  it('opens to the addresses that the account names instead of the published ones, and to the sandbox on this machine', async () => {
    world = await newNoticeWorld({ noticeFrom: '192.0.2.7, 192.0.2.9' })
    expect(await problemOf(receive(world, deposit(newTno()), { from: '192.0.2.9' }))).toBeNull()
    expect(await problemOf(receive(world, deposit(newTno()), { from: '::ffff:192.0.2.7' }))).toBeNull()
    expect(await problemOf(receive(world, deposit(newTno()), { from: FROM }))).toBe('notice.unverified')
    expect(await problemOf(receive(world, deposit(newTno()), { from: '127.0.0.1' }))).toBeNull()
    await db.$executeRaw`UPDATE "GatewayAccount" SET environment = 'test' WHERE id = ${world.accountId}::uuid`
    expect(await problemOf(receive(world, deposit(newTno()), { from: '127.0.0.1' }))).toBe('notice.unverified')
  })

  it('moves when an owner who signed in freshly says so, and what comes to the old address is refused', async () => {
    const before = await addressNow(world)
    const input = { accountId: world.accountId }
    for (const actor of [world.operator, world.manager])
      expect(await problemOf(renewNoticeAddress(personContext(world, actor), input))).toBe('permission.missing')
    const stale = { ...world.owner, freshUntil: null }
    expect(await problemOf(renewNoticeAddress(personContext(world, stale), input))).toBe('session.step_up')
    const stranger = (await newNoticeWorld()).manager
    expect(await problemOf(renewNoticeAddress(personContext(world, stranger), input))).toBe('account.not_found')
    const { url } = await renewNoticeAddress(personContext(world, world.owner), input)
    expect(url).toContain(`/gateways/kcp/${world.accountId}/notice/`)
    const after = url.split('/').at(-1) ?? ''
    expect([after === before, after.length]).toEqual([false, 43])
    expect(await problemOf(receive(world, deposit(newTno()), { address: before }))).toBe('account.not_found')
    expect(await problemOf(receive(world, deposit(newTno()), { address: after }))).toBeNull()
    const audit = await db.auditEntry.findMany({ where: { subjectId: world.accountId } })
    expect(audit.map(({ action }) => action)).toContain('account.notice_address')
    expect(JSON.stringify(audit.map(({ facts }) => facts))).not.toContain(after)
  })

  it('is each account’s own, and none where notices are signed', async () => {
    const other = await newNoticeWorld()
    expect(await addressNow(other)).not.toBe(await addressNow(world))
    expect(noticeUrl({ id: world.accountId, noticeRound: 1, gateway: 'portone', mode: 'portone' })).toBeNull()
  })
})

describe('what arrives', () => {
  it('is kept once, sealed and as it came, however often and at once it comes', async () => {
    const body = deposit(newTno())
    const answers = await Promise.all(Array.from({ length: 6 }, () => receive(world, body)))
    await receive(world, body)
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
    const [row, ...others] = await noticesOf()
    expect([others.length, row?.repeats, row?.state]).toEqual([0, 6, 'STORED'])
    expect(row?.body).toMatch(/^v1\./)
    await applyAll(world)
    await receive(world, body)
    await applyAll(world)
    expect(await db.deposit.count({ where: { accountId: world.accountId } })).toBe(1)
  })

  it('under a known number but with another meaning is not swallowed: it is refused, and the first stands', async () => {
    const tno = newTno()
    const fields = depositFields(world, tno, 5_000)
    await receive(world, formOf({ site_cd: SITE, ...fields }))
    for (const change of [{ ipgm_mnyx: '6000' }, { account: '1' }, { tno: newTno() }])
      expect(await problemOf(receive(world, formOf({ site_cd: SITE, ...fields, ...change })))).toBe('notice.unverified')
    // Sent again as often as it takes, with another count and another spelling of the name.
    await receive(world, formOf({ site_cd: SITE, ...fields, noti_cnt: '3', remitter: '홍' }))
    expect(await noticesOf()).toHaveLength(1)
  })

  it('tells names in EUC-KR, in UTF-8 where it says so, and loses no deposit for a name that was cut', async () => {
    const nameIn = async (body: string | Uint8Array<ArrayBuffer>, tno: string, contentType?: string) => {
      await receive(world, body, contentType === undefined ? {} : { contentType })
      await applyAll(world)
      return (await paymentOf(tno)).buyerMasked
    }
    const [one, two, three, four, five] = Array.from({ length: 5 }, newTno)
    const named = (tno = '', change: Record<string, string> = {}) => ({
      site_cd: SITE,
      ...depositFields(world, tno, 5_000, { remitter: '뚱딴지', ...change }),
    })
    expect(await nameIn(formOf(named(one)), one ?? '')).toBe('뚱*지')
    expect(await nameIn(formOf(named(two, { char_set: 'UTF-8' }), 'utf8'), two ?? '')).toBe('뚱*지')
    const form = 'application/x-www-form-urlencoded; charset=utf-8'
    expect(await nameIn(formOf(named(three), 'utf8'), three ?? '', form)).toBe('뚱*지')
    expect(await nameIn(formOf(named(four), 'utf8'), four ?? '')).toBe('뚱*지')
    const cut = formOf(named(five)).replace(/(remitter=(?:%..)+)%../, '$1')
    expect(await nameIn(cut, five ?? '')).toMatch(/^뚱/)
    expect((await paymentOf(five ?? '')).deposits).toHaveLength(1)
  })

  it('that is no notice writes nothing, whatever its bytes', async () => {
    const before = await Promise.all([db.payment.count(), db.deposit.count(), db.task.count()])
    const valid = deposit(newTno())
    const changed = fc
      .tuple(fc.nat(valid.length - 1), fc.string({ minLength: 1, maxLength: 3, unit: 'binary-ascii' }))
      .map(([at, text]) => Buffer.from(valid.slice(0, at) + text + valid.slice(at + text.length), 'latin1'))
    const bytes = fc.uint8Array({ maxLength: 400 }).map((some) => Buffer.from(some))
    let stored = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, changed), async (body) => {
        const code = await problemOf(receive(world, new Uint8Array(body)))
        if (code === null) stored += 1
        else expect(code).toBe('notice.unverified')
      }),
      { numRuns: 150 },
    )
    expect(await db.notice.count({ where: { accountId: world.accountId } })).toBeLessThanOrEqual(stored)
    // Nothing but the notices until they are applied; then each is applied or put aside, and none breaks the next.
    expect(await Promise.all([db.payment.count(), db.deposit.count(), db.task.count()])).toEqual(before)
    await applyAll(world)
    expect((await noticesOf()).filter(({ state }) => state === 'STORED')).toEqual([])
  })
})

describe('reading a form', () => {
  it('never throws, keeps names that are names, and takes no name twice', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.option(fc.string()), (bytes, contentType) => {
        const form = readForm(Buffer.from(bytes), contentType)
        for (const name of Object.keys(form ?? {})) expect(name).toMatch(/^[\w.-]{1,64}$/)
      }),
      { numRuns: 1_000 },
    )
    expect(readForm(Buffer.from('a=1&a=1'), null)).toBeNull()
    expect(readForm(Buffer.from('__proto__=1&a+b=2&a=%2B+%zz'), null)).toEqual(
      Object.fromEntries([
        ['__proto__', '1'],
        ['a', '+ %zz'],
      ]),
    )
    expect(readForm(Buffer.from(Array.from({ length: 201 }, (_, index) => `a${index}=1`).join('&')), null)).toBeNull()
  })
})

describe('what a notice tells of a payment beside deposits', () => {
  const escrowIn = async (tno: string) => (await paymentOf(tno)).escrow
  const paid = async () => {
    const tno = newTno()
    const id = await tellIssued(world, tno, 5_000, { escw_yn: 'Y' })
    await tell(world, depositFields(world, tno, 5_000))
    return { id, tno }
  }

  it('a closed account that nobody paid into is closed, and a closing that is out has ended; a paid one stays paid', async () => {
    const [tno, out] = [newTno(), newTno()]
    await tellIssued(world, tno, 5_000)
    await tell(world, { ...common(tno), tx_cd: 'TX07' })
    expect((await paymentOf(tno)).status).toBe('CLOSED')

    const id = await tellIssued(world, out, 5_000)
    const sheet = { ...(await sheetFor({ id, paymentId: out, pgTxId: out }, 0)), kind: 'CLOSE' as const }
    await requestCancellation(personContext(world, world.operator), sheet)
    await db.cancellation.update({ where: { id: sheet.id }, data: { state: 'SENDING' } })
    await db.cancellation.update({ where: { id: sheet.id }, data: { state: 'UNCONFIRMED' } })
    await tell(world, { ...common(out), tx_cd: 'TX07' })
    const closing = await db.cancellation.findUniqueOrThrow({ where: { id: sheet.id } })
    expect([closing.state, closing.evidence]).toEqual(['DONE', { by: 'notice', type: 'TX07' }])
    expect((await paymentOf(out)).status).toBe('CLOSED')

    const { tno: other } = await paid()
    await tell(world, { ...common(other), tx_cd: 'TX07' })
    expect(await paymentOf(other)).toMatchObject({ status: 'PAID', closedAt: null })
  })

  it('a refund that was paid out ends nothing, but the gateway is asked at once', async () => {
    const { id, tno } = await paid()
    const refund = {
      id: randomUUID(),
      paymentId: id,
      storeId: world.storeId,
      channelId: world.channelId,
      kind: 'CANCEL' as const,
      amount: 5_000n,
      taxFree: 0n,
      partial: false,
      remainderShown: 5_000n,
      remainderTaxFreeShown: 0n,
      reason: 'test',
      token: randomUUID(),
      inputHash: '',
      requestedById: world.operator.id,
      requestedAt: new Date(),
      nextAskAt: new Date(plus(world.clock.now, 60 * MINUTE_MS)),
    }
    await db.$transaction(async (tx) => {
      // As a refund into an account stands that KCP took for the next business day.
      await tx.$executeRaw`SET LOCAL session_replication_role = replica`
      await tx.cancellation.create({ data: { ...refund, state: 'ACCEPTED' } })
    })
    await tell(world, { ...common(tno), tx_cd: 'TX01', refund_mny: '4000' })
    expect((await db.cancellation.findUniqueOrThrow({ where: { id: refund.id } })).nextAskAt).toEqual(refund.nextAskAt)
    await tell(world, { ...common(tno), tx_cd: 'TX01', refund_mny: '5000', refund_nm: '홍길동' })
    const row = await db.cancellation.findUniqueOrThrow({ where: { id: refund.id } })
    expect([row.state, row.nextAskAt]).toEqual(['ACCEPTED', new Date(world.clock.now)])
    expect((await paymentOf(tno)).refunded).toBe(0n)
    const told = await db.auditEntry.findMany({
      where: { subjectId: id, action: 'notice.refunded' },
      orderBy: { id: 'asc' },
    })
    expect(told.map(({ facts }) => facts)).toEqual([
      { amount: 4_000, cancellation: null },
      { amount: 5_000, cancellation: refund.id },
    ])
    expect(JSON.stringify(told.map(({ facts }) => facts))).not.toContain('홍길동')
  })

  it('escrow only goes forwards, in whatever order it is told', async () => {
    const steps = [
      { tx_cd: 'TX03', waybill_no: '000123456789', waybill_corp: 'CJ대한통운' },
      { tx_cd: 'TX04' },
      { tx_cd: 'TX02', st_cd: 'N' },
      { tx_cd: 'TX02', st_cd: 'Y' },
    ]
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(steps, { minLength: 4 }), async (order) => {
        const { tno } = await paid()
        for (const step of order) await tell(world, { ...common(tno), ...step })
        expect(await escrowIn(tno)).toMatchObject({
          status: 'CONFIRMED',
          invoiceNumber: '000123456789',
          company: 'CJ대한통운',
        })
        await tell(world, { ...common(tno), tx_cd: 'TX06' })
        expect(await escrowIn(tno)).toMatchObject({ status: 'CANCELLED', invoiceNumber: '000123456789' })
      }),
      { numRuns: 6 },
    )
  })

  it('an order of ours whose result is not known is done by the same number, a hold by the hold, and no other', async () => {
    const { id, tno } = await paid()
    const order = async (kind: string, trackingNumber: string, company: string) => {
      const made = randomUUID()
      await db.shipment.create({
        data: {
          id: made,
          storeId: world.storeId,
          paymentId: id,
          kind,
          company,
          trackingNumber,
          sentAt: new Date(),
          state: 'UNCONFIRMED',
          inputHash: '',
          requestedById: world.operator.id,
          requestedAt: new Date(),
        },
      })
      return made
    }
    const stateOf = async (made: string) => (await db.shipment.findUniqueOrThrow({ where: { id: made } })).state
    const shipped = { ...common(tno), tx_cd: 'TX03', waybill_no: '000123456789' }
    const register = await order('register', '000123456789', 'LOTTE')
    await tell(world, { ...shipped, waybill_no: '000123456780', waybill_corp: '롯데택배' })
    await tell(world, { ...shipped, waybill_corp: '한진택배' })
    await tell(world, { ...common(tno), tx_cd: 'TX04' })
    expect(await stateOf(register)).toBe('UNCONFIRMED')
    await tell(world, { ...shipped, waybill_corp: '롯데택배' })
    expect(await stateOf(register)).toBe('DONE')
    const hold = await order('hold', '', '')
    await tell(world, { ...common(tno), tx_cd: 'TX04', tx_tm: '20261121150000' })
    expect(await stateOf(hold)).toBe('DONE')
  })

  it('of a payment that is not known waits for it, and is told once it is', async () => {
    const tno = newTno()
    await tell(world, { ...common(tno), tx_cd: 'TX03', waybill_no: '1234567890', waybill_corp: 'EMS' })
    world.clock.now = plus(world.clock.now, MINUTE_MS)
    await tell(world, { ...common(tno), tx_cd: 'TX08', ipgm_mnyx: '1' })
    expect((await noticesOf()).map(({ state, result }) => [state, result])).toEqual([
      ['IGNORED', `waiting/KCP/${SITE}/${tno}`],
      ['IGNORED', `waiting/KCP/${SITE}/${tno}`],
    ])
    expect(await db.payment.count({ where: { storeId: world.storeId } })).toBe(0)
    const id = await tellIssued(world, tno, 5_000)
    expect((await noticesOf()).map(({ state }) => state)).toEqual(['APPLIED', 'APPLIED'])
    expect(await escrowIn(tno)).toMatchObject({ status: 'REGISTERED', invoiceNumber: '1234567890' })
    await tellIssued(world, tno, 5_000)
    expect((await actionsOf(id)).filter((action) => action.startsWith('notice.'))).toEqual([
      'notice.escrow',
      'notice.other',
    ])
  })

  it('of another store’s payment, or money into what is no account, changes nothing', async () => {
    const other = await newNoticeWorld()
    const tno = newTno()
    const id = await tellIssued(other, tno, 5_000)
    await tell(world, depositFields(world, tno, 5_000))
    await tell(world, { ...common(tno), tx_cd: 'TX07' })
    expect((await noticesOf()).map(({ result }) => result)).toEqual(['another store', 'another store'])
    const card = newTno()
    await tellIssued(world, card, 5_000, { pay_method: 'PACA', card_cd: 'CCLG', app_no: '12345678', account: '' })
    await tell(world, depositFields(world, card, 5_000, { account: ACCOUNT }))
    expect((await noticesOf()).map(({ result }) => result)).toContain('no virtual account')
    expect(await db.deposit.count({ where: { paymentId: id } })).toBe(0)
    expect((await paymentOf(tno)).status).toBe('ISSUED')
  })
})
