import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { decodeCp949 } from '#lib/gateways/wire/cp949.ts'
import { Receiver } from '../sandbox-under-test.ts'
import { useKcp } from './kcp-under-test.ts'
import { saysTaken } from './notice-sender.ts'

const kcp = useKcp()
const receiver = new Receiver()
const taken = '<html><body><form><input type="hidden" name="result" value="0000"></form></body></html>'

beforeAll(() => receiver.start())
afterAll(() => receiver.stop())
beforeEach(async () => {
  receiver.clear()
  receiver.page = taken
  await kcp.settings({ noticeRetrySeconds: 0 })
  await kcp.sandbox.control('POST', '/webhook-target', { gateway: 'kcp', siteCd: 'J1001', url: receiver.url })
})

const mode = (payment: string, mode: string) => kcp.sandbox.control('POST', '/notices', { payment, mode })
const waiting = () => kcp.pay({ method: 'VIRTUAL_ACCOUNT' })

function formOf(body: string, charset: 'euc-kr' | 'utf-8' = 'euc-kr'): Record<string, string> {
  const read = (text: string) => {
    const latin = text
      .replaceAll('+', ' ')
      .replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`)))
    const bytes = Buffer.from(latin, 'latin1')
    return charset === 'utf-8' ? bytes.toString('utf8') : (decodeCp949(bytes) ?? 'not EUC-KR')
  }
  return Object.fromEntries(
    body.split('&').map((pair) => [read(pair.split('=')[0] ?? ''), read(pair.split('=')[1] ?? '')]),
  )
}
const received = () => receiver.received.map(({ body }) => formOf(body))
const stateOf = async (tno: string) => (await kcp.notices(tno)).map((notice) => notice.state)

test('a deposit is a form in EUC-KR with all that KCP tells of it', async () => {
  const { tno, orderNo, approval } = await waiting()
  await kcp.happen(tno, 'deposit', { depositor: '홍길 동' })
  await receiver.until(1)
  expect(receiver.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(received()[0]).toEqual({
    site_cd: 'J1001',
    tno,
    order_no: orderNo,
    tx_cd: 'TX00',
    tx_tm: '20261121120000',
    ipgm_name: '홍길동',
    remitter: '홍길 동',
    ipgm_mnyx: '10000',
    totl_mnyx: '10000',
    ipgm_time: '20261121120000',
    bank_code: '88',
    account: approval['account'],
    op_cd: '',
    noti_id: expect.stringMatching(/^\d{20}$/),
  })
  await vi.waitFor(async () => expect(await stateOf(tno)).toEqual(['delivered']), 20_000)
})

test('or in UTF-8, which it then says', async () => {
  await kcp.settings({ noticeCharset: 'UTF-8' })
  const { tno } = await waiting()
  await kcp.happen(tno, 'deposit')
  await receiver.until(1)
  expect(formOf(receiver.received[0]?.body ?? '', 'utf-8')).toMatchObject({ ipgm_name: '홍길동', char_set: 'UTF-8' })
})

test('again and again under one noti_id until the page says 0000', async () => {
  receiver.answers = [500, 200, 200, 200]
  receiver.pages = [taken, '', 'OK 0000', taken.replace('0000', '0001')]
  const { tno } = await waiting()
  await kcp.happen(tno, 'deposit')
  await receiver.until(5)
  await vi.waitFor(async () => expect(await stateOf(tno)).toEqual(['delivered']), 20_000)
  expect(receiver.received).toHaveLength(5)
  expect(new Set(received().map((form) => form['noti_id'])).size).toBe(1)
})

test('and not for ever', async () => {
  await kcp.settings({ noticeAttempts: 3 })
  receiver.page = 'no'
  const { tno } = await waiting()
  await kcp.happen(tno, 'deposit')
  await vi.waitFor(async () => expect(await stateOf(tno)).toEqual(['gave-up']), 20_000)
  expect(receiver.received).toHaveLength(3)
})

test('a deposit that the bank takes back is a second TX00 with op_cd 13 and a number of its own', async () => {
  const { tno } = await waiting()
  await kcp.happen(tno, 'deposit', { amount: 9000 })
  await kcp.happen(tno, 'reverse-deposit')
  await receiver.until(2)
  const [deposit, reversal] = received()
  expect(deposit).toMatchObject({ tx_cd: 'TX00', op_cd: '', ipgm_mnyx: '9000' })
  expect(reversal).toMatchObject({ tx_cd: 'TX00', op_cd: '13', ipgm_mnyx: '9000', totl_mnyx: '0' })
  expect(reversal?.['noti_id']).not.toBe(deposit?.['noti_id'])
})

test('held back, twice, the newer first, and once more when asked', async () => {
  const { tno } = await waiting()
  await mode(tno, 'reorder')
  await kcp.happen(tno, 'deposit')
  await kcp.happen(tno, 'reverse-deposit')
  await receiver.until(2)
  expect(received().map((form) => form['op_cd'])).toEqual(['13', ''])
  await mode(tno, 'withhold')
  await kcp.happen(tno, 'deposit')
  expect(await stateOf(tno)).toEqual(['delivered', 'delivered', 'held'])
  await mode(tno, 'duplicate')
  await receiver.until(4)
  await kcp.sandbox.control('POST', '/notices/send', { payment: tno })
  await receiver.until(5)
  expect(
    new Set(
      received()
        .slice(2)
        .map((form) => form['noti_id']),
    ).size,
  ).toBe(1)
})

test('any notice at all may be made up; late and repeated deposits too', async () => {
  const { tno } = await waiting()
  await kcp.happen(tno, 'close')
  await kcp.happen(tno, 'deposit', { late: true, amount: 4000 })
  await kcp.happen(tno, 'deposit', { again: true, amount: 6000 })
  await kcp.happen(tno, 'notice', { txCd: 'TX08', fields: { ipgm_mnyx: '1', tno: '20260101000001' } })
  await receiver.until(4)
  expect(received().map((form) => [form['tx_cd'], form['ipgm_mnyx'], form['totl_mnyx']])).toEqual([
    ['TX07', undefined, undefined],
    ['TX00', '4000', '4000'],
    ['TX00', '6000', '10000'],
    ['TX08', '1', undefined],
  ])
  expect(received()[3]).toMatchObject({ tno: '20260101000001' })
})

test('a site without an address gets none, and an address is a site’s own', async () => {
  const { tno } = await kcp.pay({ method: 'VIRTUAL_ACCOUNT', siteCd: 'J2001', status: 'PAID' })
  await vi.waitFor(async () => expect(await stateOf(tno)).toEqual(['no-target']), 20_000)
  expect(await kcp.sandbox.control('GET', '/webhook-target?gateway=kcp')).toContainEqual({ siteCd: 'J2001', url: null })
})

test.each([
  [true, '<INPUT TYPE=hidden NAME=result VALUE=0000>'],
  [true, "<input value='0000' type='hidden' name='result' />"],
  [false, '<input type="hidden" name="result" value="00001">'],
  [false, '<input name="other" value="0000"><input name="result" value="9999">'],
  [false, 'result=0000'],
])('%s: %s', (isTaken, page) => {
  expect(saysTaken(page)).toBe(isTaken)
})
