// KSNET's stand-in tells of its deposits, by every way it has, to the very door and listener that KSNET's own machines would reach.
import { createServer, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { DAY_MS, parseIso, plus, toIso } from '#lib/domain/kst.ts'
import { startNoticeListener, type NoticeListener } from '#lib/jobs/notice-listener.ts'
import { now } from '#lib/server/clock.ts'
import { db } from '#lib/server/db.ts'
import { keepNotices } from '#lib/server/notice-door.ts'
import { applyArrived, ksnetNoticePath, ksnetPaymentOf } from '#lib/testing/ksnet-inbound.ts'
import { newKsnetPayment, newKsnetWorld, type MadeAtKsnet } from '#lib/testing/ksnet-world.ts'
import { accountOf, control, type World } from '#lib/testing/world.ts'
import { listen } from '#sandbox/http.ts'
import { plainMerchant } from '#sandbox/ksnet/merchant.ts'
import { GET, POST } from '../../../app/gateways/ksnet/[accountId]/notice/[address]/route.ts'
import { personalOf } from '../payments/personal.ts'
import { readStored } from './stored-notice.ts'

// Load in Next's own server only.
vi.mock('next/navigation', () => ({ redirect: () => {}, unstable_rethrow: () => {} }))
vi.mock('next/headers', () => ({ headers: () => {} }))

const { mid } = plainMerchant
let world: World
let listener: NoticeListener
let door: Server
let httpUrl = ''
const methods = new Set<string>()

/** As Next hands a request over, with the header that the proxy in front of it writes. */
const open = () =>
  createServer((incoming, response) => {
    const answer = async () => {
      const { method = '', url = '', headers, socket } = incoming
      methods.add(method)
      const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
      const init = { method, headers: [...given, ['x-forwarded-for', socket.remoteAddress ?? ''] as [string, string]] }
      const body = await text(incoming)
      const request = new Request(`http://127.0.0.1${url}`, method === 'POST' ? { ...init, body } : init)
      const [, , , accountId = '', , address = ''] = url.replace(/\?.*$/s, '').split('/')
      const said = await (method === 'POST' ? POST : GET)(request, { params: Promise.resolve({ accountId, address }) })
      response.writeHead(said.status, Object.fromEntries(said.headers)).end(await said.text())
    }
    answer().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })

beforeAll(async () => {
  keepNotices()
  world = await newKsnetWorld('socket')
  listener = await startNoticeListener({ host: '127.0.0.1', port: 0 })
  door = open()
  httpUrl = `http://127.0.0.1:${await listen(door, 0)}`
})
afterAll(async () => {
  await listener.stop()
  door.closeAllConnections()
  door.close()
})
beforeEach(() => settings({ noticeRetrySeconds: 0, noticeRecord: 'VR', noticeMethod: 'by-scheme' }))

const settings = (change: object) => control('/settings', { gateway: 'ksnet', ...change })
const target = (url: string) => control('/webhook-target', { gateway: 'ksnet', mid, url })
const happen = (trno: string, change: string, input: object = {}) => control(`/payments/${trno}/${change}`, input)
const told = z.array(z.object({ state: z.string(), attempts: z.array(z.object({ answer: z.string().optional() })) }))
const noticesOf = async (trno: string) => told.parse(await control(`/notices?payment=${trno}`))
const delivered = (trno: string, count: number) =>
  vi.waitFor(
    async () =>
      expect((await noticesOf(trno)).map(({ state }) => state)).toEqual(
        Array.from({ length: count }, () => 'delivered'),
      ),
    30_000,
  )
const newAccount = (amount = 10_000) =>
  newKsnetPayment(world, { amount, method: 'VIRTUAL_ACCOUNT', status: 'VIRTUAL_ACCOUNT_ISSUED' })
const accountNo = ({ approval }: MadeAtKsnet) => (approval['isscd'] ?? '').trim()
/** Seconds are the finest that a record says. */
const second = () => parseIso(toIso(now()).replace(/\.\d+/, '')) ?? expect.fail()
const DEPOSITOR = '똠방 각하'

const ways: readonly (readonly [string, object, () => Promise<string>, string])[] = [
  ['the old record by GET', {}, doorOf, 'GET'],
  ['the old record by POST', { noticeMethod: 'POST' }, doorOf, 'POST'],
  ['the newer record by GET', { noticeRecord: '61' }, doorOf, 'GET'],
  ['the newer record by POST', { noticeRecord: '61', noticeMethod: 'POST' }, doorOf, 'POST'],
  ['the old record by TCP', {}, lineOf, 'TCP'],
  ['the newer record by TCP', { noticeRecord: '61' }, lineOf, 'TCP'],
]
async function doorOf(): Promise<string> {
  return `${httpUrl}${await ksnetNoticePath(world)}`
}
function lineOf(): Promise<string> {
  return Promise.resolve(`tcp://127.0.0.1:${listener.port}`)
}

it.each(ways)('%s: a deposit and its reversal are understood as they were meant, and count', async (_, how, to, by) => {
  await settings(how)
  await target(await to())
  methods.clear()
  const made = await newAccount()
  const paidAt = second()
  await happen(made.paymentId, 'deposit', { depositor: DEPOSITOR, paidAt: toIso(paidAt) })
  await delivered(made.paymentId, 1)
  expect([...methods]).toEqual(by === 'TCP' ? [] : [by])
  const { connector } = await accountOf(world)
  const stored = await db.notice.findFirstOrThrow({
    where: { accountId: world.accountId },
    orderBy: { receivedAt: 'desc' },
  })
  const newer = 'noticeRecord' in how
  expect(readStored(connector, stored)).toMatchObject({
    type: newer ? '6100 20' : 'VR 20',
    storeKey: mid,
    paymentId: made.paymentId,
    orderNumber: newer ? made.orderNo : null,
    at: paidAt,
    event: { kind: 'deposit', amount: 10_000, account: accountNo(made), depositor: DEPOSITOR, at: paidAt },
  })
  await applyArrived(world.storeId)
  expect(await ksnetPaymentOf(mid, made.paymentId)).toMatchObject({
    status: 'PAID',
    received: 10_000n,
    deposits: [{ kind: 'deposit', state: 'APPLIED', number: `****${accountNo(made).slice(-4)}` }],
    tasks: [],
  })
  await happen(made.paymentId, 'reverse-deposit')
  await delivered(made.paymentId, 2)
  await applyArrived(world.storeId)
  expect(await ksnetPaymentOf(mid, made.paymentId)).toMatchObject({
    status: 'ISSUED',
    received: 0n,
    deposits: [{ kind: 'deposit' }, { kind: 'reversal', state: 'APPLIED' }],
  })
})

it('what was answered with no comes again, and is one notice', async () => {
  await target(`${httpUrl}${(await ksnetNoticePath(world)).slice(0, -1)}`)
  await settings({ noticeAttempts: 1_000_000, noticeRetrySeconds: 0.2 })
  const made = await newAccount()
  await happen(made.paymentId, 'deposit')
  await vi.waitFor(
    async () => expect((await noticesOf(made.paymentId))[0]?.attempts[0]).toMatchObject({ answer: 'result=NO' }),
    30_000,
  )
  await target(await doorOf())
  await delivered(made.paymentId, 1)
  await control('/notices/send', { payment: made.paymentId })
  await target(await lineOf())
  await control('/notices/send', { payment: made.paymentId })
  const stored = () => db.notice.findFirstOrThrow({ orderBy: { receivedAt: 'desc' } })
  await vi.waitFor(async () => expect((await stored()).repeats).toBeGreaterThan(0), 30_000)
  await applyArrived(world.storeId)
  const { received, deposits } = await ksnetPaymentOf(mid, made.paymentId)
  expect([received, deposits.length]).toEqual([10_000n, 1])
})

it('a deposit of which the shop never told is kept with who paid, sealed, and counts for nothing', async () => {
  await settings({ noticeRecord: '61' })
  await target(await doorOf())
  const made = z
    .object({ trno: z.string(), orderNo: z.string(), accountNumber: z.string() })
    .parse(await control('/payments', { gateway: 'ksnet', method: 'VIRTUAL_ACCOUNT', amount: 7_000, mid }))
  await happen(made.trno, 'deposit', { depositor: DEPOSITOR, paidAt: toIso(plus(second(), -DAY_MS)) })
  await delivered(made.trno, 1)
  await applyArrived(world.storeId)
  const payment = await ksnetPaymentOf(mid, made.trno)
  expect(payment).toMatchObject({ source: 'notice', received: 0n, deposits: [{ state: 'UNVERIFIED', amount: 7_000n }] })
  expect(personalOf(payment)).toEqual({ name: DEPOSITOR, account: made.accountNumber })
  const clear = JSON.stringify(payment, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  for (const secret of [DEPOSITOR, made.accountNumber]) expect(clear).not.toContain(secret)
})

it('a card’s slip stands at the stand-in’s web address, also for an account by socket', async () => {
  const made = await newKsnetPayment(world, { amount: 10_000 })
  const { receiptUrl } = await ksnetPaymentOf(mid, made.paymentId)
  const slip = await fetch(receiptUrl ?? '')
  expect(slip.status).toBe(200)
  expect(await slip.text()).toContain(made.paymentId)
})
