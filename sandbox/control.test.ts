import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useSandbox } from './sandbox-under-test.ts'

const sandbox = useSandbox()

const payment = { gateway: 'portone', method: 'CARD', amount: 1000 }
const ksnetPayment = { gateway: 'ksnet', method: 'CARD', amount: 1000 }
const kcpPayment = { gateway: 'kcp', method: 'CARD', amount: 1000 }

test.each<[string, string, unknown]>([
  ['POST', '/nowhere', {}],
  ['GET', '/payments', undefined],
  ['POST', '/payments', {}],
  ['POST', '/payments', []],
  ['POST', '/payments', { ...payment, gateway: 'other' }],
  ['POST', '/payments', { ...payment, amount: '1000' }],
  ['POST', '/payments', { ...payment, amount: 0 }],
  ['POST', '/payments', { ...payment, amount: 10.5 }],
  ['POST', '/payments', { ...payment, taxFree: 1001 }],
  ['POST', '/payments', { ...payment, method: 'CASH' }],
  ['POST', '/payments', { ...payment, status: 'VIRTUAL_ACCOUNT_ISSUED' }],
  ['POST', '/payments', { ...payment, storeId: 'store-x' }],
  ['POST', '/payments', { ...payment, channelKey: 'channel-key-x' }],
  [
    'POST',
    '/payments',
    {
      ...payment,
      storeId: 'store-00000000-0000-4000-8000-000000000002',
      channelKey: 'channel-key-00000000-0000-4000-8000-000000000011',
    },
  ],
  ['POST', '/payments', { ...payment, paidAt: '2026-11-21' }],
  ['POST', '/payments', { ...payment, orderName: '가'.repeat(26) }],
  ['POST', '/payments', { ...payment, escrow: true, customer: { name: '홍길동' } }],
  ['POST', '/payments', { ...payment, method: 'MOBILE', escrow: true }],
  ['POST', '/payments', { ...payment, method: 'MOBILE', currency: 'USD' }],
  ['POST', '/payments', { ...payment, cashReceipt: { number: '1' } }],
  ['POST', '/payments', { ...payment, unknown: 1 }],
  ['POST', '/payments/none/deposit', {}],
  ['GET', '/payments/%zz', undefined],
  ['POST', '/clock', {}],
  ['POST', '/clock', { now: 'noon' }],
  ['POST', '/clock', { now: '2026-11-21T12:00:00' }],
  ['POST', '/clock', { ticking: 'yes' }],
  ['POST', '/notices', { payment: 'none', mode: 'deliver' }],
  ['POST', '/notices', { payment: '*', mode: 'shout' }],
  ['POST', '/notices/send', {}],
  ['GET', '/notices?other=1', undefined],
  ['POST', '/faults', { gateway: 'portone', operation: 'cancel', fault: 'fire' }],
  ['POST', '/faults', { gateway: 'portone', operation: 'nothing', fault: 'slow' }],
  ['POST', '/faults', { gateway: 'portone', operation: 'list', fault: 'async' }],
  ['POST', '/faults', { gateway: 'portone', operation: 'cancel', fault: 'slow', times: 0 }],
  ['POST', '/faults', { gateway: 'portone', operation: 'cancel', fault: 'slow', ms: 1e12 }],
  ['POST', '/outside-cancel', { payment: 'none', amount: 1, where: 'pg-admin' }],
  ['GET', '/journal?gateway=other', undefined],
  ['GET', '/journal?since=today', undefined],
  ['POST', '/settings', { platform: 'yes' }],
  ['POST', '/settings', { unknown: true }],
  ['POST', '/settings', []],
  ['POST', '/webhook-target', { url: 'file:///etc/passwd' }],
  ['POST', '/webhook-target', { url: null, secrets: [] }],
  ['POST', '/webhook-target', { url: null, storeId: 'store-x' }],
  ['POST', '/payments', { ...kcpPayment, method: 'CASH' }],
  ['POST', '/payments', { ...kcpPayment, siteCd: 'X9999' }],
  ['POST', '/payments', { ...kcpPayment, taxFree: 1001 }],
  ['POST', '/payments', { ...kcpPayment, status: 'VIRTUAL_ACCOUNT_ISSUED' }],
  ['POST', '/payments', { ...kcpPayment, orderNo: '가'.repeat(21) }],
  ['POST', '/payments', { ...kcpPayment, method: 'MOBILE', escrow: true }],
  ['POST', '/faults', { gateway: 'kcp', operation: 'list', fault: 'slow' }],
  ['POST', '/faults', { gateway: 'kcp', operation: 'cancel', fault: 'async' }],
  ['POST', '/settings', { gateway: 'kcp', platform: true }],
  ['POST', '/webhook-target', { gateway: 'kcp', url: null, siteCd: 'X9999' }],
  ['POST', '/payments', { ...ksnetPayment, method: 'POINT' }],
  ['POST', '/payments', { ...ksnetPayment, mid: '1000000000' }],
  ['POST', '/payments', { ...ksnetPayment, amount: 1_000_000_000 }],
  ['POST', '/payments', { ...ksnetPayment, orderNo: '가'.repeat(26) }],
  ['POST', '/payments', { ...ksnetPayment, orderName: '`' }],
  ['POST', '/payments', { ...ksnetPayment, status: 'VIRTUAL_ACCOUNT_ISSUED' }],
  ['POST', '/payments', { ...ksnetPayment, card: '99' }],
  ['POST', '/payments', { ...ksnetPayment, cashReceipt: true }],
  ['POST', '/payments', { ...ksnetPayment, mid: '2041700201', escrow: true }],
  ['POST', '/faults', { gateway: 'ksnet', operation: 'inquire', fault: 'slow' }],
  ['POST', '/settings', { gateway: 'ksnet', partialCancel: 'yes' }],
  ['POST', '/webhook-target', { gateway: 'ksnet', url: 'tcp://127.0.0.1/' }],
  ['POST', '/outside-cancel', { payment: '1974300000zz', amount: 1 }],
  ['GET', '/webhook-target?gateway=other', undefined],
])('%s %s with %j is refused with a sentence', async (method, path, body) => {
  expect(await sandbox.ask(method, path, body)).toMatchObject({
    status: 400,
    body: { error: expect.stringMatching(/\w/) },
  })
})

test('what is not JSON, and what is too long, is refused too', async () => {
  const send = (body: string) =>
    fetch(`http://127.0.0.1:${sandbox.running.controlPort}/clock`, { method: 'POST', body })
  expect((await send('{')).status).toBe(400)
  expect((await send(' '.repeat(1_000_001))).status).toBe(400)
})

test('one id, one payment; what does not fit a payment is refused', async () => {
  const { paymentId } = await sandbox.pay({ paymentId: 'order-1' })
  expect(await sandbox.ask('POST', '/payments', { ...payment, paymentId })).toMatchObject({ status: 400 })
  for (const change of ['deposit', 'settle', 'escrow', 'nothing']) {
    expect(await sandbox.ask('POST', `/payments/${paymentId}/${change}`, {}), change).toMatchObject({ status: 400 })
  }
  const tooMuch = { payment: paymentId, amount: 10_001, where: 'pg-admin' }
  expect(await sandbox.ask('POST', '/outside-cancel', tooMuch)).toMatchObject({ status: 400 })
})

test('health, settings and targets can be read', async () => {
  expect(await sandbox.control('GET', '/health')).toEqual({ ok: true, gateways: ['portone', 'kcp', 'ksnet'] })
  expect(await sandbox.control('POST', '/settings', { escrowDelayMinutes: 60 })).toMatchObject({
    escrowDelayMinutes: 60,
    maxPartialCancels: 9,
  })
  expect(await sandbox.control('GET', '/settings')).toMatchObject({ escrowDelayMinutes: 60 })
  await sandbox.control('POST', '/webhook-target', { url: 'http://127.0.0.1:9/x' })
  expect(await sandbox.control('GET', '/webhook-target')).toMatchObject([
    { url: 'http://127.0.0.1:9/x' },
    { url: 'http://127.0.0.1:9/x' },
  ])
})

test('a reset empties everything', async () => {
  await sandbox.pay()
  await sandbox.fault('slow')
  await sandbox.control('POST', '/settings', { platform: true })
  await sandbox.control('POST', '/reset')
  expect(await sandbox.journal()).toEqual([])
  expect(await sandbox.control('GET', '/faults')).toEqual([])
  expect(await sandbox.control('GET', '/notices')).toEqual([])
  expect(await sandbox.control('GET', '/settings')).toMatchObject({ platform: false })
  expect(await sandbox.control('GET', '/clock')).toMatchObject({ moved: false })
  expect(readFileSync(sandbox.stateFile, 'utf8')).toBe('')
})

test('the clock stands, ticks, and goes back to the real time; the file says which', async () => {
  const file = join(sandbox.dataDir, 'clock.json')
  await sandbox.control('POST', '/clock', { now: '2026-01-01T00:00:00+09:00' })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    now: '2025-12-31T15:00:00.000Z',
    setAt: expect.any(String),
    ticking: false,
  })
  expect(await sandbox.control('GET', '/clock')).toMatchObject({
    now: '2025-12-31T15:00:00.000Z',
    moved: true,
    ticking: false,
  })
  await sandbox.control('POST', '/clock', { ticking: true })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ now: '2025-12-31T15:00:00.000Z', ticking: true })
  await sandbox.restart()
  expect(await sandbox.control('GET', '/clock')).toMatchObject({
    now: expect.stringMatching(/^2025-12-31T15:0/),
    ticking: true,
  })
  await sandbox.control('POST', '/clock', { now: null })
  expect(existsSync(file)).toBe(false)
  expect(await sandbox.control('GET', '/clock')).toMatchObject({ moved: false, ticking: true })
})

test('a clock file that is none stops the start', async () => {
  const file = join(sandbox.dataDir, 'clock.json')
  await sandbox.stop()
  writeFileSync(file, '{"now":"noon"}')
  await expect(sandbox.start()).rejects.toThrow('is not a clock file')
  writeFileSync(file, '{"now":"2026-11-21T03:00:00Z","setAt":"2026-11-21T03:00:00Z","ticking":false}')
  await sandbox.start()
})
