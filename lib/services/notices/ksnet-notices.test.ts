// KSNET's deposit notices as they come over HTTP, and what becomes of them.
import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE_MS, plus } from '#lib/domain/kst.ts'
import { db, transaction } from '#lib/server/db.ts'
import { NOTICE_ANSWER_BYTES } from '#lib/server/notice-door.ts'
import {
  addKsnetAccount,
  applyArrived,
  dataForm,
  depositRecord,
  issueOf,
  ksnetNoticePath,
  ksnetPaymentOf,
  newerRecord,
  newKsnetShop,
  newTrno,
  tellKsnet,
  VA,
  type KsnetShop,
} from '#lib/testing/ksnet-inbound.ts'
import { contextOf, person, systemContext } from '#lib/testing/world.ts'
import { GET, POST } from '../../../app/gateways/ksnet/[accountId]/notice/[address]/route.ts'
import { decideDeposit } from '../deposits/decide-deposit.ts'
import { raiseTasks } from '../tasks/raise-tasks.ts'
import { receiveRecord } from './receive-record.ts'

// Load in Next's own server only.
vi.mock('next/navigation', () => ({ redirect: () => {}, unstable_rethrow: () => {} }))
vi.mock('next/headers', () => ({ headers: () => {} }))

let shop: KsnetShop
let trno = ''
beforeEach(async () => {
  shop = await newKsnetShop()
  trno = newTrno('6')
})

const wish = (amount = 10_000) => ({ mid: shop.mid, trno, amount })
const paramsOf = (path: string) => {
  const [, , , accountId = '', , address = ''] = path.split('/')
  return { params: Promise.resolve({ accountId, address }) }
}
const HEADERS = { 'Content-Type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '127.0.0.1' }
async function send(form: string, change: { path?: string; from?: string; get?: boolean } = {}) {
  const path = change.path ?? (await ksnetNoticePath(shop))
  const headers = { ...HEADERS, ...(change.from !== undefined && { 'x-forwarded-for': change.from }) }
  const response = change.get
    ? await GET(new Request(`http://127.0.0.1${path}?${form}`, { headers }), paramsOf(path))
    : await POST(new Request(`http://127.0.0.1${path}`, { method: 'POST', headers, body: form }), paramsOf(path))
  const text = await response.text()
  // Said before the answer is known.
  expect(text).toHaveLength(NOTICE_ANSWER_BYTES)
  return { status: response.status, text }
}
const OK = { status: 200, text: 'result=OK' }
const REFUSED = { status: 403, text: 'result=NO' }
const noticesOf = () => db.notice.findMany({ where: { account: { storeId: shop.storeId } } })
const told = async (record: Buffer) => {
  expect(await send(dataForm(record))).toEqual(OK)
  await applyArrived(shop.storeId)
  return ksnetPaymentOf(shop.mid, trno)
}
const standing = ({ status, received, deposits, tasks }: Awaited<ReturnType<typeof ksnetPaymentOf>>) => ({
  status,
  received: Number(received),
  deposits: deposits.map(({ kind, state, why }) => [kind, state, why].filter(Boolean).join(' ')),
  tasks: tasks.map(({ kind }) => kind),
})

describe('the door', () => {
  it('answers result=OK and nothing else, by GET and POST, once the record is stored, however often it comes', async () => {
    const form = dataForm(depositRecord(wish()))
    expect(await send(form, { get: true })).toEqual(OK)
    expect(await noticesOf()).toHaveLength(1)
    const answers = await Promise.all([send(form), send(form, { get: true }), send(form), send(form)])
    expect(answers).toEqual([OK, OK, OK, OK])
    const again = dataForm(depositRecord(wish(), { tranNumb: '2', tranTime: '101500' }))
    expect(await send(again)).toEqual(OK)
    expect(await noticesOf()).toMatchObject([{ repeats: 5, state: 'STORED', type: 'VR 20' }])
    await applyArrived(shop.storeId)
    expect(await send(form)).toEqual(OK)
    await applyArrived(shop.storeId)
    expect((await ksnetPaymentOf(shop.mid, trno)).deposits).toHaveLength(1)
  })

  it('opens to address, machines and merchant of the account alone, and keeps nothing else', async () => {
    const form = dataForm(depositRecord(wish()))
    const path = await ksnetNoticePath(shop)
    for (const wrong of [
      `${path}x`,
      path.slice(0, -1),
      path.replace(shop.accountId, randomUUID()),
      path.replace(shop.accountId, 'x'),
      path.replace(/[^/]+$/, ''),
    ])
      expect(await send(form, { path: wrong }), wrong).toMatchObject({
        status: 404,
        text: 'result=NO',
      })
    expect(await send(form, { from: '8.8.8.8' })).toMatchObject(REFUSED)
    expect(await send(form, { from: '210.181.28.114' })).toEqual(OK)
    const other = dataForm(depositRecord({ ...wish(), mid: '2999199999' }))
    expect(await send(other)).toMatchObject(REFUSED)
    expect(await send(`${form}&data=x`)).toMatchObject(REFUSED)
    expect(await send('')).toMatchObject(REFUSED)
    expect(await send(`data=${'a'.repeat(70_000)}`)).toMatchObject({ status: 422 })
    expect(await noticesOf()).toHaveLength(1)
  })

  it('keeps one merchant’s notice once, whichever of its two accounts it comes to, and by whichever way', async () => {
    const second = await addKsnetAccount(shop.storeId, shop.mid, 'rest')
    const record = depositRecord(wish())
    expect(await send(dataForm(record), { path: await ksnetNoticePath(second) })).toEqual(OK)
    expect(await send(dataForm(record))).toEqual(OK)
    await receiveRecord(systemContext(), { from: '127.0.0.1', record })
    expect(await noticesOf()).toMatchObject([{ accountId: shop.accountId, repeats: 2 }])
  })

  it('holds no account number and no name in clear, in no row', async () => {
    await told(depositRecord(wish(), { receNm: '뚱딴지' }))
    const { storeId, accountId } = shop
    const rows = [
      await db.notice.findMany({ where: { accountId } }),
      await db.deposit.findMany({ where: { storeId } }),
      await db.payment.findMany({ where: { storeId } }),
      await db.auditEntry.findMany({ where: { storeId } }),
      await db.task.findMany({ where: { storeId } }),
    ]
    const text = JSON.stringify(rows, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one))
    expect(text).toContain(trno)
    for (const secret of [VA, '뚱딴지']) expect(text).not.toContain(secret)
  })
})

describe('a deposit', () => {
  it('whose number, account and amount are what the shop told counts, in either record', async () => {
    await tellKsnet(shop, issueOf(trno, 10_000))
    expect(standing(await told(depositRecord(wish())))).toEqual({
      status: 'PAID',
      received: 10_000,
      deposits: ['deposit APPLIED'],
      tasks: [],
    })
    trno = newTrno('6')
    await tellKsnet(shop, issueOf(trno, 10_000))
    expect(standing(await told(newerRecord(wish())))).toMatchObject({ status: 'PAID', received: 10_000 })
  })

  it('that came before the shop told is unverified, and counts once it has', async () => {
    expect(standing(await told(depositRecord(wish())))).toEqual({
      status: 'ISSUED',
      received: 0,
      deposits: ['deposit UNVERIFIED unknown_payment'],
      tasks: ['deposit_unverified'],
    })
    await tellKsnet(shop, issueOf(trno, 10_000))
    expect(standing(await ksnetPaymentOf(shop.mid, trno))).toMatchObject({
      status: 'PAID',
      received: 10_000,
      tasks: [],
    })
  })

  it('of another amount or into another account waits for a person, and is said', async () => {
    await tellKsnet(shop, issueOf(trno, 10_000))
    expect(standing(await told(depositRecord(wish(9_000))))).toEqual({
      status: 'ISSUED',
      received: 0,
      deposits: ['deposit UNVERIFIED other_amount'],
      tasks: ['amount_differs', 'deposit_unverified'],
    })
    trno = newTrno('6')
    await tellKsnet(shop, issueOf(trno, 10_000))
    const elsewhere = await told(depositRecord(wish(), { cmsNo: '11112222333344' }))
    expect(standing(elsewhere).deposits).toEqual(['deposit UNVERIFIED other_account'])
  })

  it('into an account that was paid into already waits for a person, whatever its amount', async () => {
    await tellKsnet(shop, issueOf(trno, 10_000))
    await told(depositRecord(wish()))
    expect(standing(await told(depositRecord(wish(), { seqNo: '000777' })))).toMatchObject({
      received: 10_000,
      deposits: ['deposit APPLIED', 'deposit UNVERIFIED not_awaited'],
      tasks: ['deposit_unverified'],
    })
  })

  it('taken back (51) lowers what was received, whichever came first', async () => {
    await tellKsnet(shop, issueOf(trno, 10_000))
    await told(depositRecord(wish()))
    expect(standing(await told(depositRecord(wish(), { dealSele: '51', seqNo: '000002' })))).toEqual({
      status: 'ISSUED',
      received: 0,
      deposits: ['deposit APPLIED', 'reversal APPLIED'],
      tasks: ['deposit_reversed'],
    })
    trno = newTrno('6')
    await tellKsnet(shop, issueOf(trno, 10_000))
    await told(depositRecord(wish(), { dealSele: '51', seqNo: '000003' }))
    expect(standing(await told(depositRecord(wish(), { seqNo: '000004' })))).toMatchObject({ received: 0 })
  })

  it('after the account was closed becomes a task', async () => {
    await tellKsnet(shop, issueOf(trno, 10_000))
    const { id } = await ksnetPaymentOf(shop.mid, trno)
    await transaction(async (tx) => {
      await tx.payment.update({ where: { id }, data: { closedAt: new Date() } })
      await raiseTasks(tx, systemContext(), id)
    })
    expect(standing(await told(depositRecord(wish())))).toEqual({
      status: 'CLOSED',
      received: 0,
      deposits: ['deposit UNVERIFIED not_awaited'],
      tasks: ['deposit_after_close', 'deposit_unverified'],
    })
  })

  it('into an account at Citibank is not believed from 23 May 2022 on, and was before', async () => {
    await tellKsnet(shop, issueOf(trno, 10_000, { authno: '27    ', trddt: '20220501' }))
    const citi = (day: string, seqNo: string) =>
      depositRecord(wish(), { accoCode: '27', dealStarDate: day, dealStarTime: '000000', seqNo })
    expect(standing(await told(citi('20220523', '000001')))).toEqual({
      status: 'ISSUED',
      received: 0,
      deposits: ['deposit UNVERIFIED account_ended'],
      tasks: ['deposit_unverified'],
    })
    expect(standing(await told(citi('20220522', '000002')))).toMatchObject({ status: 'PAID', received: 10_000 })
  })

  it('that a manager confirmed counts, and told again is the same', async () => {
    const { deposits } = await told(depositRecord(wish()))
    const manager = await person(shop.storeId, 'MANAGER')
    const context = { ...contextOf(manager), now: () => plus(systemContext().now(), MINUTE_MS) }
    await decideDeposit(context, { id: deposits[0]?.id ?? '', confirm: true, note: 'KSNET 관리자에서 확인' })
    expect(standing(await told(depositRecord(wish())))).toMatchObject({ status: 'PAID', received: 10_000 })
  })

  it('is none where the record tells of something else: kept, and without effect', async () => {
    await tellKsnet(shop, issueOf(trno, 10_000))
    const collected = newerRecord(wish())
    collected.write('5000', 300, 'latin1')
    expect(standing(await told(collected))).toMatchObject({ status: 'ISSUED', deposits: [] })
    expect(standing(await told(depositRecord(wish(), { dealSele: '30' })))).toMatchObject({ deposits: [] })
  })
})

describe('malformed records', () => {
  it('two thousand over the route neither crash, nor have an effect, nor fill the memory', async () => {
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    const heap = () => {
      if (typeof collect === 'function') collect()
      return process.memoryUsage().heapUsed
    }
    const path = await ksnetNoticePath(shop)
    const effects = async () =>
      Promise.all([db.payment.count(), db.deposit.count(), db.task.count(), db.notice.count()])
    let seed = 11
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below
    // Each leaves out what a record must have: its sign, its merchant, its number or its length.
    const breaks: readonly ((bytes: Buffer) => Buffer)[] = [
      (bytes) => Buffer.concat([Buffer.from([0x80 + random(100)]), bytes.subarray(1)]),
      (bytes) => bytes.subarray(0, random(300)),
      (bytes) => Buffer.concat([bytes, bytes]),
      (bytes) => Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(8, random(32)), bytes.subarray(12)]),
      (bytes) => Buffer.concat([bytes.subarray(0, 26), Buffer.alloc(bytes.length - 26, random(256))]),
      () => Buffer.from(Array.from({ length: random(700) }, () => random(256))),
    ]
    const malformed = () => {
      const base = random(2) === 0 ? depositRecord(wish()) : newerRecord(wish())
      const bytes = breaks[random(breaks.length)]?.(base) ?? base
      return (
        [dataForm(bytes), `data=${bytes.toString('latin1').replaceAll('&', '')}`, `x=${random(9)}`][random(3)] ?? ''
      )
    }
    const run = async (times: number) => {
      for (let turn = 0; turn < times; turn += 1) {
        const form = malformed()
        const get = random(2) === 0 && !/[^\x21-\x7e]/.test(form)
        const { status, text } = await send(form, { path, get })
        if (status !== 403 || text !== REFUSED.text) expect.fail(`${status} ${text} for ${form}`)
      }
    }
    const before = await effects()
    await run(300)
    const start = heap()
    await run(1_700)
    expect(heap() - start).toBeLessThan(24 * 1024 * 1024)
    expect(await effects()).toEqual(before)
    expect(await send(dataForm(depositRecord(wish())), { path })).toEqual(OK)
  }, 180_000)
})
